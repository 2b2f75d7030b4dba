import { describe, expect, test } from 'vitest';
import { fieldErrorToString } from '../../lib/validation/field-error';
import { type NetworkPolicyValidationOptions, validateNetworkPolicy } from '../../lib/validation/network-policy';

type Json = Record<string, unknown>;

function policy(spec: unknown, metadata: Json = {}): Json {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec,
  };
}

function ingressFrom(...from: unknown[]): Json {
  return policy({ podSelector: {}, ingress: [{ from }] });
}

function ingressPort(port: unknown): Json {
  return policy({ podSelector: {}, ingress: [{ ports: [port] }] });
}

function block(cidr: unknown, ...except: unknown[]): Json {
  return ingressFrom({ ipBlock: except.length > 0 ? { cidr, except } : { cidr } });
}

function answer(object: unknown, options?: NetworkPolicyValidationOptions): readonly string[] {
  return validateNetworkPolicy(object, options).map(fieldErrorToString);
}

const port = 'spec.ingress[0].ports[0].port';
const endPort = 'spec.ingress[0].ports[0].endPort';
const peer = 'spec.ingress[0].from[0]';
const range = 'must be between 1 and 65535, inclusive';
const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const subset = 'must be a strict subset of `cidr`';
const transport = 'supported values: "TCP", "UDP", "SCTP"';

