import type { PortSet } from '../../sets/port-set';
import type { Cell, Cells } from './listing-cells';
import type { Fact } from './listing-facts';
import { unionOfReasons } from './listing-reasons';

/** Up to so many workloads, sets are compared by what they hold; above, by what they are made of. */
const small = 2000;

/**
 * The same relation in fewer rows: facts that differ in one side only become one. Which side is joined first is decided, for each set of ports, by
 * what gives the shorter text. Neither the order of the facts nor that of the input matters.
 */
export function rowsOf(facts: Iterable<Fact>, cells: Cells): Fact[] {
  let rows: Fact[] = [];
  for (const alike of groupedBy(facts, kindOf).values()) {
    const [byDestination, bySource] = [joined(alike, 'destinations', cells), joined(alike, 'sources', cells)];
    for (const plan of lengthOf(bySource) < lengthOf(byDestination) ? bySource : byDestination) rows.push(plan.build());
  }
  for (let before = Number.POSITIVE_INFINITY; rows.length < before; ) {
    before = rows.length;
    rows = merge(rows, (row) => `${row.sources.id} ${row.destinations.id} ${reasonKey(row)}`, cells);
    rows = merge(rows, (row) => `${row.destinations.id} ${kindOf(row)}`, cells);
    rows = merge(rows, (row) => `${row.sources.id} ${kindOf(row)}`, cells);
  }
  return rows.flatMap((row) => withoutItself(row, cells)).sort(inOrder);
}

interface Plan {
  readonly length: number;
  build(): Fact;
}

/** One row for all values of the `key` side with the same other side. */
function joined(facts: readonly Fact[], key: 'sources' | 'destinations', cells: Cells): Plan[] {
  const other = key === 'sources' ? 'destinations' : 'sources';
  const opposite = [...groupedBy(facts, (fact) => `${fact[key].id}`).values()].map((group) => ({
    group,
    cell: group[0]![key],
    others: distinct(group.map((fact) => fact[other])),
  }));
  const setKey = (list: readonly Cell[]) =>
    sizeOf(list) <= small ? `set ${cells.union(list).id}` : list.map(({ id }) => id).join();
  return [...groupedBy(opposite, ({ others }) => setKey(others)).values()].map((alike) => {
    const { others } = alike[0]!;
    const own = distinct(alike.map(({ cell }) => cell));
    return {
      length: sizeOf(own) + sizeOf(others),
      build: () => {
        const [sources, destinations] = key === 'sources' ? [own, others] : [others, own];
        const because = alike.flatMap(({ group }) => group.map((fact) => fact.because)).reduce(unionOfReasons);
        const { ports, decision } = facts[0]!;
        return { sources: cells.union(sources), destinations: cells.union(destinations), ports, decision, because };
      },
    };
  });
}

function merge(rows: readonly Fact[], keyOf: (row: Fact) => string, cells: Cells): Fact[] {
  return [...groupedBy(rows, keyOf).values()].map((alike) => {
    if (alike.length === 1) return alike[0]!;
    return {
      sources: cells.union(distinct(alike.map(({ sources }) => sources))),
      destinations: cells.union(distinct(alike.map(({ destinations }) => destinations))),
      ports: alike.map(({ ports }) => ports).reduce((a: PortSet, b) => a.union(b)),
      decision: alike[0]!.decision,
      because: alike.map(({ because }) => because).reduce(unionOfReasons),
    };
  });
}

/** A single Pod reaches itself anyway, and has no replicas. */
function withoutItself(row: Fact, cells: Cells): Fact[] {
  const drop = (side: 'sources' | 'destinations', other: Cell): Cell | undefined => {
    const [only] = other.numbers;
    if (other.numbers.length > 1 || cells.workloads[only!]!.kind !== 'Pod') return row[side];
    return row[side].numbers.includes(only!) ? cells.of(row[side].numbers.filter((n) => n !== only)) : row[side];
  };
  const sources = drop('sources', row.destinations);
  const destinations = drop('destinations', row.sources);
  return sources && destinations ? [{ ...row, sources, destinations }] : [];
}

function inOrder(a: Fact, b: Fact): number {
  return (
    compareCells(a.sources, b.sources) ||
    compareCells(a.destinations, b.destinations) ||
    compareTexts(a.decision, b.decision) ||
    compareTexts(`${a.ports}`, `${b.ports}`) ||
    compareTexts(reasonKey(a), reasonKey(b))
  );
}

export function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  for (const [i, number] of a.numbers.entries()) {
    const other = b.numbers[i];
    if (other === undefined) return 1;
    if (number !== other) return number - other;
  }
  return -1;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function kindOf(fact: Fact): string {
  return `${fact.ports} ${reasonKey(fact)}`;
}

function reasonKey({ decision, because }: Fact): string {
  return `${decision} ${[...because.keys()].sort().join()}`;
}

function distinct(list: readonly Cell[]): Cell[] {
  return [...new Set(list)].sort((a, b) => a.id - b.id);
}

function sizeOf(list: readonly Cell[]): number {
  return list.reduce((sum, { numbers }) => sum + numbers.length, 0);
}

function lengthOf(plans: readonly Plan[]): number {
  return plans.reduce((sum, { length }) => sum + length, 0);
}

function groupedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
