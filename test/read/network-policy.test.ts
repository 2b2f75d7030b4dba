import { describe, expect, it, test } from 'vitest';
import { clusterOf, meaningOf, policyOf, policyText, problemsOf } from './reading';

const own = '{kubernetes.io/metadata.name=shop}';

describe('what a NetworkPolicy means', () => {
  test.for([
    // policyTypes
    ['{podSelector: {}}', ['ingress of {}']],
    ['{}', ['ingress of {}']],
    ['{podSelector: null, policyTypes: null}', ['ingress of {}']],
    ['{podSelector: {matchLabels: null, matchExpressions: null}}', ['ingress of {}']],
    ['{policyTypes: []}', ['ingress of {}']],
    ['{egress: []}', ['ingress of {}']],
    ['{egress: [{}]}', ['ingress+egress of {}', 'egress[0] everyone on *']],
    ['{policyTypes: [Egress]}', ['egress of {}']],
    ['{policyTypes: [Egress, Ingress]}', ['ingress+egress of {}']],
    // Rules of a direction that is not listed have no effect.
    ['{policyTypes: [Ingress], egress: [{}], ingress: [{}]}', ['ingress of {}', 'ingress[0] everyone on *']],
    ['{policyTypes: [Egress], ingress: [{}]}', ['egress of {}']],
    // Nothing, and everything
    ['{ingress: []}', ['ingress of {}']],
    ['{ingress: null}', ['ingress of {}']],
    ['{ingress: [{from: [], ports: []}]}', ['ingress of {}', 'ingress[0] everyone on *']],
    ['{ingress: [{from: null, ports: null}]}', ['ingress of {}', 'ingress[0] everyone on *']],
    ['{ingress: [null]}', ['ingress of {}', 'ingress[0] everyone on *']],
    // Peers
    ['{ingress: [{from: [{podSelector: {}}]}]}', ['ingress of {}', `ingress[0] ${own} on *`]],
    [
      '{ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
      ['ingress of {}', `ingress[0] ${own} app=web on *`],
    ],
    ['{ingress: [{from: [{namespaceSelector: {}}]}]}', ['ingress of {}', 'ingress[0] {} on *']],
    [
      '{ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}]}]}',
      ['ingress of {}', 'ingress[0] {team=a} app=web on *'],
    ],
    [
      '{ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: null}, {podSelector: {}}]}]}',
      ['ingress of {}', `ingress[0] {team=a} or ${own} on *`],
    ],
    [
      '{podSelector: {matchExpressions: [{key: a, operator: NotIn, values: [x, "y"]}, {key: b, operator: Exists}]}}',
      ['ingress of {a!=x|y,b}'],
    ],
    [
      '{podSelector: {matchLabels: {a: x}, matchExpressions: [{key: a, operator: In, values: [x, z]}]}}',
      ['ingress of {a=x}'],
    ],
    // Addresses, as the API server reads them
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}], policyTypes: [Egress]}',
      ['egress of {}', 'egress[0] 10.0.0.0/8 except 10.1.0.0/16 on *'],
    ],
    ['{ingress: [{from: [{ipBlock: {cidr: 10.1.2.3/8}}]}]}', ['ingress of {}', 'ingress[0] 10.0.0.0/8 on *']],
    ['{ingress: [{from: [{ipBlock: {cidr: 010.001.0.0/016}}]}]}', ['ingress of {}', 'ingress[0] 10.1.0.0/16 on *']],
    [
      '{ingress: [{from: [{ipBlock: {cidr: "::ffff:10.0.0.0/104"}}]}]}',
      ['ingress of {}', 'ingress[0] 10.0.0.0/8 on *'],
    ],
    ['{ingress: [{from: [{ipBlock: {cidr: "2001:DB8::1/32"}}]}]}', ['ingress of {}', 'ingress[0] 2001:db8::/32 on *']],
    // Ports
    ['{ingress: [{ports: [{port: 80}]}]}', ['ingress of {}', 'ingress[0] everyone on 80/TCP']],
    ['{ingress: [{ports: [{port: 53, protocol: UDP}]}]}', ['ingress of {}', 'ingress[0] everyone on 53/UDP']],
    ['{ingress: [{ports: [{protocol: SCTP}]}]}', ['ingress of {}', 'ingress[0] everyone on 1-65535/SCTP']],
    ['{ingress: [{ports: [{}]}]}', ['ingress of {}', 'ingress[0] everyone on 1-65535/TCP']],
    ['{ingress: [{ports: [null]}]}', ['ingress of {}', 'ingress[0] everyone on 1-65535/TCP']],
    [
      '{ingress: [{ports: [{port: 80, endPort: 90, protocol: null}]}]}',
      ['ingress of {}', 'ingress[0] everyone on 80-90/TCP'],
    ],
    ['{ingress: [{ports: [{port: http}, {port: 443}]}]}', ['ingress of {}', 'ingress[0] everyone on 443/TCP TCP/http']],
    // As kubectl reads numbers
    [
      '{ingress: [{ports: [{port: 0777}, {port: 1_000}, {port: 0x50}]}]}',
      ['ingress of {}', 'ingress[0] everyone on 80,511,1000/TCP'],
    ],
  ] as const)('%s', ([spec, meaning]) => {
    expect(meaningOf(policyOf(spec))).toEqual(meaning);
  });

  it('is in the namespace default where none is written', () => {
    const [policy] = clusterOf(policyText('{}').replace(', namespace: shop', '')).policies;
    expect(policy?.namespace).toBe('default');
  });

  it('names the policy of a rule, and the line of the rule', () => {
    const policy = policyOf('\n  podSelector: {}\n  ingress:\n    - {}\n    - ports: [{port: 80}]');
    expect(policy.rules.map((rule) => [rule.policy === policy, rule.place.line, rule.place.field])).toEqual([
      [true, 7, 'spec.ingress[0]'],
      [true, 8, 'spec.ingress[1]'],
    ]);
  });

  it('may have the status that Kubernetes 1.24 to 1.27 wrote', () => {
    expect(clusterOf(`${policyText('{}')}status: {}\n`).policies).toHaveLength(1);
  });

  it('may have a name of bad form, which means nothing', () => {
    expect(clusterOf(policyText('{}', 'a_b')).policies).toHaveLength(1);
  });
});

