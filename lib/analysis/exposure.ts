import { resolveNames } from '../model/named-ports';
import type { Direction } from '../model/policy';
import { namespaceBox, namespaceNameKey } from '../model/selector';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import type { PodClass } from './connectivity/pod-classes';
import { minimalExposure } from './exposure-joining';
import type { ClusterWorld } from './open-world/cluster-world';
import type { PodSpace } from './open-world/meetings';
import type { PolicyStatement } from './open-world/relation';
import { partsOf } from './open-world/statement';
import { portsInCommon } from './ports-in-common';

/** Pods that are not in the input but could be, and the ports on which they could reach the workload or be reached by it. */
export interface ExposedTo {
  readonly peers: PodSpace;
  readonly ports: PortSet;
}

/** An exposure by one statement of each side. */
export interface ExposingPair extends ExposedTo {
  /** Undefined where the workload's own side is taken as open. */
  readonly own: PolicyStatement | undefined;
  /** Undefined where the pods are in no namespace of the input: nothing isolates them. */
  readonly other: PolicyStatement | undefined;
}

/**
 * Which pods that could exist may reach a workload (`ingress`) or be reached by it (`egress`), by the labels of their namespace and
 * their own. Their own policies count too: those of a known namespace that denies egress reach nothing.
 *
 * No entry is held by the others together, or could ask for one label less; and entries that differ in nothing but ports, the values of one label, or the
 * names of namespaces, are one.
 */
export function exposureOf(world: ClusterWorld, podClass: PodClass, direction: Direction): readonly ExposedTo[] {
  return minimalExposure([...exposingPairs(world, podClass, direction)]);
}

/** What is compared: all statements of both sides, where nothing is given. */
export interface ComparedSides {
  /** `open`: as if no policy isolated the workload itself. */
  readonly own?: readonly PolicyStatement[] | 'open';
  /** Statements of the other side that have the workload as a peer. */
  readonly others?: readonly PolicyStatement[];
  /** `open`: the workload may call its ports anything. */
  readonly names?: 'open';
}

/** Every way in which it comes about; they may overlap. */
export function* exposingPairs(
  world: ClusterWorld,
  podClass: PodClass,
  direction: Direction,
  sides: ComparedSides = {},
): Generator<ExposingPair> {
  const { statements } = world;
  const { end } = podClass;
  const others = sides.others ?? statements.towards(oppositeOf(direction), spaceOf(world, podClass));
  const areNamesKnown = direction === 'ingress' && sides.names !== 'open';
  const resolved = (ports: PortSet) => (areNamesKnown ? resolveNames(ports, end.ports) : ports);
  const open = [{ own: undefined, peer: anyPod, ports: PortSet.all }];
  const own = sides.own ?? ownStatements(world, podClass, direction);
  const parts =
    own === 'open' ? open : own.map((s) => ({ own: s, peer: partsOf(s.labels).peer, ports: resolved(s.ports) }));
  for (const { own: statement, peer, ports: ownPorts } of parts) {
    if (ownPorts.isEmpty) continue;
    if (sides.others === undefined) {
      const namespaces = peer.namespaces.intersect(world.elsewhere);
      const pair = { peers: { namespaces, pods: peer.pods }, ports: ownPorts, own: statement, other: undefined };
      if (!namespaces.isEmpty) yield pair;
    }
    const names = peer.namespaces.valuesOf(namespaceNameKey);
    for (const other of others) {
      const { namespace } = other;
      if (names ? !names.includes(namespace) : !peer.namespaces.matches(world.labels.get(namespace)!)) continue;
      const pods = partsOf(other.labels).subject.intersect(peer.pods);
      const otherPorts = resolved(other.ports);
      const ports = areNamesKnown ? ownPorts.intersect(otherPorts) : portsInCommon(ownPorts, otherPorts);
      if (pods.isEmpty || ports.isEmpty) continue;
      yield { peers: { namespaces: namespaceBox(namespace), pods }, ports, own: statement, other };
    }
  }
}

/** Statements of the workload's own side. */
export function ownStatements(world: ClusterWorld, podClass: PodClass, direction: Direction): PolicyStatement[] {
  return world.statements.about(podClass.end.namespace, direction, spaceOf(world, podClass).pods);
}

export function spaceOf(world: ClusterWorld, { end }: PodClass): PodSpace {
  return world.exactly(end.namespace, end.labels);
}

export function oppositeOf(direction: Direction): Direction {
  return direction === 'ingress' ? 'egress' : 'ingress';
}

const anyPod: PodSpace = { namespaces: LabelBox.everything, pods: LabelBox.everything };
