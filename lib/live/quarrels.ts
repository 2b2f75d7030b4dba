/** Putting something back more often than this within ten minutes is a quarrel with somebody who changes it. */
const mostTimes = 5;
const remembered = 600_000;
const [firstTruce, longestTruce] = [30_000, 900_000];

/** Keeps from writing the same again and again: what is fought over is left alone, longer each time. */
export class Quarrels {
  private readonly times = new Map<string, readonly number[]>();
  private readonly truces = new Map<string, { readonly until: number; readonly ms: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** That it was put back. */
  note(name: string): void {
    this.times.set(name, [...this.recent(name), this.now()]);
  }

  /** For how long it is to be left alone, and whether that begins now; undefined if it is not. */
  truce(name: string): { readonly ms: number; readonly begins: 'now' | 'earlier' } | undefined {
    const now = this.now();
    const truce = this.truces.get(name);
    if (truce && truce.until > now) return { ms: truce.until - now, begins: 'earlier' };
    if (this.recent(name).length < mostTimes) return undefined;
    const ms = Math.min(truce ? truce.ms * 2 : firstTruce, longestTruce);
    this.truces.set(name, { until: now + ms, ms });
    return { ms, begins: 'now' };
  }

  private recent(name: string): readonly number[] {
    const recent = (this.times.get(name) ?? []).filter((time) => time > this.now() - remembered);
    // A quarrel that ended is forgotten.
    if (recent.length === 0 && this.times.delete(name)) this.truces.delete(name);
    return recent;
  }
}
