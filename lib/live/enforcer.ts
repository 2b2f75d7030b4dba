import { setTimeout as wait } from 'node:timers/promises';
import type { DriftWorld } from '../analysis/drift/drift-world';
import { planRollout } from '../analysis/rollout/plan';
import type { Step } from '../analysis/rollout/step';
import { ApiFailure } from '../cluster/api-failure';
import type { ApiServer } from '../cluster/api-server';
import type { WriteMode } from '../cluster/policy-writes';
import { rolloutOf } from './namespace-rollout';
import { RateLimit } from './rate-limit';
import { runSteps } from './rollout-run';

export interface EnforcerOptions {
  readonly mode: WriteMode;
  readonly leftovers: 'kept' | 'removed';
  readonly writesPerMinute: number;
}

export type Enforced =
  | { readonly result: 'written' | 'deleted' | 'would-write'; readonly step: Step }
  | { readonly result: 'failed'; readonly namespace: string; readonly failure: ApiFailure }
  /** Somebody else changes it back again and again: it is left alone for a while. */
  | { readonly result: 'contested'; readonly namespace: string; readonly forMs: number };

/** Putting back more often than this within ten minutes is a quarrel. */
const mostTimes = 5;
const quarrelMs = 600_000;
const [firstTruce, longestTruce] = [30_000, 900_000];

/** Puts back what the intent owns, one namespace after the other, in an order that widens nothing. */
export class Enforcer {
  private readonly limit: RateLimit;
  private readonly times = new Map<string, number[]>();
  private readonly truces = new Map<string, { readonly until: number; readonly ms: number }>();
  private readonly tried = new Map<string, string>();

  constructor(
    private readonly api: ApiServer,
    private readonly options: EnforcerOptions,
    private readonly report: (enforced: Enforced) => void,
  ) {
    this.limit = new RateLimit(options.writesPerMinute);
  }

  /**
   * @param isAllowed asked before each write: another one may have become the leader
   * @returns the namespaces that have to be looked at again, and when at the earliest
   */
  async enforce(world: DriftWorld, isAllowed: () => boolean, signal: AbortSignal): Promise<number | undefined> {
    let again: number | undefined;
    const later = (ms: number) => {
      again = Math.min(again ?? ms, ms);
    };
    for (const namespace of world.managed) {
      if (!world.isPresent(namespace) || !isAllowed() || signal.aborted) continue;
      const truce = this.truces.get(namespace);
      if (truce && truce.until > Date.now()) {
        later(truce.until - Date.now());
        continue;
      }
      const choice = { leftovers: this.options.leftovers, foreign: 'kept', metadata: 'kept' } as const;
      const rollout = rolloutOf(world, namespace, choice);
      if (rollout.write.length + rollout.remove.length === 0) {
        this.tried.delete(namespace);
        continue;
      }
      if (this.isQuarrel(namespace)) {
        const ms = Math.min((truce?.ms ?? firstTruce / 2) * 2, longestTruce);
        this.truces.set(namespace, { until: Date.now() + ms, ms });
        this.report({ result: 'contested', namespace, forMs: ms });
        later(ms);
        continue;
      }
      const steps = planRollout(rollout, world.universe);
      // A dry run changes nothing, so that the same would be tried for ever.
      const text = steps.map(({ kind, policy }) => `${kind} ${policy.name}`).join();
      if (this.options.mode === 'dry-run' && this.tried.get(namespace) === text) continue;
      this.tried.set(namespace, text);
      try {
        await runSteps(steps, {
          api: this.api,
          live: rollout.live,
          mode: this.options.mode,
          signal,
          before: async () => {
            await this.limit.take(signal);
            if (!isAllowed()) throw new ApiFailure('conflict', `enforce ${namespace}`, 'another one leads now');
          },
          done: (step) => this.done(step),
        });
        this.note(namespace);
      } catch (error) {
        if (signal.aborted) return again;
        if (!(error instanceof ApiFailure)) throw error;
        // What is not as it was seen will be seen soon.
        later(error.kind === 'conflict' ? 500 : 5_000);
        if (error.kind !== 'conflict') this.report({ result: 'failed', namespace, failure: error });
      }
    }
    return again;
  }

  private done(step: Step): void {
    const real = step.kind === 'delete' ? 'deleted' : 'written';
    this.report({ result: this.options.mode === 'dry-run' ? 'would-write' : real, step });
  }

  private note(namespace: string): void {
    if (this.options.mode === 'real') this.times.set(namespace, [...this.recent(namespace), Date.now()]);
  }

  private isQuarrel(namespace: string): boolean {
    return this.recent(namespace).length >= mostTimes;
  }

  private recent(namespace: string): number[] {
    return (this.times.get(namespace) ?? []).filter((time) => time > Date.now() - quarrelMs);
  }
}

/** So that a wait that the signal ends is no failure. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
