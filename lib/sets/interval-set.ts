type Point = number | bigint;

interface Interval<T extends Point> {
  readonly first: T;
  readonly last: T;
}

/**
 * An immutable set of whole numbers as sorted, disjoint, non-adjacent closed intervals.
 * The form is canonical: two sets are equal exactly if their intervals are.
 */
export class IntervalSet<T extends Point> {
  private constructor(readonly intervals: readonly Interval<T>[]) {}

  static empty<T extends Point>(): IntervalSet<T> {
    return new IntervalSet<T>([]);
  }

  /** The numbers from `first` to `last`, both included; empty if `last` is below `first`. */
  static of<T extends Point>(first: T, last: T): IntervalSet<T> {
    return new IntervalSet<T>(first > last ? [] : [{ first, last }]);
  }

  static union<T extends Point>(sets: Iterable<IntervalSet<T>>): IntervalSet<T> {
    const all: Interval<T>[] = [];
    for (const set of sets) for (const interval of set.intervals) all.push(interval);
    all.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const merged: { first: T; last: T }[] = [];
    for (const { first, last } of all) {
      const top = merged[merged.length - 1];
      if (top && first <= successor(top.last)) {
        if (last > top.last) top.last = last;
      } else {
        merged.push({ first, last });
      }
    }
    return new IntervalSet<T>(merged);
  }

  get isEmpty(): boolean {
    return this.intervals.length === 0;
  }

  union(other: IntervalSet<T>): IntervalSet<T> {
    if (other.isEmpty) return this;
    return this.isEmpty ? other : IntervalSet.union([this, other]);
  }

  intersect(other: IntervalSet<T>): IntervalSet<T> {
    const result: Interval<T>[] = [];
    let i = 0;
    let j = 0;
    while (i < this.intervals.length && j < other.intervals.length) {
      const a = this.intervals[i]!;
      const b = other.intervals[j]!;
      const first = a.first > b.first ? a.first : b.first;
      const last = a.last < b.last ? a.last : b.last;
      if (first <= last) result.push({ first, last });
      if (a.last < b.last) i++;
      else j++;
    }
    return new IntervalSet<T>(result);
  }

  subtract(other: IntervalSet<T>): IntervalSet<T> {
    const result: Interval<T>[] = [];
    let j = 0;
    for (const { first, last } of this.intervals) {
      let from = first;
      let done = false;
      while (j < other.intervals.length && other.intervals[j]!.last < from) j++;
      for (let k = j; k < other.intervals.length && other.intervals[k]!.first <= last; k++) {
        const hole = other.intervals[k]!;
        if (hole.first > from) result.push({ first: from, last: predecessor(hole.first) });
        if (hole.last >= last) {
          done = true;
          break;
        }
        from = successor(hole.last);
      }
      if (!done) result.push({ first: from, last });
    }
    return new IntervalSet<T>(result);
  }

  isSubsetOf(other: IntervalSet<T>): boolean {
    return this.subtract(other).isEmpty;
  }

  equals(other: IntervalSet<T>): boolean {
    return (
      this.intervals.length === other.intervals.length &&
      this.intervals.every((a, i) => a.first === other.intervals[i]!.first && a.last === other.intervals[i]!.last)
    );
  }

  /** As in `80,8000-8999`. */
  toString(): string {
    return this.intervals.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  }
}

function successor<T extends Point>(value: T): T {
  return (typeof value === 'bigint' ? value + 1n : (value as number) + 1) as T;
}

function predecessor<T extends Point>(value: T): T {
  return (typeof value === 'bigint' ? value - 1n : (value as number) - 1) as T;
}