describe('an API server of 1.34 refuses', () => {
  test.for([
    { name: 'port 0', object: ingressPort({ port: 0 }), says: [`${port}: Invalid value: 0: ${range}`] },
    { name: 'port 70000', object: ingressPort({ port: 70000 }), says: [`${port}: Invalid value: 70000: ${range}`] },
    {
      name: 'an endPort below the port, showing the port',
      object: ingressPort({ port: 90, endPort: 80 }),
      says: [`${endPort}: Invalid value: 90: must be greater than or equal to \`port\``],
    },
    {
      name: 'an endPort with a named port',
      object: ingressPort({ port: 'http', endPort: 80 }),
      says: [`${endPort}: Invalid value: 80: may not be specified when \`port\` is non-numeric`],
    },
    {
      name: 'an endPort without port',
      object: ingressPort({ endPort: 80 }),
      says: [`${endPort}: Invalid value: 80: may not be specified when \`port\` is not specified`],
    },
    {
      name: 'an endPort above 65535',
      object: ingressPort({ port: 80, endPort: 65536 }),
      says: [`${endPort}: Invalid value: 65536: ${range}`],
    },
    {
      name: 'ICMP',
      object: ingressPort({ protocol: 'ICMP' }),
      says: [`spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": ${transport}`],
    },
    {
      name: 'tcp in lower case',
      object: ingressPort({ protocol: 'tcp' }),
      says: [`spec.ingress[0].ports[0].protocol: Unsupported value: "tcp": ${transport}`],
    },
    {
      name: 'a named port of 16 characters',
      object: ingressPort({ port: 'abcdefghijklmnop' }),
      says: [`${port}: Invalid value: "abcdefghijklmnop": must be no more than 15 characters`],
    },
    {
      name: 'a named port that breaks several rules, with a line for each',
      object: ingressPort({ port: '-1--' }),
      says: [
        `${port}: Invalid value: "-1--": must contain at least one letter (a-z)`,
        `${port}: Invalid value: "-1--": must not contain consecutive hyphens`,
        `${port}: Invalid value: "-1--": must not begin or end with a hyphen`,
      ],
    },
    {
      name: 'an ipBlock beside a selector',
      object: ingressFrom({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
      says: [`${peer}: Forbidden: may not specify both ipBlock and another peer`],
    },
    { name: 'an empty peer', object: ingressFrom({}), says: [`${peer}: Required value: must specify a peer`] },
    { name: 'a null peer', object: ingressFrom(null), says: [`${peer}: Required value: must specify a peer`] },
    {
      name: 'an ipBlock without cidr, whatever it excepts',
      object: ingressFrom({ ipBlock: { except: ['x'] } }),
      says: [`${peer}.ipBlock.cidr: Required value`],
    },
    {
      name: 'an exception outside the cidr',
      object: block('10.0.0.0/8', '11.0.0.0/16'),
      says: [`${peer}.ipBlock.except[0]: Invalid value: "11.0.0.0/16": ${subset}`],
    },
    {
      name: 'an exception equal to the cidr',
      object: block('10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8'),
      says: [`${peer}.ipBlock.except[1]: Invalid value: "10.0.0.0/8": ${subset}`],
    },
    {
      name: 'an exception of the other family',
      object: block('::/0', '10.0.0.0/8'),
      says: [`${peer}.ipBlock.except[0]: Invalid value: "10.0.0.0/8": ${subset}`],
    },
    {
      name: 'an address where a CIDR is due',
      object: block('10.0.0.1'),
      says: [`${peer}.ipBlock.cidr: Invalid value: "10.0.0.1": ${notCidr}`],
    },
    {
      name: 'a prefix length beyond the address',
      object: block('10.0.0.0/33'),
      says: [`${peer}.ipBlock.cidr: Invalid value: "10.0.0.0/33": ${notCidr}`],
    },
    {
      name: 'a CIDR with a zone',
      object: block('fe80::%eth0/64'),
      says: [`${peer}.ipBlock.cidr: Invalid value: "fe80::%eth0/64": ${notCidr}`],
    },
    {
      name: 'the policy type Both',
      object: policy({ policyTypes: ['Both'] }),
      says: ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
    },
    {
      name: 'three policy types, without a look at each',
      object: policy({ policyTypes: ['Ingress', 'Egress', 'Both'] }),
      says: ['spec.policyTypes: Invalid value: ["Ingress","Egress","Both"]: may not specify more than two policyTypes'],
    },
    {
      name: 'an unknown field, along with other errors',
      object: policy({ podSelectors: {}, egress: [{ from: [] }], policyTypes: ['Both'] }),
      says: [
        'strict decoding error: unknown field "spec.podSelectors"',
        'strict decoding error: unknown field "spec.egress[0].from"',
        'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
      ],
    },
    {
      name: 'a status, which the kind has lost',
      object: { ...policy({}), status: {} },
      says: ['strict decoding error: unknown field "status"'],
    },
    {
      name: 'fields with the names of what every JavaScript object has',
      object: policy(JSON.parse('{"__proto__": {}, "constructor": 1, "toString": null}')),
      says: [
        'strict decoding error: unknown field "spec.__proto__"',
        'strict decoding error: unknown field "spec.constructor"',
        'strict decoding error: unknown field "spec.toString"',
      ],
    },
  ])('$name', ({ object, says }) => {
    expect(answer(object)).toEqual(says);
  });
});

describe('an API server of 1.34 accepts', () => {
  test.for([
    { name: 'a CIDR with host bits', object: block('10.0.0.1/8') },
    { name: 'leading zeros in an address', object: block('010.000.0.0/8', '010.1.0.0/16') },
    { name: 'leading zeros in a prefix length', object: block('10.0.0.0/008') },
    { name: 'an IPv4-mapped range', object: block('::ffff:10.0.0.0/104', '::ffff:10.1.0.0/112') },
    { name: 'an IPv4-mapped exception of an IPv4 range', object: block('10.0.0.0/8', '::ffff:10.1.0.0/112') },
    { name: 'IPv6 in any spelling', object: block('FD00:0192:0:0:0:0:0:0/32', 'fd00:192:3::/48') },
    { name: 'egress rules without Egress in policyTypes', object: policy({ policyTypes: ['Ingress'], egress: [{}] }) },
    { name: 'a missing podSelector', object: policy({ policyTypes: ['Ingress'] }) },
    { name: 'a missing spec', object: policy(undefined) },
    { name: 'a policy type twice', object: policy({ policyTypes: ['Egress', 'Egress'] }) },
    {
      name: 'null for every field',
      object: policy({ podSelector: null, ingress: null, egress: null, policyTypes: null }),
    },
    {
      name: 'a null rule, which is an empty one',
      object: policy({ ingress: [null], egress: [{ to: null, ports: null }] }),
    },
    { name: 'a field that is undefined, so that JSON lacks it', object: policy({ podSelector: {}, foo: undefined }) },
    { name: 'a creationTimestamp of null', object: policy({}, { creationTimestamp: null }) },
    { name: 'both selectors in one peer', object: ingressFrom({ podSelector: {}, namespaceSelector: {} }) },
    { name: 'a port range of one', object: ingressPort({ port: 1, endPort: 1 }) },
    { name: 'the highest port', object: ingressPort({ port: 65535, protocol: 'SCTP' }) },
  ])('$name', ({ object }) => {
    expect(answer(object)).toEqual([]);
  });
});

describe('a server that validates addresses strictly refuses', () => {
  const cidr = `${peer}.ipBlock.cidr: Invalid value`;

  test.for([
    { text: '10.0.0.1/8', says: 'must not have bits set beyond the prefix length' },
    { text: '010.0.0.0/8', says: 'must not have leading 0s in IP or prefix length' },
    { text: '10.0.0.0/08', says: 'must not have leading 0s in IP or prefix length' },
    { text: '00001::/64', says: 'must not have leading 0s in IP or prefix length' },
    { text: '::ffff:10.0.0.0/104', says: 'must not have an IPv4-mapped IPv6 address' },
    { text: '::ffff:10.0.0.0/64', says: 'must not have an IPv4-mapped IPv6 address' },
    { text: 'ten', says: notCidr },
  ])('$text: $says', ({ text, says }) => {
    expect(answer(block(text), { ipFormat: 'strict' })).toEqual([`${cidr}: "${text}": ${says}`]);
  });

  test('and says of one exception both that it is not strict and that it is outside', () => {
    expect(answer(block('10.0.0.0/8', '11.0.0.1/16'), { ipFormat: 'strict' })).toEqual([
      `${peer}.ipBlock.except[0]: Invalid value: "11.0.0.1/16": must not have bits set beyond the prefix length`,
      `${peer}.ipBlock.except[0]: Invalid value: "11.0.0.1/16": ${subset}`,
    ]);
  });
});

describe('a selector', () => {
  const selecting = (expression: Json) => policy({ podSelector: { matchExpressions: [expression] } });
  const at = 'spec.podSelector.matchExpressions[0]';
  const characters =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  const value =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

  test.for([
    {
      name: 'needs values for In',
      object: selecting({ key: 'app', operator: 'In', values: [] }),
      says: [`${at}.values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`],
    },
    {
      name: 'has no values for Exists',
      object: selecting({ key: 'app', operator: 'Exists', values: ['a'] }),
      says: [`${at}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`],
    },
    {
      name: 'knows no other operator',
      object: selecting({ key: 'app', operator: 'Gt', values: ['1'] }),
      says: [`${at}.operator: Invalid value: "Gt": not a valid selector operator`],
    },
    {
      name: 'needs a key',
      object: selecting({ operator: 'DoesNotExist' }),
      says: [
        `${at}.key: Invalid value: "": name part must be non-empty`,
        `${at}.key: Invalid value: "": name part ${characters}`,
      ],
    },
    {
      name: 'has label values',
      object: selecting({ key: 'app', operator: 'NotIn', values: ['', 'a b'] }),
      says: [`${at}.values[1]: Invalid value: "a b": ${value}`],
    },
    {
      name: 'has one slash in a key at most',
      object: selecting({ key: 'a/b/c', operator: 'Exists' }),
      says: [
        `${at}.key: Invalid value: "a/b/c": a qualified name ${characters} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    },
    {
      name: 'has at most 63 bytes in a label value',
      object: policy({ podSelector: { matchLabels: { app: 'a'.repeat(64) } } }),
      says: [`spec.podSelector.matchLabels: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`],
    },
    {
      name: 'has nothing before a slash but a DNS subdomain',
      object: policy({ podSelector: { matchLabels: { '/app': '' } } }),
      says: ['spec.podSelector.matchLabels: Invalid value: "/app": prefix part must be non-empty'],
    },
  ])('$name', ({ object, says }) => {
    expect(answer(object)).toEqual(says);
  });

  test('takes keys and values of the greatest length, with every character', () => {
    const name = `A${'._-'.repeat(20)}z9`;
    const prefix = `${'a'.repeat(126)}.${'b-1'.repeat(42)}`;
    expect([name.length, prefix.length]).toEqual([63, 253]);
    const labels = { [`${prefix}/${name}`]: name, 'example.com/My.name_1': '' };
    expect(answer(policy({ podSelector: { matchLabels: labels } }))).toEqual([]);
    expect(answer(policy({ podSelector: { matchLabels: { [`${prefix}b/a`]: '', [`${name}a`]: '' } } }))).toHaveLength(
      2,
    );
  });
});

describe('metadata', () => {
  test.for([
    {
      name: 'names the object and its namespace',
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      says: ['metadata.name: Required value: name or generateName is required', 'metadata.namespace: Required value'],
    },
    {
      name: 'may leave the name to the server',
      object: policy({}, { name: undefined, generateName: 'web-' }),
      says: [],
    },
    { name: 'has dots in a name', object: policy({}, { name: 'web.v1-2' }), says: [] },
    {
      name: 'has no dots in a namespace',
      object: policy({}, { namespace: 'my.shop' }),
      says: ['metadata.namespace: Invalid value: "my.shop": must not contain dots'],
    },
    {
      name: 'has a name of 253 bytes at most',
      object: policy({}, { name: 'a'.repeat(254) }),
      says: [`metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`],
    },
    {
      name: 'has lower case in a name',
      object: policy({}, { name: 'Web' }),
      says: [
        "metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: 'takes annotation keys in any case',
      object: policy({}, { annotations: { 'Example.COM/Why': 'any text\n' } }),
      says: [],
    },
    {
      name: 'takes 262,144 bytes of annotations',
      object: policy({}, { annotations: { key: 'x'.repeat(262_141) } }),
      says: [],
    },
    {
      name: 'takes no byte more, counted in UTF-8',
      object: policy({}, { annotations: { keys: 'é'.repeat(131_070), k: '' } }),
      says: ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    },
    {
      name: 'has finalizers of a domain, or of the server',
      object: policy({}, { finalizers: ['example.com/a', 'orphan', 'mine'] }),
      says: [
        'metadata.finalizers[2]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    },
    {
      name: 'has an owner twice in the same words, which counts once',
      object: policy(
        {},
        { ownerReferences: Array(2).fill({ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1', controller: true }) },
      ),
      says: [],
    },
    {
      name: 'has a prefix that makes a name, with what is drawn after it',
      object: policy({}, { name: undefined, generateName: 'A-' }),
      says: [expect.stringMatching(/^metadata\.name: Invalid value: "A-bcdfg"/)],
    },
    {
      name: 'has complete owners, one of them in control',
      object: policy(
        {},
        {
          ownerReferences: [
            { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1', controller: true },
            { apiVersion: 'apps/', kind: 'Job', name: 'b', controller: true },
            { apiVersion: 'a/b/c', kind: 'Job', name: 'c', uid: '3' },
          ],
        },
      ),
      says: [
        'metadata.ownerReferences.apiVersion: Invalid value: "apps/": version must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
        'metadata.ownerReferences.apiVersion: Invalid value: "a/b/c": version must not be empty',
        'metadata.ownerReferences: Invalid value: Only one reference can have Controller set to true. Found "true" in references for Pod/a and Job/b',
      ],
    },
  ])('$name', ({ object, says }) => {
    expect(answer(object)).toEqual(says);
  });
});

describe('what cannot be decoded is reported for that alone', () => {
  test.for([
    { name: 'null', object: null, says: ['Invalid value: null: must be an object'] },
    { name: 'a list', object: [policy({})], says: ['Invalid value: must be an object, not a list'] },
    { name: 'text', object: 'NetworkPolicy', says: ['Invalid value: "NetworkPolicy": must be an object'] },
    {
      name: 'another kind',
      object: { ...policy({ replicas: 1 }), kind: 'Deployment' },
      says: ['kind: Unsupported value: "Deployment": supported values: "NetworkPolicy"'],
    },
    {
      name: 'a retired version',
      object: { ...policy({}), apiVersion: 'extensions/v1beta1' },
      says: ['apiVersion: Unsupported value: "extensions/v1beta1": supported values: "networking.k8s.io/v1"'],
    },
    {
      name: 'a number for the name',
      object: policy({ policyTypes: ['Both'] }, { name: 5 }),
      says: ['metadata.name: Invalid value: 5: must be a string'],
    },
    {
      name: 'text for a list',
      object: policy({ ingress: 'all' }),
      says: ['spec.ingress: Invalid value: "all": must be a list'],
    },
    {
      name: 'one object for a list',
      object: policy({ ingress: [{ from: { podSelector: {} } }] }),
      says: ['spec.ingress[0].from: Invalid value: must be a list, not an object'],
    },
    {
      name: 'a list for an object',
      object: policy({ podSelector: [] }),
      says: ['spec.podSelector: Invalid value: must be an object, not a list'],
    },
    {
      name: 'a number for a label value',
      object: policy({ podSelector: { matchLabels: { version: 1 } } }),
      says: ['spec.podSelector.matchLabels[version]: Invalid value: 1: must be a string'],
    },
    {
      name: 'a fraction for a port',
      object: ingressPort({ port: 80.5 }),
      says: [`${port}: Invalid value: 80.5: must be a 32-bit integer or a string`],
    },
    {
      name: 'text for an endPort',
      object: ingressPort({ port: 80, endPort: '90' }),
      says: [`${endPort}: Invalid value: "90": must be a 32-bit integer`],
    },
    {
      name: 'no time for a time',
      object: policy({}, { creationTimestamp: 'now' }),
      says: ['metadata.creationTimestamp: Invalid value: "now": must be a time in RFC 3339 format'],
    },
  ])('$name', ({ object, says }) => {
    expect(answer(object)).toEqual(says);
  });

  test('a missing apiVersion and kind are required, and the rest is still checked', () => {
    expect(answer({ metadata: { name: 'a', namespace: 'b' }, spec: { policyTypes: ['Both'] } })).toEqual([
      'apiVersion: Required value',
      'kind: Required value',
      'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
    ]);
  });
});

describe('an update', () => {
  const stored = { resourceVersion: '1', uid: 'u' };
  const bad = { matchExpressions: [{ key: 'app', operator: 'In', values: ['not valid'] }] };
  const peerPolicy = (spec: Json) => policy({ ingress: [{ from: [{ podSelector: bad }] }], ...spec }, stored);

  test('keeps name, namespace and uid', () => {
    const changed = policy({}, { ...stored, name: 'api', namespace: 'home', uid: 'v' });
    expect(answer(changed, { old: policy({}, stored) })).toEqual([
      'metadata.name: Invalid value: "api": field is immutable',
      'metadata.namespace: Invalid value: "home": field is immutable',
      'metadata.uid: Invalid value: "v": field is immutable',
    ]);
  });

  test('names the resourceVersion that it replaces, and may leave out the uid', () => {
    expect(answer(policy({}, { resourceVersion: '1' }), { old: policy({}, stored) })).toEqual([]);
    expect(answer(policy({}), { old: policy({}, stored) })).toEqual([
      'metadata.resourceVersion: Invalid value: "": must be specified for an update',
    ]);
  });

  test('tolerates invalid values in matchExpressions once the podSelector of the old object is invalid', () => {
    const object = peerPolicy({ podSelector: bad });
    expect(answer(object, { old: policy({ podSelector: bad }, stored) })).toEqual([]);
  });

  test('does not tolerate them for a peer of the old object that has them', () => {
    const object = peerPolicy({ podSelector: {} });
    expect(validateNetworkPolicy(object, { old: object }).map(({ field }) => field)).toEqual([
      'spec.ingress[0].from[0].podSelector.matchExpressions[0].values[0]',
    ]);
  });

  test('keeps a CIDR that a strict server would refuse anew, wherever it moves', () => {
    const old = policy(
      { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.1/8', except: ['010.1.0.0/16'] } }] }] },
      stored,
    );
    const moved = policy(
      { egress: [{ to: [{ ipBlock: { cidr: '010.1.0.0/16' } }, { ipBlock: { cidr: '10.0.0.1/8' } }] }] },
      stored,
    );
    expect(answer(moved, { old, ipFormat: 'strict' })).toEqual([]);
    expect(answer(moved, { old: policy({}, stored), ipFormat: 'strict' })).toHaveLength(2);
  });

  test('keeps a CIDR that is none', () => {
    const object = policy({ ingress: [{ from: [{ ipBlock: { cidr: 'ten', except: ['nine'] } }] }] }, stored);
    expect(answer(object, { old: object })).toEqual([]);
  });

  test('of an exempt CIDR still has exceptions inside it', () => {
    const object = policy(
      { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.1/8', except: ['11.0.0.1/16'] } }] }] },
      stored,
    );
    expect(answer(object, { old: object, ipFormat: 'strict' })).toEqual([
      `${peer}.ipBlock.except[0]: Invalid value: "11.0.0.1/16": ${subset}`,
    ]);
  });
});
