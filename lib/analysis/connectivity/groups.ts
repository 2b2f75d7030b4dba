import type { ClassSet } from './class-set';
import type { Opening } from './openings';
import type { PodClass } from './pod-classes';
import { noPorts, type ReachIds } from './port-table';
import type { Side } from './sides';

/** Classes that reach each other by wide openings alone, on the same ports. */
export interface GroupPair {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
  readonly ids: ReachIds;
}

interface Group {
  readonly members: number[];
  /** Sets that its own wide openings name; `all` if one opens to every class, or nothing isolates it. */
  readonly opensTo: readonly ClassSet[] | 'all';
}

/** All pairs of groups that reach each other, by the numbers of both as in `3 7`; and the group of each class, by its number. */
export interface GroupPairs {
  readonly pairs: ReadonlyMap<string, GroupPair>;
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

/**
 * The relation of all wide openings, by groups: classes with the same wide openings that are in the same sets which the other
 * side's wide openings name. Pairs of groups are found through those sets, so that groups that have nothing to do with each other cost nothing.
 */
export function groupPairs(
  classes: readonly PodClass[],
  egress: readonly Side[],
  ingress: readonly Side[],
  between: (source: number, destination: number) => ReachIds,
): GroupPairs {
  const sources = group(classes, egress, memberships(ingress, classes.length), noDetail);
  const named = [...egress, ...ingress].some((side) => side.wide.some(({ ports }) => ports.hasNames));
  const destinations = group(classes, ingress, memberships(egress, classes.length), named ? portNames : noDetail);

  const found = new Map<string, GroupPair>();
  const compare = (s: number, d: number) => {
    const key = `${s} ${d}`;
    if (found.has(key)) return;
    const [from, to] = [sources.groups[s]!.members, destinations.groups[d]!.members];
    const ids = between(from[0]!, to[0]!);
    if (ids.possible !== noPorts) found.set(key, { sources: from, destinations: to, ids });
  };

  const sourcesIn = groupsBySet(sources, ingress);
  const destinationsIn = groupsBySet(destinations, egress);
  const openDestinations = [...destinations.groups.keys()].filter((d) => destinations.groups[d]!.opensTo === 'all');
  for (const [s, { members, opensTo }] of sources.groups.entries()) {
    const { network } = classes[members[0]!]!.end;
    // Whatever the destination's policies say: it may be on the same node.
    if (opensTo === 'all' && network === 'host') for (const d of destinations.groups.keys()) compare(s, d);
    else if (opensTo === 'all') for (const d of openDestinations) compare(s, d);
    else for (const set of opensTo) for (const d of destinationsIn.get(set) ?? []) compare(s, d);
  }
  for (const [d, { opensTo }] of destinations.groups.entries()) {
    if (opensTo === 'all') continue;
    for (const set of opensTo) {
      for (const s of sourcesIn.get(set) ?? []) if (sources.groups[s]!.opensTo === 'all') compare(s, d);
    }
  }
  return { pairs: found, sources: sources.numbers, destinations: destinations.numbers };
}

interface Grouping {
  readonly groups: readonly Group[];
  /** The group of each class. */
  readonly numbers: readonly number[];
}

function group(
  classes: readonly PodClass[],
  sides: readonly Side[],
  memberOf: readonly (readonly number[])[],
  detail: (podClass: PodClass) => string,
): Grouping {
  const keys = new Map<string, number>();
  const groups: { members: number[]; opensTo: Group['opensTo'] }[] = [];
  const wideKey = keyOfOpenings();
  const numbers = classes.map((podClass) => {
    const side = sides[podClass.index]!;
    const { network } = podClass.end;
    const key = [side.isolation, wideKey(side.wide), memberOf[podClass.index]!.join(), network, detail(podClass)].join(
      '|',
    );
    let number = keys.get(key);
    if (number === undefined) {
      number = groups.push({ members: [], opensTo: opensTo(side) }) - 1;
      keys.set(key, number);
    }
    groups[number]!.members.push(podClass.index);
    return number;
  });
  return { groups, numbers };
}

function opensTo({ isolation, wide }: Side): Group['opensTo'] {
  if (isolation !== 'certain') return 'all';
  const sets = wide.map(({ peers }) => peers);
  return sets.includes('all') ? 'all' : [...new Set(sets as ClassSet[])];
}

/** Sets that the wide openings of these sides name, each once. */
function wideSets(sides: readonly Side[]): ClassSet[] {
  const sets = new Set<ClassSet>();
  for (const side of new Set(sides)) for (const { peers } of side.wide) if (peers !== 'all') sets.add(peers);
  return [...sets];
}

/** For each class, the numbers of the wide sets that it is in. */
function memberships(sides: readonly Side[], count: number): number[][] {
  const memberOf: number[][] = Array.from({ length: count }, () => []);
  for (const [number, set] of wideSets(sides).entries()) {
    for (const member of set.members) memberOf[member]!.push(number);
  }
  return memberOf;
}

function groupsBySet({ numbers }: Grouping, sides: readonly Side[]): Map<ClassSet, readonly number[]> {
  return new Map(
    wideSets(sides).map((set) => [set, [...new Set(set.members.map((member) => numbers[member]!))]] as const),
  );
}

/** A text for a list of openings, equal for equal lists. */
function keyOfOpenings(): (openings: readonly Opening[]) => string {
  const numbers = new Map<unknown, number>();
  const numberOf = (thing: unknown) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
  return (openings) => openings.map((o) => `${numberOf(o.peers)} ${numberOf(o.ports)} ${o.certainty}`).join();
}

function portNames({ end }: PodClass): string {
  return end.ports.map((port) => `${port.name}:${port.number}/${port.protocol}`).join();
}

function noDetail(): string {
  return '';
}
