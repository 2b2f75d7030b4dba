import { resolveNames } from '../model/named-ports';
import type { Direction } from '../model/policy';
import { namespaceBox, namespaceNameKey } from '../model/selector';
import { LabelBox } from '../sets/label-box';
import type { PortSet } from '../sets/port-set';
import type { PodClass } from './connectivity/pod-classes';
import type { ClusterWorld } from './open-world/cluster-world';
import type { PodSpace } from './open-world/meetings';
import type { PolicyStatement } from './open-world/relation';
import { pairBox } from './open-world/statement';
import { covers } from './open-world/uncovered';
import { portsInCommon } from './ports-in-common';

/** Pods that are not in the input but could be, and the ports on which they could reach the workload or be reached by it. */
export interface ExposedTo {
  readonly peers: PodSpace;
  readonly ports: PortSet;
}

/** An exposure by one statement of each side. */
export interface ExposingPair extends ExposedTo {
  readonly own: PolicyStatement;
  /** Undefined where the pods are in no namespace of the input: nothing isolates them. */
  readonly other: PolicyStatement | undefined;
}

/**
 * Which pods that could exist may reach a workload (`ingress`) or be reached by it (`egress`), by the labels of their namespace and
 * their own. Their own policies count too: those of a known namespace that denies egress reach nothing.
 *
 * No entry is held by the others together, and entries that differ in nothing but ports, or in nothing but the names of namespaces, are one.
 */
export function exposureOf(world: ClusterWorld, podClass: PodClass, direction: Direction): ExposedTo[] {
  return minimalExposure([...exposingPairs(world, podClass, direction)]);
}

/** Every way in which it comes about; they may overlap. */
export function* exposingPairs(world: ClusterWorld, { end }: PodClass, direction: Direction): Generator<ExposingPair> {
  const { statements } = world;
  const space = world.exactly(end.namespace, end.labels);
  const others = statements.towards(direction === 'ingress' ? 'egress' : 'ingress', space);
  const resolved = ({ ports }: PolicyStatement) => (direction === 'ingress' ? resolveNames(ports, end.ports) : ports);
  for (const own of statements.about(end.namespace, direction, space.pods)) {
    const { peer } = statements.partsOf(own);
    const ownPorts = resolved(own);
    if (ownPorts.isEmpty) continue;
    const namespaces = peer.namespaces.intersect(world.elsewhere);
    if (!namespaces.isEmpty) yield { peers: { namespaces, pods: peer.pods }, ports: ownPorts, own, other: undefined };
    const names = peer.namespaces.valuesOf(namespaceNameKey);
    for (const other of others) {
      if (names ? !names.includes(other.namespace) : !peer.namespaces.matches(labelsOf(world, other.namespace)))
        continue;
      const pods = statements.partsOf(other).subject.intersect(peer.pods);
      const ports =
        direction === 'ingress' ? ownPorts.intersect(resolved(other)) : portsInCommon(ownPorts, other.ports);
      if (pods.isEmpty || ports.isEmpty) continue;
      yield { peers: { namespaces: namespaceBox(other.namespace), pods }, ports, own, other };
    }
  }
}

function labelsOf({ labels }: ClusterWorld, name: string): Readonly<Record<string, string>> {
  return { ...labels.get(name), [namespaceNameKey]: name };
}

/** The same pods and ports in as few entries as joining and leaving out give. */
export function minimalExposure(entries: readonly ExposedTo[]): ExposedTo[] {
  const byPeers = new Map<string, ExposedTo>();
  for (const { peers, ports } of entries) {
    const key = `${peers.namespaces} ${peers.pods}`;
    const before = byPeers.get(key);
    byPeers.set(key, before ? { peers, ports: before.ports.union(ports) } : { peers, ports });
  }
  const joined: ExposedTo[] = [];
  const named = new Map<string, { readonly names: string[]; readonly pods: LabelBox; readonly ports: PortSet }>();
  for (const [, { peers, ports }] of [...byPeers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const names = namesOnly(peers.namespaces);
    const key = `${peers.pods} ${ports}`;
    const alike = named.get(key);
    if (!names) joined.push({ peers, ports });
    else if (alike) alike.names.push(...names);
    else named.set(key, { names: [...names], pods: peers.pods, ports });
  }
  for (const { names, pods, ports } of named.values()) {
    const namespaces = LabelBox.of([{ key: namespaceNameKey, operator: 'In', values: names }]);
    joined.push({ peers: { namespaces, pods }, ports });
  }
  return withoutCovered(joined);
}

/** The names, of a box that asks for nothing else. */
export function namesOnly(namespaces: LabelBox): readonly string[] | undefined {
  return namespaces.keys.length === 1 ? namespaces.valuesOf(namespaceNameKey) : undefined;
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
