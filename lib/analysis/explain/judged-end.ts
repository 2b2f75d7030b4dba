import { type Cluster, type PlacedWorkload, workloadToString } from '../../model/cluster';
import type { End, PodEnd } from '../../model/connection';
import type { ExplainedEnd } from '../../model/explanation';
import type { Policy, Rule } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { type ContainerPort, podPorts } from '../../model/workload';
import { type AddressSet, addressesOf, addressRanges } from '../../sets/address-set';
import { podEnd } from '../connectivity/pod-classes';
import { isolates } from '../evaluate';
import type { AskedEnd } from './asked';

/** One end of a connection, ready to be judged. */
export type JudgedEnd =
  | {
      readonly kind: 'pod';
      readonly pod: PodEnd;
      /** Undefined for a pod that could exist. */
      readonly workload: PlacedWorkload | undefined;
      readonly explained: Exclude<ExplainedEnd, { kind: 'addresses' }>;
    }
  | {
      readonly kind: 'addresses';
      readonly addresses: AddressSet;
      readonly explained: Extract<ExplainedEnd, { kind: 'addresses' }>;
    };

export function judgedEnd(asked: AskedEnd, cluster: Cluster): JudgedEnd {
  if (asked.kind === 'addresses') {
    const { text, addresses } = asked;
    return { kind: 'addresses', addresses, explained: { kind: 'addresses', text } };
  }
  const { namespace } = asked.kind === 'pod' ? asked : asked.workload;
  const known = cluster.namespaces.find(({ name }) => name === namespace);
  const labels = known?.labels ?? { [namespaceNameKey]: namespace };
  const namespaceLabels = known?.source ?? 'assumed';
  if (asked.kind === 'pod') {
    const pairs = Object.entries(asked.labels).map(([key, value]) => `${key}=${value}`);
    const { ports = [] } = asked;
    const named = ports.map(({ name, number, protocol }) => `whose port ${name} is ${number}/${protocol}`);
    const text = [`${namespace}{${pairs.join(',')}}`, named.join(' and ')].filter(Boolean).join(' ');
    const pod: PodEnd = {
      kind: 'pod',
      namespace,
      namespaceLabels: labels,
      labels: asked.labels,
      ports,
      network: 'pod',
      addresses: [],
    };
    const explained = { kind: 'pod' as const, text, namespace, labels: asked.labels, namespaceLabels };
    return { kind: 'pod', pod, workload: undefined, explained };
  }
  const { workload } = asked;
  const { kind, name, network } = workload;
  const explained = {
    kind: 'workload' as const,
    text: idOf(workload, cluster),
    namespace,
    name,
    workload: kind,
    labels: workload.podLabels,
    network,
    namespaceLabels,
  };
  return { kind: 'pod', pod: { ...podEnd(workload, labels), ports: numberedPorts(workload) }, workload, explained };
}

/** The ports of its pods; one of which the number is not known has one that is free, as an example. */
export function numberedPorts(workload: PlacedWorkload): readonly ContainerPort[] {
  const taken = new Set(workload.ports.map(({ number }) => number));
  let free = 8080;
  return podPorts(workload).map((port): ContainerPort => {
    if (port.number !== undefined) return port;
    while (taken.has(free)) free++;
    taken.add(free);
    return { ...port, number: free };
  });
}

/** `namespace/name`; with the kind before it where another workload has that name too. */
export function idOf(workload: PlacedWorkload, { workloads }: Cluster): string {
  const { namespace, name, kind } = workload;
  const short = workloadToString(workload);
  const others = workloads.some((w) => w.namespace === namespace && w.name === name && w.kind !== kind);
  return others ? `${kind}/${short}` : short;
}

/** Pods and addresses that together stand for all of the end: of each, no rule tells one address from another. */
export function representatives(end: JudgedEnd, rules: readonly Rule[]): readonly End[] {
  if (end.kind === 'pod') return [end.pod];
  return alikeParts(end.addresses, rules).map((part) => ({ kind: 'address', address: addressRanges(part)[0]!.first }));
}

/** The addresses in disjoint parts, each of which lies inside or outside of every block of the rules. */
export function alikeParts(addresses: AddressSet, rules: readonly Rule[]): AddressSet[] {
  let parts = [addresses];
  for (const { peers } of rules) {
    for (const peer of peers) {
      if (peer.kind !== 'addresses') continue;
      const block = addressesOf(peer.block);
      parts = parts.flatMap((part) => [part.intersect(block), part.subtract(block)]).filter((part) => !part.isEmpty);
    }
  }
  return parts;
}

/** The policies that decide one direction of a connection, in the order of the input. */
export function isolatingPolicies(
  end: JudgedEnd,
  direction: 'ingress' | 'egress',
  policies: readonly Policy[],
): readonly Policy[] {
  return end.kind === 'pod' ? policies.filter((policy) => isolates(policy, direction, end.pod)) : [];
}
