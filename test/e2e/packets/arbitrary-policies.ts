import fc from 'fast-check';
import type { StoredPolicy } from './policies';

/** A universe so small that random policies meet in it: two namespaces, two keys, two values, few ports and ranges. */
export const namespaces = [
  { name: 'a', labels: { team: 'x' } },
  { name: 'b', labels: { team: 'y' } },
] as const;

/** Under the name `http` they declare different ports, or none. */
export const pods = [
  { namespace: 'a', name: 'xx', labels: { app: 'x', tier: 'x' }, address: '172.20.1.1', http: 80 },
  { namespace: 'a', name: 'xy', labels: { app: 'x', tier: 'y' }, address: '172.20.1.2', http: 81 },
  { namespace: 'a', name: 'y', labels: { app: 'y' }, address: '172.20.2.1', http: 80 },
  { namespace: 'b', name: 'xx', labels: { app: 'x', tier: 'x' }, address: '172.20.2.2', http: 90 },
  { namespace: 'b', name: 'none', labels: {}, address: '172.20.3.1', http: undefined },
].map(({ http, ...pod }) => ({
  ...pod,
  ports: http === undefined ? [] : [{ name: 'http', number: http, protocol: 'TCP' as const }],
}));

export const outside = ['172.20.1.99', '198.51.100.1'];
export const ports = { TCP: [79, 80, 81, 90], UDP: [80] };

const values = fc.subarray(['x', 'y'], { minLength: 1 });
const key = fc.constantFrom('app', 'tier');
const expression = (keys: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.record({ key: keys, operator: fc.constantFrom('In', 'NotIn'), values }),
    fc.record({ key: keys, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );
const selector = (keys: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.constant({}),
    fc.tuple(keys, fc.constantFrom('x', 'y')).map(([k, value]) => ({ matchLabels: { [k]: value } })),
    fc.record({ matchExpressions: fc.array(expression(keys), { minLength: 1, maxLength: 2 }) }),
  );
const podSelector = selector(key);
const namespaceSelector = fc.oneof(
  selector(fc.constant('team')),
  fc.constantFrom('a', 'b').map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
);

const ipBlock = fc.constantFrom(
  { cidr: '0.0.0.0/0' },
  { cidr: '0.0.0.0/0', except: ['172.20.0.0/16'] },
  { cidr: '172.20.1.0/24' },
  { cidr: '172.20.0.0/16', except: ['172.20.1.0/24', '172.20.3.1/32'] },
  { cidr: '172.20.2.1/32' },
  { cidr: '198.51.100.0/24' },
);
const peer = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector, namespaceSelector }),
  fc.record({ ipBlock }),
);

const port = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), port: fc.constantFrom(80, 81, 90) }),
  fc.constantFrom({ port: 80, endPort: 81 }, { port: 81, endPort: 65535 }, { port: 1, endPort: 79 }),
  fc.constantFrom({ port: 'http' }, { protocol: 'UDP', port: 'http' }, { port: 'none' }),
);

const upTo = <T>(of: fc.Arbitrary<T>, maxLength: number) => fc.array(of, { maxLength });
const rules = (peers: 'from' | 'to') =>
  upTo(fc.record({ [peers]: upTo(peer, 3), ports: upTo(port, 2) }, { requiredKeys: [] }), 2);

const policy = fc.record({
  namespace: fc.constantFrom('a', 'b'),
  spec: fc.record(
    {
      podSelector,
      policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
      ingress: rules('from'),
      egress: rules('to'),
    },
    { requiredKeys: ['podSelector'] },
  ),
});

/** Valid policies of whatever content. */
export const arbitraryPolicies: fc.Arbitrary<StoredPolicy[]> = fc
  .array(policy, { minLength: 1, maxLength: 4 })
  .map((list) =>
    list.map(({ namespace, spec }, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `p${i}`, namespace },
      spec,
    })),
  );
