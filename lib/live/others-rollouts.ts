/** So long copies are taken for those of a roll-out that is under way, which takes seconds; one that was killed leaves them for good. */
const longestMs = 60_000;
/** The time that was waited is had again in ten times as long, so that whoever makes copies again and again holds up little. */
const regained = 1 / 10;

interface Seen {
  readonly at: number;
  /** For how long the namespace may still be left alone. */
  readonly left: number;
  readonly copies: 'there' | 'gone';
}

/** Namespaces in which somebody else rolls out, as `tierwall apply` does: what its copies hold for a moment must not be taken from it. */
export class OthersRollouts {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly now: () => number = Date.now) {}

  /** For how long a namespace is to be left alone, and whether that begins now; undefined if it is not. */
  pause(
    namespace: string,
    copies: readonly unknown[],
  ): { readonly ms: number; readonly begins: 'now' | 'earlier' } | undefined {
    const at = this.now();
    const before = this.seen.get(namespace) ?? { at, left: longestMs, copies: 'gone' };
    const passed = at - before.at;
    const left =
      before.copies === 'there'
        ? Math.max(0, before.left - passed)
        : Math.min(longestMs, before.left + passed * regained);
    this.seen.set(namespace, { at, left, copies: copies.length > 0 ? 'there' : 'gone' });
    if (copies.length === 0 || left === 0) return undefined;
    return { ms: Math.ceil(left), begins: before.copies === 'there' ? 'earlier' : 'now' };
  }
}
