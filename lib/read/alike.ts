/** So many different ones are kept; then all are forgotten, since a process that watches a cluster may run for months. */
const most = 100_000;

/** Immutable values that many objects have in common, each made once: it is then also compared and written out once. */
export class Alike<T> {
  private readonly known = new Map<string, T>();

  /** @param key tells the value from every other one @param make called where the value is not there yet */
  of(key: string, make: () => T): T {
    let value = this.known.get(key);
    if (value === undefined) {
      if (this.known.size >= most) this.known.clear();
      value = make();
      this.known.set(key, value);
    }
    return value;
  }
}
