/** So long a copy is taken for one of a roll-out that is under way, which takes seconds; one that was killed leaves it for good. */
const longestMs = 60_000;

/** Namespaces in which somebody else rolls out, as `tierwall apply` does: what its copies hold for a moment must not be taken from it. */
export class OthersRollouts {
  private readonly seen = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  /** For how long a namespace is to be left alone, and whether that begins now; undefined if it is not. */
  pause(
    namespace: string,
    copies: readonly unknown[],
  ): { readonly ms: number; readonly begins: 'now' | 'earlier' } | undefined {
    if (copies.length === 0) {
      this.seen.delete(namespace);
      return undefined;
    }
    const since = this.seen.get(namespace);
    if (since === undefined) this.seen.set(namespace, this.now());
    const ms = (since ?? this.now()) + longestMs - this.now();
    return ms > 0 ? { ms, begins: since === undefined ? 'now' : 'earlier' } : undefined;
  }
}
