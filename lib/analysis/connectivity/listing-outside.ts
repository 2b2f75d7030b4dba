import type { AddressEnd } from '../../model/connection';
import type { Direction } from '../../model/policy';
import { type AddressSet, addressRanges, everyAddress } from '../../sets/address-set';
import type { PortSet } from '../../sets/port-set';
import { groupedBy } from '../grouping';
import type { AddressReach } from './address-reach';
import { type Connectivity, unknownPorts } from './connectivity';
import type { Cell, Cells } from './listing-cells';
import { filteredPorts, type ListingFilters } from './listing-filters';
import { noReasons, type Reasons, reasonsFor, unionOfReasons } from './listing-reasons';
import type { PodClass } from './pod-classes';
import { compareCells } from './row-joining';

/** Every workload and every address, on these ports. */
export interface OutsideFact {
  readonly direction: Direction;
  readonly addresses: AddressSet;
  readonly workloads: Cell;
  readonly ports: PortSet;
  readonly decision: 'allowed' | 'unknown';
  readonly because: Reasons;
}

/** What the filters leave of connections with addresses outside the cluster: one row for workloads that are alike. */
export function outsideOf(connectivity: Connectivity, cells: Cells, filters: ListingFilters): OutsideFact[] {
  const facts = groupedBy(everyFact(connectivity, cells, filters), ({ key }) => key);
  const rows = [...facts.values()].map((alike) => ({
    ...alike[0]!,
    workloads: cells.union(alike.map(({ workloads }) => workloads)),
    because: alike.map(({ because }) => because).reduce(unionOfReasons),
  }));
  return rows.sort(
    (a, b) =>
      compare(a.direction, b.direction) * -1 ||
      compareCells(a.workloads, b.workloads) ||
      compareSets(a.addresses, b.addresses) ||
      compare(`${a.decision} ${a.ports}`, `${b.decision} ${b.ports}`),
  );
}

function* everyFact(
  connectivity: Connectivity,
  cells: Cells,
  filters: ListingFilters,
): Generator<OutsideFact & { readonly key: string }> {
  const texts = new Map<AddressReach, string>();
  for (const podClass of connectivity.classes) {
    const own = cells.ofSide('sources', [podClass]);
    for (const direction of ['ingress', 'egress'] as const) {
      for (const { workloads, addresses: wanted } of filteredEnds(own, direction, cells, filters)) {
        const ports = filteredPorts(filters, direction === 'ingress' ? podClass.end.ports : []);
        for (const reach of connectivity.addresses(podClass.index, direction)) {
          const addresses = wanted === everyAddress ? reach.addresses : reach.addresses.intersect(wanted);
          if (addresses.isEmpty) continue;
          for (const part of partsOf(connectivity, podClass, direction, { ...reach, addresses }, ports)) {
            let text = wanted === everyAddress ? texts.get(reach) : undefined;
            text ??= `${addresses}`;
            if (wanted === everyAddress) texts.set(reach, text);
            const questions = [...part.because.keys()].sort().join();
            const key = `${direction} ${text} ${part.decision} ${part.ports} ${questions}`;
            yield { key, direction, addresses, workloads, ...part };
          }
        }
      }
    }
  }
}

function* filteredEnds(
  own: Cell,
  direction: Direction,
  cells: Cells,
  { from, to, focus }: ListingFilters,
): Generator<{ readonly workloads: Cell; readonly addresses: AddressSet }> {
  const [near, far] = direction === 'egress' ? [from, to] : [to, from];
  const workloads = near ? cells.within(own, near.workloads) : own;
  const addresses = far ? far.addresses : everyAddress;
  if (!workloads || addresses.isEmpty) return;
  if (!focus) return yield { workloads, addresses };
  const focused = cells.within(workloads, focus.workloads);
  if (focused) yield { workloads: focused, addresses };
  const others = cells.without(workloads, focus.workloads);
  const reached = addresses.intersect(focus.addresses);
  if (others) yield { workloads: others, addresses: reached };
}

function* partsOf(
  connectivity: Connectivity,
  { index, end }: PodClass,
  direction: Direction,
  { addresses, ...reach }: AddressReach,
  filter: PortSet,
): Generator<Pick<OutsideFact, 'ports' | 'decision' | 'because'>> {
  const [certain, possible] = [reach.certain.intersect(filter), reach.possible.intersect(filter)];
  if (!certain.isEmpty) yield { ports: certain, decision: 'allowed', because: noReasons };
  const unknown = unknownPorts({ certain, possible });
  if (unknown.isEmpty) return;
  const outside: AddressEnd = { kind: 'address', address: addressRanges(addresses)[0]!.first };
  const ends = direction === 'egress' ? { source: end, destination: outside } : { source: outside, destination: end };
  const because = reasonsFor(connectivity, ends, [connectivity.sideOf(index, direction)], { certain, possible });
  yield { ports: unknown, decision: 'unknown', because };
}

function compareSets(a: AddressSet, b: AddressSet): number {
  for (const [i, { first, last }] of a.intervals.entries()) {
    const other = b.intervals[i];
    if (other === undefined) return 1;
    if (first !== other.first) return first < other.first ? -1 : 1;
    if (last !== other.last) return last < other.last ? -1 : 1;
  }
  return a.intervals.length - b.intervals.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
