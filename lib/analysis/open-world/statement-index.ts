import type { LabelBox } from '../../sets/label-box';
import type { Statement } from './statement';

/**
 * Finds, among many statements, those that may meet a given one, without comparing each with each: by the label, of those that
 * it asks for, with the fewest candidates. Building is linear; statements of other namespaces, directions and kinds of peer cost nothing.
 */
export class StatementIndex<T extends Statement> {
  private readonly buckets = new Map<string, (Bucket<T> | undefined)[]>();

  constructor(statements: Iterable<T>) {
    for (const statement of statements) {
      let own = this.buckets.get(statement.namespace);
      if (!own) {
        own = [];
        this.buckets.set(statement.namespace, own);
      }
      const slot = slotOf(statement);
      own[slot] ??= new Bucket<T>();
      own[slot].add(statement);
    }
  }

  /** Statements that may have a connection in common with this one, in the order in which they were given. */
  near(statement: Statement): readonly T[] {
    return this.buckets.get(statement.namespace)?.[slotOf(statement)]?.near(statement.labels) ?? [];
  }
}

/** Whether two are of one namespace, direction and kind of peer: only such may have a connection in common. */
export function areOfOneKind(a: Statement, b: Statement): boolean {
  return a.namespace === b.namespace && slotOf(a) === slotOf(b);
}

/** By direction and kind of peer: only statements that have both in common may meet. */
function slotOf({ direction, addresses, peers }: Statement): number {
  return (direction === 'ingress' ? 3 : 0) + (peers ? 2 : addresses ? 1 : 0);
}

/** Statements by the values that they ask for, key by key. */
class Bucket<T extends Statement> {
  private readonly all: T[] = [];
  private readonly byKey = new Map<string, { readonly byValue: Map<string, number[]>; readonly asking: Set<number> }>();
  private readonly notAsking = new Map<string, readonly number[]>();

  add(statement: T): void {
    const number = this.all.push(statement) - 1;
    for (const key of statement.labels.keys) {
      const values = statement.labels.valuesOf(key);
      if (!values) continue;
      let entry = this.byKey.get(key);
      if (!entry) {
        entry = { byValue: new Map(), asking: new Set() };
        this.byKey.set(key, entry);
      }
      entry.asking.add(number);
      for (const value of values) {
        const list = entry.byValue.get(value);
        if (list) list.push(number);
        else entry.byValue.set(value, [number]);
      }
    }
  }

  near(labels: LabelBox): readonly T[] {
    let least = this.all.length;
    let found: (() => readonly number[]) | undefined;
    for (const key of labels.keys) {
      const values = labels.valuesOf(key);
      const entry = this.byKey.get(key);
      if (!values || !entry) continue;
      const lists = values.map((value) => entry.byValue.get(value) ?? []);
      const count = this.all.length - entry.asking.size + lists.reduce((sum, list) => sum + list.length, 0);
      if (count >= least) continue;
      least = count;
      found = () => inOrder(lists, this.without(key, entry.asking));
    }
    return found ? found().map((number) => this.all[number]!) : this.all;
  }

  private without(key: string, asking: ReadonlySet<number>): readonly number[] {
    let list = this.notAsking.get(key);
    if (!list) {
      list = this.all.map((_, number) => number).filter((number) => !asking.has(number));
      this.notAsking.set(key, list);
    }
    return list;
  }
}

/** All numbers once, ascending. Each list is so itself, and `rest` has none in common with them. */
function inOrder(lists: readonly (readonly number[])[], rest: readonly number[]): readonly number[] {
  const listed = lists.length === 1 ? lists[0]! : [...new Set(lists.flat())];
  if (rest.length === 0 && lists.length === 1) return listed;
  return [...listed, ...rest].sort((a, b) => a - b);
}