describe('what the API server refuses is reported and not read', () => {
  const refuses = 'the API server refuses it; correct the manifest';
  const quoted = 'the API server refuses it; put it in quotes, since YAML reads it as something else';
  test.for([
    [
      '{ingress: [{ports: [{port: 0}]}]}',
      'spec.ingress[0].ports[0].port',
      '`0` is not valid: must be between 1 and 65535, inclusive',
    ],
    [
      '{ingress: [{ports: [{port: 80, protocol: tcp}]}]}',
      'spec.ingress[0].ports[0].protocol',
      '`"tcp"` is not supported: supported values: "TCP", "UDP", "SCTP"',
    ],
    ['{ingress: [{from: [{}]}]}', 'spec.ingress[0].from[0]', 'a value is missing: must specify a peer'],
    [
      '{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}',
      'spec.ingress[0].from[0].ipBlock.cidr',
      '`"10.0.0.0/33"` is not valid: must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    ['{ingres: []}', 'spec.ingres', 'there is no such field'],
    [
      '{podSelector: {matchLabels: {app: on}}}',
      'spec.podSelector.matchLabels[app]',
      '`true` is of the wrong type: must be a string',
      quoted,
    ],
    [
      '{podSelector: {matchLabels: {app: 1e3}}}',
      'spec.podSelector.matchLabels[app]',
      '`1000` is of the wrong type: must be a string',
      quoted,
    ],
    ['[]', 'spec', 'the value is of the wrong type: must be an object, not a list'],
  ])('%s', ([spec, field, message, hint = refuses]) => {
    expect(problemsOf(() => policyOf(spec!))).toEqual([
      `all.yaml:4 ${field}: NetworkPolicy \`shop/cart\`: ${message}; ${hint}`,
    ]);
  });

  it('with every problem of every policy, each at its line', () => {
    const texts = [
      policyText('{ingress: [{ports: [{port: 0}, {port: 70000}]}]}'),
      policyText('\n  egress:\n    - to:\n        - {}', 'b'),
    ];
    expect(problemsOf(() => clusterOf(texts.join('---\n'))).map((text) => text.split(': ')[0])).toEqual([
      'all.yaml:4 spec.ingress[0].ports[0].port',
      'all.yaml:4 spec.ingress[0].ports[1].port',
      'all.yaml:12 spec.egress[0].to[0]',
    ]);
  });

  test.for(['extensions/v1beta1', 'networking.k8s.io/v1beta1'])('%s', (version) => {
    expect(problemsOf(() => clusterOf(policyText('{}').replace('networking.k8s.io/v1', version)))).toEqual([
      `all.yaml:1 apiVersion: NetworkPolicy \`shop/cart\`: \`${version}\` is no version that Kubernetes still serves; write \`networking.k8s.io/v1\`, and see that its fields mean the same there`,
    ]);
  });
});
