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

/** Statements that ask for some list of values of one key. */
interface Asking {
  readonly byValue: Map<string, number[]>;
  count: number;
}

/** Statements by the values that they ask for, key by key. */
class Bucket<T extends Statement> {
  private readonly all: T[] = [];
  private readonly byKey = new Map<string, Asking>();
  private readonly notAsking = new Map<string, readonly number[]>();

  add(statement: T): void {
    const number = this.all.push(statement) - 1;
    for (const { key, values } of statement.labels.lists) {
      let asking = this.byKey.get(key);
      if (!asking) {
        asking = { byValue: new Map(), count: 0 };
        this.byKey.set(key, asking);
      }
      asking.count++;
      for (const value of values) {
        const list = asking.byValue.get(value);
        if (list) list.push(number);
        else asking.byValue.set(value, [number]);
      }
    }
  }

  near(labels: LabelBox): readonly T[] {
    let least = this.all.length;
    let found: { readonly key: string; readonly values: readonly string[] } | undefined;
    for (const list of labels.lists) {
      const asking = this.byKey.get(list.key);
      if (!asking) continue;
      let count = this.all.length - asking.count;
      for (const value of list.values) count += asking.byValue.get(value)?.length ?? 0;
      if (count >= least) continue;
      least = count;
      found = list;
    }
    if (!found) return this.all;
    const { byValue } = this.byKey.get(found.key)!;
    const lists = found.values.map((value) => byValue.get(value) ?? []);
    return inOrder(lists, this.without(found.key)).map((number) => this.all[number]!);
  }

  private without(key: string): readonly number[] {
    let list = this.notAsking.get(key);
    if (!list) {
      list = [...this.all.keys()].filter((number) => this.all[number]!.labels.valuesOf(key) === undefined);
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
