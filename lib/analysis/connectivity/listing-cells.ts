import type { Cluster, PlacedWorkload } from '../../model/cluster';
import type { PodClass } from './pod-classes';

/** A set of workloads, by their numbers in the order of the listing; equal sets are the same object. */
export interface Cell {
  readonly id: number;
  /** Ascending, at least one. */
  readonly numbers: readonly number[];
}

interface Split {
  readonly inside: Cell | undefined;
  readonly outside: Cell | undefined;
}

/** Numbers the workloads of a cluster by namespace, name and kind, and keeps each set of them once. */
export class Cells {
  readonly workloads: readonly PlacedWorkload[];
  private readonly numberOf: ReadonlyMap<PlacedWorkload, number>;
  private readonly known = new Map<string, Cell>();
  private readonly ofClasses = { sources: new Map<number, Cell>(), destinations: new Map<number, Cell>() };
  private readonly sorted = new Map<Cell, readonly PodClass[]>();
  private readonly splits = new Map<ReadonlySet<PlacedWorkload>, Map<Cell, Split>>();

  constructor(cluster: Pick<Cluster, 'workloads'>) {
    this.workloads = [...cluster.workloads].sort(byName);
    this.numberOf = new Map(this.workloads.map((workload, number) => [workload, number] as const));
  }

  of(numbers: Iterable<number>): Cell | undefined {
    const sorted = [...new Set(numbers)].sort((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    const key = sorted.join();
    let cell = this.known.get(key);
    if (!cell) {
      cell = { id: this.known.size, numbers: sorted };
      this.known.set(key, cell);
    }
    return cell;
  }

  /** @param workloads of the cluster; at least one */
  ofWorkloads(workloads: readonly PlacedWorkload[]): Cell {
    return this.of(workloads.map((workload) => this.numberOf.get(workload)!))!;
  }

  /**
   * The workloads of one side of a block. Blocks are pairs of single classes, or of groups into which all classes are divided on that
   * side: so the first class and the count tell which group it is.
   */
  ofSide(side: 'sources' | 'destinations', classes: readonly PodClass[]): Cell {
    const known = this.ofClasses[side];
    const key = classes[0]!.index * (this.workloads.length + 1) + classes.length;
    let cell = known.get(key);
    if (!cell) {
      cell = this.ofWorkloads(classes.flatMap(({ workloads }) => workloads));
      known.set(key, cell);
    }
    return cell;
  }

  /** The classes by their first workload in the listing, whatever the order of the input. */
  inOrder(side: 'sources' | 'destinations', classes: readonly PodClass[]): readonly PodClass[] {
    if (classes.length === 1) return classes;
    const cell = this.ofSide(side, classes);
    let sorted = this.sorted.get(cell);
    if (!sorted) {
      const first = (podClass: PodClass) => this.ofSide(side, [podClass]).numbers[0]!;
      sorted = [...classes].sort((a, b) => first(a) - first(b));
      this.sorted.set(cell, sorted);
    }
    return sorted;
  }

  union(cells: readonly Cell[]): Cell {
    return cells.length === 1 ? cells[0]! : this.of(cells.flatMap(({ numbers }) => numbers))!;
  }

  within(cell: Cell, set: ReadonlySet<PlacedWorkload>): Cell | undefined {
    return this.split(cell, set).inside;
  }

  without(cell: Cell, set: ReadonlySet<PlacedWorkload>): Cell | undefined {
    return this.split(cell, set).outside;
  }

  private split(cell: Cell, set: ReadonlySet<PlacedWorkload>): Split {
    let known = this.splits.get(set);
    if (!known) {
      known = new Map();
      this.splits.set(set, known);
    }
    let split = known.get(cell);
    if (!split) {
      const isIn = (number: number) => set.has(this.workloads[number]!);
      split = { inside: this.of(cell.numbers.filter(isIn)), outside: this.of(cell.numbers.filter((n) => !isIn(n))) };
      known.set(cell, split);
    }
    return split;
  }
}

function byName(a: PlacedWorkload, b: PlacedWorkload): number {
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.kind, b.kind);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
