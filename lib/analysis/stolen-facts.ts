import type { Direction } from '../model/policy';
import type { AddressSet } from '../sets/address-set';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import type { Connectivity } from './connectivity/connectivity';
import { noReasons, type Reasons, reasonsOfDoubts } from './connectivity/listing-reasons';
import type { PodClass } from './connectivity/pod-classes';
import type { Doubt } from './evaluate';
import { ClusterWorld } from './open-world/cluster-world';
import { type Reading, readingsOf } from './open-world/readings';
import { type StolenWay, stolenPodAddresses, stolenPodReach } from './stolen-pod';

/** One way of a stolen pod to workloads or addresses, or of those to it. */
export interface StolenFact extends StolenWay {
  readonly direction: Direction;
  /** Undefined where it is about addresses. */
  readonly target: PodClass | undefined;
  readonly addresses: AddressSet | undefined;
  readonly decision: 'allowed' | 'unknown';
  readonly because: Reasons;
}

/** Every way, certain or left open, to and from a pod with free choice of labels in a namespace of the input. */
export function* stolenFacts(connectivity: Connectivity, namespace: string): Generator<StolenFact> {
  const { cluster, profile } = connectivity;
  const { least, most } = readingsOf(cluster, profile);
  const worldOf = ({ policies }: Reading) => new ClusterWorld({ ...cluster, policies });
  const leastWorld = worldOf(least);
  const mostWorld = most === least ? leastWorld : worldOf(most);
  const doubtsOf = ({ egress, ingress }: StolenWay) =>
    reasonsOfDoubts([egress, ingress].flatMap((rule) => (rule && most.doubts.get(rule)) ?? []));

  for (const direction of ['egress', 'ingress'] as const) {
    const certain = new Map<PodClass, readonly StolenWay[]>();
    for (const { target, ways } of stolenPodReach(leastWorld, connectivity, namespace, direction)) {
      const sure = isSelectable(target, connectivity) ? ways : ways.filter((way) => needsNoSelector(way, direction));
      if (sure.length > 0) certain.set(target, sure);
      for (const way of sure) yield allowed(way, direction, target, undefined);
    }
    for (const { target, ways } of stolenPodReach(mostWorld, connectivity, namespace, direction)) {
      if (!isSelectable(target, connectivity)) continue;
      for (const way of beyond(ways, certain.get(target) ?? [])) {
        const head = { direction, target, addresses: undefined, decision: 'unknown' as const };
        yield { ...way, ...head, because: doubtsOf(way) };
      }
    }
    for (const target of connectivity.classes.filter((target) => !isSelectable(target, connectivity))) {
      const everything = { labels: LabelBox.everything, ports: PortSet.all, egress: undefined, ingress: undefined };
      for (const way of beyond([everything], certain.get(target) ?? [])) {
        const because = reasonsOfDoubts([{ question: hostQuestion(direction) }]);
        yield { ...way, direction, target, addresses: undefined, decision: 'unknown', because };
      }
    }

    const sure = stolenPodAddresses(leastWorld, namespace, direction);
    for (const way of sure) yield allowed(way, direction, undefined, way.addresses);
    for (const way of stolenPodAddresses(mostWorld, namespace, direction)) {
      const because = doubtsOf(way);
      if (because.size === 0) continue;
      const held = sure.filter((other) => way.addresses.subtract(other.addresses).isEmpty);
      for (const rest of beyond([way], held))
        yield { ...way, ...rest, direction, target: undefined, decision: 'unknown', because };
    }
  }
}

function allowed(
  way: StolenWay,
  direction: Direction,
  target: PodClass | undefined,
  addresses: AddressSet | undefined,
): StolenFact {
  return { ...way, direction, target, addresses, decision: 'allowed', because: noReasons };
}

/** Whether what selectors do for its pods is known, and that they pick them. */
function isSelectable({ end }: PodClass, { profile }: Connectivity): boolean {
  return end.network === 'pod' || profile.facts.selectsHostNetworkPods.value === 'yes';
}

/** Whether a way to or from pods of the host network hangs on no selector that would have to pick them. */
function needsNoSelector({ egress, ingress }: StolenWay, direction: Direction): boolean {
  const own = direction === 'egress' ? egress : ingress;
  return own === undefined || own.peers.some(({ kind }) => kind === 'everyone');
}

function hostQuestion(direction: Direction): Doubt['question'] {
  return direction === 'egress' ? 'does a selector pick pods on the host network?' : 'are both pods on one node?';
}

/** Ways with the ports that no certain way gives for the same labels. */
function beyond(ways: readonly StolenWay[], certain: readonly StolenWay[]): StolenWay[] {
  return ways.flatMap((way) => {
    const held = certain
      .filter(({ labels }) => way.labels.isSubsetOf(labels))
      .reduce((union, { ports }) => union.union(ports), PortSet.empty);
    const ports = way.ports.subtract(held);
    return ports.isEmpty ? [] : [{ ...way, ports }];
  });
}
