import fc from 'fast-check';
import type { Cluster, KnownNamespace, PlacedWorkload } from '../../lib/model/cluster';
import type { CniProfile } from '../../lib/model/cni-profile';
import type { Policy, Rule, RulePeer } from '../../lib/model/policy';
import { namespaceBox } from '../../lib/model/selector';
import { LabelBox, type Requirement } from '../../lib/sets/label-box';
import { type PortItem, PortSet } from '../../lib/sets/port-set';

/** Tiny universes, so that random policies meet: 3 namespaces, 2 label keys, a few ports and addresses. */
const names = ['a', 'b', 'c'] as const;
const keys = ['app', 'tier'] as const;
const values = ['x', 'y'] as const;

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      key: fc.constantFrom(...keys),
      operator: fc.constant('In' as const),
      values: fc.subarray([...values], { minLength: 1 }),
    }),
  },
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constant('NotIn' as const),
    values: fc.subarray([...values], { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);

export const box: fc.Arbitrary<LabelBox> = fc.array(requirement, { maxLength: 2 }).map((list) => LabelBox.of(list));

const labels: fc.Arbitrary<Record<string, string>> = fc
  .tuple(...keys.map((key) => fc.option(fc.constantFrom(...values), { nil: undefined }).map((v) => [key, v] as const)))
  .map((entries) => Object.fromEntries(entries.filter(([, v]) => v !== undefined)) as Record<string, string>);

export const protocols = ['TCP', 'UDP', 'SCTP'] as const;
export const portNumbers = [79, 80, 81, 90];

const portItem: fc.Arbitrary<PortItem> = fc.oneof(
  fc
    .record({ protocol: fc.constantFrom(...protocols), first: fc.constantFrom(80, 90), last: fc.constantFrom(80, 90) })
    .map((p) => ({ ...p, last: Math.max(p.first, p.last) })),
  fc.record({ protocol: fc.constantFrom(...protocols), first: fc.constant(1), last: fc.constant(65535) }),
  fc.record({ protocol: fc.constantFrom(...protocols), name: fc.constantFrom('http', 'dns') }),
);

export const ports: fc.Arbitrary<PortSet> = fc.oneof(
  fc.constant(PortSet.all),
  fc.array(portItem, { minLength: 1, maxLength: 2 }).map((items) => PortSet.of(items)),
);

export const addresses = ['10.0.0.1', '10.0.1.1', '10.1.0.1', '8.8.8.8', '2001:db8::1'] as const;

const block = fc.constantFrom(
  { cidr: '0.0.0.0/0', except: [] },
  { cidr: '10.0.0.0/8', except: [] },
  { cidr: '10.0.0.0/8', except: ['10.0.0.0/16'] },
  { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] },
  { cidr: '2001:db8::/32', except: [] },
);

const namespaces = fc.oneof(fc.constantFrom(...names).map(namespaceBox), fc.constant(LabelBox.everything), box);

const peer: fc.Arbitrary<RulePeer> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pods' as const), namespaces, pods: box }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('addresses' as const), block }) },
  fc.constant({ kind: 'everyone' as const }),
);

const place = { at: (field: string) => ({ field }) };

export const policies: fc.Arbitrary<Policy[]> = fc
  .array(
    fc.record({
      namespace: fc.constantFrom(...names),
      pods: box,
      isolates: fc.constantFrom(['ingress'] as const, ['egress'] as const, ['ingress', 'egress'] as const),
      rules: fc.array(
        fc.record({
          direction: fc.constantFrom('ingress' as const, 'egress' as const),
          peers: fc.array(peer, { minLength: 1, maxLength: 2 }),
          ports,
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 5 },
  )
  .map((list) =>
    list.map((drawn, number): Policy => {
      const policy = { ...drawn, name: `p${number}`, rules: [] as Rule[], place };
      const effective = drawn.rules.filter(({ direction }) =>
        (drawn.isolates as readonly string[]).includes(direction),
      );
      for (const [index, rule] of effective.entries()) policy.rules.push({ ...rule, policy, index, place: {} });
      return policy;
    }),
  );

const workload: fc.Arbitrary<Omit<PlacedWorkload, 'name'>> = fc.record({
  kind: fc.constant('Pod' as const),
  namespace: fc.constantFrom(...names),
  podLabels: labels,
  selector: fc.constant({}),
  ports: fc.subarray([
    { name: 'http', number: 80, protocol: 'TCP' as const },
    { name: 'dns', number: 90, protocol: 'UDP' as const },
  ]),
  network: fc.oneof({ weight: 8, arbitrary: fc.constant('pod' as const) }, fc.constant('host' as const)),
  addresses: fc.oneof(fc.constant([]), fc.subarray([...addresses], { maxLength: 2 })),
  place: fc.constant({}),
});

const fact = fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const).map((value) => ({ value }));

/** Mostly enforced, since a plugin that enforces nothing leaves everything unknown. */
const enforced = fc.oneof({ weight: 9, arbitrary: fc.constant({ value: 'yes' as const }) }, fact);

export const profile: fc.Arbitrary<CniProfile> = fc
  .record({
    ipBlockMatchesPods: fact,
    ipBlockMatchesNodes: fact,
    selectsHostNetworkPods: fact,
    allowsOwnNode: fact,
    enforcesEgress: enforced,
    enforcesEndPort: enforced,
    enforcesSctp: enforced,
    enforcesNamedPorts: enforced,
    enforcesIpBlockExcept: enforced,
    enforcesIpv6: enforced,
    otherProtocols: fc.constant({ value: 'unknown' as const }),
    deniesEstablished: fact,
  })
  .map((facts) => ({ id: 'drawn', name: 'drawn', facts }));

export const cluster: fc.Arbitrary<Cluster> = fc
  .record({
    labels: fc.tuple(labels, labels, labels),
    workloads: fc.array(workload, { minLength: 1, maxLength: 8 }),
    policies,
    unread: fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      fc
        .constantFrom(...names, undefined)
        .map((namespace) => [{ kind: 'K', name: 'k', namespace, content: '', place: {} }]),
    ),
  })
  .map((drawn) => ({
    namespaces: names.map(
      (name, i): KnownNamespace => ({
        name,
        source: 'given',
        labels: { ...drawn.labels[i], 'kubernetes.io/metadata.name': name },
      }),
    ),
    workloads: drawn.workloads.map((w, i) => ({ ...w, name: `w${i}` })),
    policies: drawn.policies,
    services: [],
    exposures: [],
    unread: drawn.unread,
    skipped: new Map(),
  }));
