import { resolveNames } from '../model/named-ports';
import type { Direction, Rule } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { AddressSet } from '../sets/address-set';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import type { Connectivity } from './connectivity/connectivity';
import type { PodClass } from './connectivity/pod-classes';
import type { ClusterWorld } from './open-world/cluster-world';
import type { PolicyStatement } from './open-world/relation';
import { partsOf, subjectOf } from './open-world/statement';
import { portsInCommon } from './ports-in-common';

/** A choice of labels and what it opens. */
export interface StolenWay {
  /** The pod has to have labels of this box; it holds everything where any labels will do. */
  readonly labels: LabelBox;
  readonly ports: PortSet;
  /** What lets it out and in; a side on which nothing isolates the pods has no rule, nor has an address. */
  readonly egress: Rule | undefined;
  readonly ingress: Rule | undefined;
}

export interface StolenReach {
  readonly target: PodClass;
  /** Each port for some choice of labels; not all of them need one choice. */
  readonly ports: PortSet;
  /** None is held by another. */
  readonly ways: readonly StolenWay[];
}

/**
 * What a pod with free choice of labels in a namespace could reach directly (`egress`), or what could reach it (`ingress`): whoever may create
 * pods there can do so.
 */
export function stolenPodReach(
  world: ClusterWorld,
  { classes }: Connectivity,
  namespace: string,
  direction: Direction = 'egress',
): StolenReach[] {
  return classes.flatMap((target) => {
    const ways = fewestWays([...waysBetween(world, namespace, target, direction)]);
    const ports = ways.reduce((union, way) => union.union(way.ports), PortSet.empty);
    return ways.length === 0 ? [] : [{ target, ports, ways }];
  });
}

export interface StolenAddresses extends StolenWay {
  readonly addresses: AddressSet;
}

/** Which addresses outside the cluster the pod could reach, or which could reach it. */
export function stolenPodAddresses(world: ClusterWorld, namespace: string, direction: Direction): StolenAddresses[] {
  const found = world.relation
    .filter((s) => s.namespace === namespace && s.direction === direction && s.addresses !== undefined)
    .map(({ labels, addresses, ports, rule }): StolenAddresses => {
      const [egress, ingress] = direction === 'egress' ? [rule, undefined] : [undefined, rule];
      return { labels: subjectOf(labels), addresses: addresses!, ports, egress, ingress };
    });
  return fewestWays(found, (a, b) => a.addresses.subtract(b.addresses).isEmpty);
}

function* waysBetween(
  world: ClusterWorld,
  namespace: string,
  { end }: PodClass,
  direction: Direction,
): Generator<StolenWay> {
  const { statements } = world;
  const space = world.exactly(end.namespace, end.labels);
  const opposite = direction === 'egress' ? 'ingress' : 'egress';
  const outer = statements.about(end.namespace, opposite, space.pods);
  const own = statements.towards(direction, space).filter((statement) => statement.namespace === namespace);
  if (own.length === 0) return;
  const namespaceLabels = { ...world.labels.get(namespace), [namespaceNameKey]: namespace };
  for (const other of outer) {
    const { peer } = partsOf(other.labels);
    if (!peer.namespaces.matches(namespaceLabels)) continue;
    for (const statement of own) {
      const labels = partsOf(statement.labels).subject.intersect(peer.pods);
      const ports =
        direction === 'egress'
          ? // A name that both sides give resolves on the target, so each side is resolved before they are compared.
            resolveNames(statement.ports, end.ports).intersect(resolveNames(other.ports, end.ports))
          : portsInCommon(statement.ports, other.ports);
      if (labels.isEmpty || ports.isEmpty) continue;
      const [egress, ingress] = direction === 'egress' ? [statement, other] : [other, statement];
      yield { labels, ports, egress: ruleOf(egress), ingress: ruleOf(ingress) };
    }
  }
}

function ruleOf({ rule }: PolicyStatement): Rule | undefined {
  return rule;
}

/** Leaves out every way that another one holds: fewer ports for more particular labels. */
function fewestWays<T extends StolenWay>(ways: readonly T[], holds: (a: T, b: T) => boolean = () => true): T[] {
  const isWithin = (a: T, b: T) => a.labels.isSubsetOf(b.labels) && a.ports.isSubsetOf(b.ports) && holds(a, b);
  const kept: T[] = [];
  for (const way of ways) {
    if (kept.some((other) => isWithin(way, other))) continue;
    for (let i = kept.length - 1; i >= 0; i--) if (isWithin(kept[i]!, way)) kept.splice(i, 1);
    kept.push(way);
  }
  return kept;
}
