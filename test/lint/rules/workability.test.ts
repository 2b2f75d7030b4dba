import { describe, expect, test } from 'vitest';
import { deployment, documents, namespace, policy } from '../../../lib/lint/examples';
import { linted, ruleNamed } from '../linted';

const found = (id: string, yaml: string) => linted(yaml, [ruleNamed(id)]).map(({ message }) => message);

const toCart = (ports = '') =>
  policy(
    'web',
    `podSelector: { matchLabels: { app: web } }
policyTypes: [Egress]
egress: [{ to: [{ podSelector: { matchLabels: { app: cart } } }]${ports} }]`,
  );
const cartLetsIn = (from: string, ports = '') =>
  policy(
    'cart',
    `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress]
ingress: [{ from: [{ podSelector: { matchLabels: { app: ${from} } } }]${ports} }]`,
  );
const pods = [deployment('web'), deployment('cart', '{ name: grpc, containerPort: 7070 }')] as const;

describe('one-sided flows', () => {
  test('are told with the pods that are closed, the ports, and what isolates them', () => {
    const yaml = documents(
      ...pods,
      toCart(', ports: [{ port: 7070 }]'),
      cartLetsIn('web', ', ports: [{ port: 7071 }]'),
    );
    const [finding] = linted(yaml, [ruleNamed('no-one-sided-egress')]);
    expect(finding!.message).toBe(
      'policy `shop/web` opens egress to `shop/cart` on 7070/TCP, whose own policies let none of it in',
    );
    expect(finding!.related.map(({ text }) => text)).toEqual(['isolates `shop/cart` for ingress']);
    expect(found('no-one-sided-ingress', yaml)).toHaveLength(1);
  });

  test('are none where a named port resolves to what the other side opens', () => {
    const yaml = documents(
      ...pods,
      toCart(', ports: [{ port: grpc }]'),
      cartLetsIn('web', ', ports: [{ port: 7070 }]'),
    );
    expect([...found('no-one-sided-egress', yaml), ...found('no-one-sided-ingress', yaml)]).toEqual([]);
  });

  test('are none where some of the selected pods get through', () => {
    const yaml = documents(...pods, toCart(), cartLetsIn('web'), deployment('other'));
    const wide = yaml.replace(
      'podSelector: { matchLabels: { app: web } }\n  policyTypes: [Egress]',
      'podSelector: {}\n  policyTypes: [Egress]',
    );
    expect(found('no-one-sided-egress', wide)).toEqual([]);
  });

  test('are none between a pod and the replicas of its own workload', () => {
    const own = policy(
      'cart',
      `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress, Egress]
ingress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]`,
    );
    expect(found('no-one-sided-ingress', documents(...pods, own))).toEqual([]);
  });
});

describe('DNS', () => {
  const egress = (...rules: string[]) =>
    policy('web', `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress: [${rules.join(', ')}]`);
  const cart = '{ to: [{ podSelector: { matchLabels: { app: cart } } }] }';

  test.for([
    ['every peer', '{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }'],
    ['every port', '{ to: [{ namespaceSelector: {} }] }'],
    [
      'a namespace by a label that it may have',
      '{ to: [{ namespaceSelector: { matchLabels: { name: kube-system } } }] }',
    ],
    [
      'the cache on the node',
      '{ to: [{ ipBlock: { cidr: 169.254.20.10/32 } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }',
    ],
    [
      'a range of ports',
      '{ to: [{ namespaceSelector: {} }], ports: [{ port: 1, endPort: 1024, protocol: UDP }, { port: 53 }] }',
    ],
    [
      'OpenShift’s servers',
      '{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: openshift-dns } } }], ports: [{ port: 5353, protocol: UDP }, { port: 5353 }] }',
    ],
    ['a port by name', '{ to: [{ namespaceSelector: {} }], ports: [{ port: dns, protocol: UDP }, { port: dns-tcp }] }'],
  ] as const)('is open by a rule for %s', ([, rule]) => {
    expect(found('require-dns-egress', egress(cart, rule))).toEqual([]);
    expect(found('require-dns-over-tcp', egress(cart, rule))).toEqual([]);
  });

  test('is not open by a rule for pods of the own namespace, or by TCP alone', () => {
    expect(found('require-dns-egress', egress(cart, '{ to: [{ podSelector: {} }] }'))).toHaveLength(1);
    expect(
      found('require-dns-egress', egress(cart, '{ to: [{ namespaceSelector: {} }], ports: [{ port: 53 }] }')),
    ).toHaveLength(1);
  });
});

describe('ports of a Service', () => {
  const service = (spec: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop }\nspec: ${spec}\n`;
  const mapped = service('{ selector: { app: cart }, ports: [{ port: 80, targetPort: 7070 }] }');

  test.for([
    ['that its pods declare themselves', '{ name: a, containerPort: 80 }, { name: b, containerPort: 7070 }', mapped],
    ['whose pods declare none, so that they may listen on it', '', mapped],
    ['of another protocol', '{ name: a, containerPort: 7070 }', mapped.replace('port: 80,', 'port: 81,')],
    ['that it does not translate', '{ name: a, containerPort: 7070 }', mapped.replace('7070', '80')],
    ['of other pods', '{ name: a, containerPort: 7070 }', mapped.replace('app: cart', 'app: web')],
  ] as const)('are not meant by one %s', ([, ports, text]) => {
    const yaml = documents(deployment('cart', ports), text, cartLetsIn('web', ', ports: [{ port: 80 }]'));
    expect(found('no-service-port', yaml)).toEqual([]);
  });

  test('are told on the caller’s side too, by the name of the target', () => {
    const yaml = documents(...pods, mapped.replace('7070', 'grpc'), toCart(', ports: [{ port: 80 }]'));
    expect(found('no-service-port', yaml)).toEqual([
      'policy `shop/web` names port 80, which is the one of Service `shop/cart`; its pods listen on `grpc`',
    ]);
  });
});

describe('labels of a Service', () => {
  test('that its selector asks for are those of its pods, also of pods that are made by others', () => {
    const service = `apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop, labels: { app: db } }
spec: { selector: { app: db, role: primary } }
`;
    expect(
      found('no-service-labels', documents(deployment('web'), service, toCart().replace('app: cart', 'app: db'))),
    ).toEqual([]);
  });
});

test('near misses of values are looked for where the selector looks', () => {
  const from = `podSelector: {}
policyTypes: [Ingress]
ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchExpressions: [{ key: app, operator: In, values: [web, chart] }] } }] }]`;
  const elsewhere = documents(namespace('shop'), deployment('web'), deployment('cart', '', 'other'), policy('x', from));
  expect(found('no-near-miss-value', elsewhere)).toEqual([]);
  const here = documents(namespace('shop'), deployment('web'), deployment('cart'), policy('x', from));
  expect(found('no-near-miss-value', here)).toHaveLength(1);
});
