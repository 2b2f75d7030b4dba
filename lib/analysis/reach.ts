import type { AddressSet } from '../sets/address-set';
import { IntervalSet } from '../sets/interval-set';
import { PortSet } from '../sets/port-set';
import type { Block, Connectivity, Reach } from './connectivity/connectivity';
import type { PodClass } from './connectivity/pod-classes';

/** Where somebody has broken in: pods of these classes, or a machine at one of these addresses outside the cluster. */
export interface ReachStart {
  readonly classes: ReadonlySet<number>;
  readonly addresses: AddressSet;
}

/** A class of pods on the way from the start. */
export interface Reached {
  readonly target: PodClass;
  /** Connections that it takes; 0 for the start itself. */
  readonly hops: number;
  /** One hop nearer to the start; undefined for the start, and for what is reached from an address directly. */
  readonly via: Reached | undefined;
  /** `possible`: some connection on every way of so few hops hangs on what the API leaves open. */
  readonly certainty: 'certain' | 'possible';
}

export interface ReachOptions {
  /** Ways that take more connections are not followed. @default no limit */
  readonly maxHops?: number;
  /** The order of classes that are equally near: the first one leads on. @default that of the input */
  readonly rank?: (podClass: PodClass) => number;
}

/**
 * What can be reached from a start, directly and over others: who breaks in there can go so far. In the order of hops, then of rank.
 *
 * A class is named once with certainty, by a shortest way over certain connections, and once as possible where what the API leaves open makes
 * for a shorter way, or for the only one. A class of the start is among them only where its pods are reached from others, or reach each other:
 * some of them may not belong to the start.
 *
 * Every block of the relation is looked at once for each certainty, so the cost is linear in the blocks.
 */
export function reachFrom(connectivity: Connectivity, start: ReachStart, options: ReachOptions = {}): Reached[] {
  const certain = search(connectivity, start, 'certain', options, new Map());
  const possible = search(connectivity, start, 'possible', options, certain);
  const shorter = [...possible.values()].filter(({ certainty }) => certainty === 'possible');
  const { rank = indexOf } = options;
  return [...certain.values(), ...shorter].sort((a, b) => a.hops - b.hops || rank(a.target) - rank(b.target));
}

/** Ports of the last connection on the way to a class; it has to be reached. */
export function lastConnection(connectivity: Connectivity, { addresses }: ReachStart, { via, target }: Reached): Reach {
  return via ? connectivity.between(via.target.index, target.index) : entry(connectivity, addresses, target.index);
}

/** What a class lets in from any of the addresses. */
function entry(connectivity: Connectivity, addresses: AddressSet, index: number): Reach {
  let [certain, possible] = [PortSet.empty, PortSet.empty];
  if (addresses.isEmpty) return { certain, possible };
  for (const reach of connectivity.addresses(index, 'ingress')) {
    if (reach.addresses.intersect(addresses).isEmpty) continue;
    certain = certain.union(reach.certain);
    possible = possible.union(reach.possible);
  }
  return { certain, possible };
}

export const noAddresses: AddressSet = IntervalSet.union<bigint>([]);

const indexOf = ({ index }: PodClass) => index;

/** @param known classes that certain ways lead to: where a possible way is no shorter, the certain one is taken */
function search(
  connectivity: Connectivity,
  start: ReachStart,
  certainty: 'certain' | 'possible',
  { maxHops = Number.POSITIVE_INFINITY, rank = indexOf }: ReachOptions,
  known: ReadonlyMap<number, Reached>,
): Map<number, Reached> {
  const { classes } = connectivity;
  const blocksFrom = blocksBySource(connectivity.blocks(), certainty);
  const reached = new Map<number, Reached>();
  const seen = new Set<Block>();
  const step = (index: number, hops: number, via: Reached | undefined): Reached => {
    const before = known.get(index);
    const found = before && before.hops <= hops ? before : { target: classes[index]!, hops, via, certainty };
    reached.set(index, found);
    return found;
  };
  const byRank = (level: Reached[]) => level.sort((a, b) => rank(a.target) - rank(b.target));

  let level = [...start.classes].map((index): Reached => {
    return { target: classes[index]!, hops: 0, via: undefined, certainty: 'certain' };
  });
  const entered = start.addresses.isEmpty
    ? []
    : classes.filter(({ index }) => !entry(connectivity, start.addresses, index)[certainty].isEmpty);
  for (let hops = 1; hops <= maxHops && (level.length > 0 || hops === 1); hops++) {
    const next: Reached[] = [];
    const arrive = (index: number, via: Reached | undefined) => {
      if (reached.has(index)) return;
      const found = step(index, hops, via);
      if (!start.classes.has(index)) next.push(found);
    };
    if (hops === 1) for (const { index } of entered) arrive(index, undefined);
    for (const from of byRank(level)) {
      for (const block of blocksFrom.get(from.target.index) ?? []) {
        if (seen.has(block)) continue;
        seen.add(block);
        for (const { index } of block.destinations) arrive(index, from);
      }
    }
    level = next;
  }
  return reached;
}

function blocksBySource(
  blocks: readonly Block[],
  certainty: 'certain' | 'possible',
): ReadonlyMap<number, readonly Block[]> {
  const found = new Map<number, Block[]>();
  for (const block of blocks) {
    if (block[certainty].isEmpty) continue;
    for (const { index } of block.sources) {
      const list = found.get(index);
      if (list) list.push(block);
      else found.set(index, [block]);
    }
  }
  return found;
}
