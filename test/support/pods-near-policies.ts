import type { Cluster, KnownNamespace, PlacedWorkload } from '../../lib/model/cluster';
import type { Policy, Rule } from '../../lib/model/policy';
import { namespaceNameKey } from '../../lib/model/selector';
import type { ContainerPort } from '../../lib/model/workload';
import { addressesOf, addressRanges, everyAddress } from '../../lib/sets/address-set';
import { addressToString } from '../../lib/sets/cidr';
import { IntervalSet } from '../../lib/sets/interval-set';
import type { LabelBox } from '../../lib/sets/label-box';
import { type Protocol, protocols } from '../../lib/sets/port-set';

type Labels = Readonly<Record<string, string>>;

/** What is worth asking about one rule: pods that it is about and pods that just miss it, and ports within and beside. */
export interface Neighbourhood {
  readonly rule: Rule;
  readonly subjects: readonly PlacedWorkload[];
  /** Workloads, and addresses as text. */
  readonly peers: readonly (PlacedWorkload | string)[];
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
}

/** Makes up a cluster for policies that come without one. */
export class PodsNearPolicies {
  readonly neighbourhoods: readonly Neighbourhood[];
  private readonly namespaces = new Map<string, KnownNamespace>();
  /** By their labels. */
  private readonly madeUp = new Map<string, string>();
  private readonly workloads = new Map<string, PlacedWorkload>();
  private readonly names: readonly (Omit<ContainerPort, 'number'> & { readonly name: string })[];

  constructor(private readonly policies: readonly Policy[]) {
    const items = policies.flatMap(({ rules }) => rules.flatMap(({ ports }) => ports.items()));
    const named = items.filter((item) => 'name' in item);
    this.names = [...new Map(named.map((item) => [`${item.name}/${item.protocol}`, item])).values()];
    for (const { namespace } of policies) this.namespace(namespace, {});
    this.neighbourhoods = policies.flatMap((policy) => policy.rules.map((rule) => this.around(rule)));
    // Policies without rules isolate too.
    for (const policy of policies) this.subjectsOf(policy);
  }

  get cluster(): Cluster {
    return {
      namespaces: [...this.namespaces.values()],
      workloads: [...this.workloads.values()],
      services: [],
      exposures: [],
      policies: this.policies,
      unread: [],
      skipped: new Map(),
    };
  }

  private around(rule: Rule): Neighbourhood {
    const subjects = this.subjectsOf(rule.policy);
    const peers = rule.peers.flatMap((peer): (PlacedWorkload | string)[] => {
      if (peer.kind === 'addresses') return addressesNear(addressesOf(peer.block)).flatMap((a) => [a, this.podAt(a)]);
      if (peer.kind === 'everyone') return [...subjects.slice(0, 2), '198.51.100.7', '2001:db8::7'];
      const places = this.placesOf(peer.namespaces);
      return labelsNear(peer.pods).flatMap((labels) => places.map((namespace) => this.pod(namespace, labels)));
    });
    return { rule, subjects, peers, ports: portsNear(rule, [...this.workloads.values()]) };
  }

  private subjectsOf({ namespace, pods }: Policy): PlacedWorkload[] {
    return labelsNear(pods).map((labels) => this.pod(namespace, labels));
  }

  /** Namespaces that a selector picks, and namespaces that it just misses. */
  private placesOf(box: LabelBox): string[] {
    return labelsNear(box).map(({ [namespaceNameKey]: name, ...labels }) => {
      if (name !== undefined && box.valuesOf(namespaceNameKey)?.includes(name)) return this.namespace(name, labels);
      const text = JSON.stringify(Object.entries(labels).sort());
      const known = this.madeUp.get(text) ?? this.namespace(`made-up-${this.madeUp.size}`, labels);
      this.madeUp.set(text, known);
      return known;
    });
  }

  private namespace(name: string, labels: Labels): string {
    if (!this.namespaces.has(name)) {
      this.namespaces.set(name, { name, labels: { ...labels, [namespaceNameKey]: name }, source: 'given' });
    }
    return name;
  }

  private podAt(address: string): PlacedWorkload {
    return this.pod([...this.namespaces.keys()][0]!, { made: 'for-its-address' }, [address]);
  }

  /** Every port name is declared, with a number that differs from pod to pod; every seventh pod is on the host network. */
  private pod(namespace: string, podLabels: Labels, addresses: readonly string[] = []): PlacedWorkload {
    const key = JSON.stringify([namespace, Object.entries(podLabels).sort(), addresses]);
    let pod = this.workloads.get(key);
    if (!pod) {
      const number = this.workloads.size;
      pod = {
        kind: 'Pod',
        namespace,
        name: `pod-${number}`,
        podLabels,
        selector: {},
        ports: this.names.map(({ name, protocol }, i) => ({ name, protocol, number: 8000 + ((number + i) % 5) })),
        network: number % 7 === 6 ? 'host' : 'pod',
        addresses,
        place: {},
      };
      this.workloads.set(key, pod);
    }
    return pod;
  }
}

/** Labels that a selector picks; and each with one key changed, absent or added. */
function labelsNear(box: LabelBox): Labels[] {
  const fitting: Record<string, string> = {};
  const others: Record<string, string>[] = [{}];
  for (const { key, operator, values = [] } of box.requirements()) {
    if (operator === 'In') {
      fitting[key] = values[0]!;
      for (const value of values.slice(1, 3)) others.push({ [key]: value });
    } else if (operator === 'Exists') fitting[key] = 'anything';
    else others.push({ [key]: values[0] ?? 'anything' });
  }
  const without = Object.keys(fitting).map((gone) =>
    Object.fromEntries(Object.entries(fitting).filter(([key]) => key !== gone)),
  );
  const changed = Object.keys(fitting).map((key) => ({ ...fitting, [key]: 'something-else' }));
  return [...others.map((other) => ({ ...fitting, ...other })), ...without, ...changed];
}

/** The ends of a set of addresses, and those just outside. */
function addressesNear(set: ReturnType<typeof addressesOf>): string[] {
  const ends = set.intervals.flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]);
  const points = IntervalSet.union(ends.map((point) => IntervalSet.of(point, point))).intersect(everyAddress);
  return addressRanges(points)
    .flatMap(({ first, last }) => [addressToString(first), addressToString(last)])
    .slice(0, 12);
}

function portsNear({ ports }: Rule, workloads: readonly PlacedWorkload[]): Neighbourhood['ports'] {
  const numbers = new Set([1, 65535]);
  for (const item of ports.items()) {
    const declared = workloads
      .slice(0, 5)
      .flatMap((w) => w.ports.filter((p) => 'name' in item && p.name === item.name));
    const [first, last] = 'first' in item ? [item.first, item.last] : [declared[0]?.number ?? 8000, 8004];
    for (const port of [first - 1, first, last, last + 1]) if (port >= 1 && port <= 65535) numbers.add(port);
  }
  return protocols.flatMap((protocol) => [...numbers].map((port) => ({ protocol, port })));
}
