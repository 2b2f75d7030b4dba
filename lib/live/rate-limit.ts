import { setTimeout as wait } from 'node:timers/promises';

/** Lets so many through in a minute, and a sixth of that at once. */
export class RateLimit {
  private tokens: number;
  private at: number;
  private readonly most: number;

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = Date.now,
  ) {
    this.most = Math.max(1, perMinute / 6);
    this.tokens = this.most;
    this.at = now();
  }

  /** Undefined if one may go at once, which it then has; else in how many milliseconds one may. */
  tryTake(): number | undefined {
    const now = this.now();
    this.tokens = Math.min(this.most, this.tokens + ((now - this.at) * this.perMinute) / 60_000);
    this.at = now;
    if (this.tokens >= 1) {
      this.tokens--;
      return undefined;
    }
    return Math.ceil(((1 - this.tokens) * 60_000) / this.perMinute);
  }

  /** @throws AbortError when the signal ends the wait */
  async take(signal: AbortSignal): Promise<void> {
    for (let ms = this.tryTake(); ms !== undefined; ms = this.tryTake()) await wait(ms, undefined, { signal });
  }
}
