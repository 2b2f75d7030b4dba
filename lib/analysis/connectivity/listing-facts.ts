import { PortSet } from '../../sets/port-set';
import { type Block, type Connectivity, type Reach, unknownPorts } from './connectivity';
import type { Cell, Cells } from './listing-cells';
import { filteredPorts, type ListingFilters } from './listing-filters';
import { noReasons, type Reasons, reasonsFor } from './listing-reasons';
import type { PodClass } from './pod-classes';

/** Every source may reach every destination on these ports. */
export interface Fact {
  readonly sources: Cell;
  readonly destinations: Cell;
  readonly ports: PortSet;
  readonly decision: 'allowed' | 'unknown';
  readonly because: Reasons;
}

/** What the filters leave of the relation. A pair of single classes is not told again what a pair of their groups says. */
export function* factsOf(connectivity: Connectivity, cells: Cells, filters: ListingFilters): Generator<Fact> {
  const groups = groupsOf(connectivity.blocks());
  for (const block of connectivity.blocks()) {
    const sources = cells.ofSide('sources', block.sources);
    for (const destinations of byPortFilter(block.destinations, filters)) {
      const pairs = [...filteredPairs(sources, destinations.cell(cells), cells, filters)];
      if (pairs.length === 0) continue;
      for (const part of partsOf(block, groups(block), destinations.ports, connectivity, cells)) {
        for (const [from, to] of pairs) yield { sources: from, destinations: to, ...part };
      }
    }
  }
}

type Part = Pick<Fact, 'ports' | 'decision' | 'because'>;

function* partsOf(
  block: Block,
  group: Block | undefined,
  filter: PortSet,
  connectivity: Connectivity,
  cells: Cells,
): Generator<Part> {
  const reach: Reach = { certain: block.certain.intersect(filter), possible: block.possible.intersect(filter) };
  const told = group ?? { certain: PortSet.empty, possible: PortSet.empty };
  const allowed = reach.certain.subtract(told.certain);
  if (!allowed.isEmpty) yield { ports: allowed, decision: 'allowed', because: noReasons };
  const unknown = unknownPorts(reach).subtract(told.possible);
  if (unknown.isEmpty) return;
  // None: every pair is decided by rows of its own.
  const because = reasonsOf(block, unknown, connectivity, cells);
  if (because.size > 0) yield { ports: unknown, decision: 'unknown', because };
}

/** Those of the first pair of the block on which nothing else decides. */
function reasonsOf(block: Block, unknown: PortSet, connectivity: Connectivity, cells: Cells): Reasons {
  const destinations = cells.inOrder('destinations', block.destinations);
  for (const source of cells.inOrder('sources', block.sources)) {
    for (const destination of destinations) {
      const { certain } = connectivity.between(source.index, destination.index);
      const sides = [connectivity.sideOf(source.index, 'egress'), connectivity.sideOf(destination.index, 'ingress')];
      // Another pod than the source, also where the two are replicas.
      const ends = { source: source.end, destination: { ...destination.end } };
      const because = reasonsFor(connectivity, ends, sides, { certain, possible: unknown });
      if (because.size > 0) return because;
    }
  }
  return noReasons;
}

function* filteredPairs(
  sources: Cell,
  destinations: Cell,
  cells: Cells,
  { from, to, focus }: ListingFilters,
): Generator<readonly [Cell, Cell]> {
  const source = from ? cells.within(sources, from.workloads) : sources;
  const destination = to ? cells.within(destinations, to.workloads) : destinations;
  if (!source || !destination) return;
  if (!focus) return yield [source, destination];
  const focused = cells.within(source, focus.workloads);
  if (focused) yield [focused, destination];
  const others = focused ? cells.without(source, focus.workloads) : source;
  const reached = cells.within(destination, focus.workloads);
  if (others && reached) yield [others, reached];
}

interface FilteredDestinations {
  readonly ports: PortSet;
  cell(cells: Cells): Cell;
}

/** A name may stand for other ports on other destinations. */
function byPortFilter(classes: readonly PodClass[], filters: ListingFilters): FilteredDestinations[] {
  const named = filters.ports?.set.items().some((item) => 'name' in item);
  const whole = (ports: PortSet) => [{ ports, cell: (cells: Cells) => cells.ofSide('destinations', classes) }];
  if (!named) return whole(filteredPorts(filters, []));
  const parts = new Map<string, { ports: PortSet; classes: PodClass[] }>();
  for (const podClass of classes) {
    const ports = filteredPorts(filters, podClass.end.ports);
    const part = parts.get(`${ports}`);
    if (part) part.classes.push(podClass);
    else parts.set(`${ports}`, { ports, classes: [podClass] });
  }
  if (parts.size === 1) return whole([...parts.values()][0]!.ports);
  return [...parts.values()].map((part) => ({
    ports: part.ports,
    cell: (cells) => cells.union(part.classes.map((podClass) => cells.ofSide('destinations', [podClass]))),
  }));
}

/** Finds, for a pair of single classes, the block of their groups. */
function groupsOf(blocks: readonly Block[]): (block: Block) => Block | undefined {
  const [sourceGroup, destinationGroup] = [new Map<number, number>(), new Map<number, number>()];
  const found = new Map<string, Block>();
  for (const block of blocks) {
    if (isSingle(block)) continue;
    const [source, destination] = [join(sourceGroup, block.sources), join(destinationGroup, block.destinations)];
    found.set(`${source} ${destination}`, block);
  }
  return (block) => {
    if (!isSingle(block)) return undefined;
    const [source, destination] = [block.sources[0]!.index, block.destinations[0]!.index];
    return found.get(`${sourceGroup.get(source)} ${destinationGroup.get(destination)}`);
  };
}

function isSingle({ sources, destinations }: Block): boolean {
  return sources.length === 1 && destinations.length === 1;
}

/** Notes the group of classes, by its first, once. */
function join(groups: Map<number, number>, classes: readonly PodClass[]): number {
  const [{ index }] = classes as [PodClass];
  if (!groups.has(index)) for (const member of classes) groups.set(member.index, index);
  return index;
}
