import { groupedBy } from '../grouping';
import type { Cell, Cells } from './listing-cells';

/** Something that holds between every source and every destination. */
export interface Pairing {
  readonly sources: Cell;
  readonly destinations: Cell;
}

/** Up to so many workloads, sets are compared by what they hold; above, by what they are made of. */
const small = 2000;

/** How rows of one kind become one. */
export interface Joining<T extends Pairing> {
  /** Rows may be joined to wider ones where it is equal. */
  kindOf(row: T): string;
  /** What the joined row says of its pairs. @param rows at least one, which have one kind or the same pairs */
  combine(rows: readonly T[]): Omit<T, keyof Pairing>;
  /** Rows that are one beside those that differ in one side only. */
  alike?(row: T): string;
}

/**
 * The same in fewer rows: those that differ in one side only become one. Which side is joined first is decided, for each kind, by
 * what gives the shorter text. Neither the order of the rows nor that of the input matters.
 */
export function joinRows<T extends Pairing>(facts: Iterable<T>, cells: Cells, joining: Joining<T>): T[] {
  const { kindOf, alike } = joining;
  let rows: T[] = [];
  for (const kind of groupedBy(facts, kindOf).values()) {
    const [byDestination, bySource] = [
      joined(kind, 'destinations', cells, joining),
      joined(kind, 'sources', cells, joining),
    ];
    for (const plan of lengthOf(bySource) < lengthOf(byDestination) ? bySource : byDestination) rows.push(plan.build());
  }
  for (let before = Number.POSITIVE_INFINITY; rows.length < before; ) {
    before = rows.length;
    if (alike) rows = merge(rows, alike, cells, joining);
    rows = merge(rows, (row) => `${row.destinations.id} ${kindOf(row)}`, cells, joining);
    rows = merge(rows, (row) => `${row.sources.id} ${kindOf(row)}`, cells, joining);
  }
  return rows;
}

interface Plan<T> {
  readonly length: number;
  build(): T;
}

/** One row for all values of the `key` side with the same other side. */
function joined<T extends Pairing>(
  facts: readonly T[],
  key: 'sources' | 'destinations',
  cells: Cells,
  { combine }: Joining<T>,
): Plan<T>[] {
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
        const said = combine(alike.flatMap(({ group }) => group));
        return { ...said, sources: cells.union(sources), destinations: cells.union(destinations) } as T;
      },
    };
  });
}

function merge<T extends Pairing>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  cells: Cells,
  { combine }: Joining<T>,
): T[] {
  return [...groupedBy(rows, keyOf).values()].map((alike) => {
    if (alike.length === 1) return alike[0]!;
    const sources = cells.union(distinct(alike.map((row) => row.sources)));
    const destinations = cells.union(distinct(alike.map((row) => row.destinations)));
    return { ...combine(alike), sources, destinations } as T;
  });
}

/** A single Pod reaches itself anyway, and has no replicas. */
export function withoutItself<T extends Pairing>(row: T, cells: Cells): T[] {
  const drop = (side: 'sources' | 'destinations', other: Cell): Cell | undefined => {
    const [only] = other.numbers;
    if (other.numbers.length > 1 || cells.workloads[only!]!.kind !== 'Pod') return row[side];
    return row[side].numbers.includes(only!) ? cells.of(row[side].numbers.filter((n) => n !== only)) : row[side];
  };
  const sources = drop('sources', row.destinations);
  const destinations = drop('destinations', row.sources);
  return sources && destinations ? [{ ...row, sources, destinations }] : [];
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

function distinct(list: readonly Cell[]): Cell[] {
  return [...new Set(list)].sort((a, b) => a.id - b.id);
}

function sizeOf(list: readonly Cell[]): number {
  return list.reduce((sum, { numbers }) => sum + numbers.length, 0);
}

function lengthOf(plans: readonly { readonly length: number }[]): number {
  return plans.reduce((sum, { length }) => sum + length, 0);
}
