import type { PortSet } from '../../sets/port-set';
import type { Cells } from './listing-cells';
import type { Fact } from './listing-facts';
import { unionOfReasons } from './listing-reasons';
import { compareCells, joinRows, withoutItself } from './row-joining';

/** The same relation in fewer rows: facts that differ in one side, or in nothing but ports, become one. */
export function rowsOf(facts: Iterable<Fact>, cells: Cells): Fact[] {
  const rows = joinRows(facts, cells, {
    kindOf,
    combine: (alike) => ({
      ports: alike.map(({ ports }) => ports).reduce((a: PortSet, b) => a.union(b)),
      decision: alike[0]!.decision,
      because: alike.map(({ because }) => because).reduce(unionOfReasons),
    }),
    alike: (row) => `${row.sources.id} ${row.destinations.id} ${reasonKey(row)}`,
  });
  return rows.flatMap((row) => withoutItself(row, cells)).sort(inOrder);
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

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function kindOf(fact: Fact): string {
  return `${fact.ports} ${reasonKey(fact)}`;
}

function reasonKey({ decision, because }: Fact): string {
  return `${decision} ${[...because.keys()].sort().join()}`;
}
