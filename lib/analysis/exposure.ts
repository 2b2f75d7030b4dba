import { resolveNames } from '../model/named-ports';
import type { Direction } from '../model/policy';
import { LabelBox } from '../sets/label-box';
import type { PortSet } from '../sets/port-set';
import type { PodClass } from './connectivity/pod-classes';
import { anyPod, type ClusterWorld } from './open-world/cluster-world';
import type { PodSpace } from './open-world/meetings';
import { pairBox } from './open-world/statement';
import { covers } from './open-world/uncovered';

/** Pods that are not in the input but could be, and the ports on which they could reach the workload or be reached by it. */
export interface ExposedTo {
  readonly peers: PodSpace;
  readonly ports: PortSet;
}

/**
 * Which pods that could exist may reach a workload (`ingress`) or be reached by it (`egress`), by the labels of their namespace and
 * their own. Their own policies count too: those of a known namespace that denies egress reach nothing.
 *
 * No entry is held by the others together, and entries that differ in nothing but ports are one.
 */
export function exposureOf(world: ClusterWorld, { end }: PodClass, direction: Direction): ExposedTo[] {
  const own = world.exactly(end.namespace, end.labels);
  const [from, to] = direction === 'ingress' ? [anyPod, own] : [own, anyPod];
  const found = new Map<string, ExposedTo>();
  for (const meeting of world.meetings.between(from, to)) {
    const peers = direction === 'ingress' ? meeting.source : meeting.destination;
    const ports = direction === 'ingress' ? resolveNames(meeting.ports, end.ports) : meeting.ports;
    if ('addresses' in peers || ports.isEmpty) continue;
    const key = `${peers.namespaces} ${peers.pods}`;
    const before = found.get(key);
    found.set(key, { peers, ports: before ? before.ports.union(ports) : ports });
  }
  return withoutCovered([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry));
}

function withoutCovered(entries: readonly ExposedTo[]): ExposedTo[] {
  const boxes = entries.map(({ peers, ports }) => ({
    labels: pairBox(LabelBox.everything, peers),
    addresses: undefined,
    ports,
  }));
  const kept = new Set(boxes);
  for (const box of boxes) {
    kept.delete(box);
    if (!covers([...kept], box)) kept.add(box);
  }
  return entries.filter((_, i) => kept.has(boxes[i]!));
}
