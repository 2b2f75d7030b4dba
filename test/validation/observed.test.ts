import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldErrorToString } from '../../lib/validation/field-error';
import { validateNetworkPolicy } from '../../lib/validation/network-policy';

const policy = (rule: object, more: object = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'n' },
  spec: { podSelector: {}, ingress: [rule], ...more },
});
const port = (entry: object) => policy({ ports: [entry] });
const peer = (entry: object) => policy({ from: [entry] });

test.for([
  [
    'port 0',
    port({ port: 0 }),
    'spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
  ],
  [
    'port 70000',
    port({ port: 70000 }),
    'spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
  ],
  ['endPort below port', port({ port: 9, endPort: 8 }), 'must be greater than or equal to `port`'],
  ['endPort with a name', port({ port: 'http', endPort: 8 }), 'may not be specified when `port` is non-numeric'],
  ['endPort without port', port({ endPort: 8 }), 'may not be specified when `port` is not specified'],
  ['protocol ICMP', port({ protocol: 'ICMP', port: 1 }), 'Unsupported value: "ICMP"'],
  ['protocol tcp', port({ protocol: 'tcp', port: 1 }), 'Unsupported value: "tcp"'],
  [
    'ipBlock beside a selector',
    peer({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
    'spec.ingress[0].from[0]: Forbidden',
  ],
  ['an empty peer', peer({}), 'spec.ingress[0].from[0]: Required value: must specify a peer'],
  [
    'except outside',
    peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } }),
    'must be a strict subset of `cidr`',
  ],
  [
    'except equal',
    peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
    'must be a strict subset of `cidr`',
  ],
  [
    'a bad CIDR',
    peer({ ipBlock: { cidr: '10.0.0' } }),
    'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0"',
  ],
  ['a name of 16 characters', port({ port: 'a234567890123456' }), 'must be no more than 15 characters'],
  ['policyTypes Both', policy({}, { policyTypes: ['Both'] }), 'spec.policyTypes[0]: Unsupported value: "Both"'],
  ['three policyTypes', policy({}, { policyTypes: ['Ingress', 'Egress', 'Ingress'] }), 'spec.policyTypes'],
  ['an unknown field', policy({ form: [] }), 'form'],
  ['no object at all', null, ''],
] as const)('%s is refused', ([, object, text]) => {
  const errors = validateNetworkPolicy(object).map(fieldErrorToString);
  expect(errors).not.toEqual([]);
  expect(errors.join('\n')).toContain(text);
});

test.for([
  ['egress rules without Egress', policy({}, { egress: [{}], policyTypes: ['Ingress'] })],
  ['a CIDR with host bits, with a warning', peer({ ipBlock: { cidr: '10.0.0.1/8' } })],
] as const)('%s is accepted', ([, object]) => {
  expect(validateNetworkPolicy(object)).toEqual([]);
});

test('whatever the object is, the answer is a list and never an exception', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(Array.isArray(validateNetworkPolicy(JSON.parse(text)))).toBe(true);
    }),
  );
});
