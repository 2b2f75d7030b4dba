import { setTimeout as wait } from 'node:timers/promises';
import type { DriftWorld } from '../analysis/drift/drift-world';
import { metadataOf } from '../analysis/drift/ownership';
import { planRollout } from '../analysis/rollout/plan';
import type { Step } from '../analysis/rollout/step';
import { ApiFailure } from '../cluster/api-failure';
import type { ApiServer } from '../cluster/api-server';
import type { Seen, WriteMode } from '../cluster/policy-writes';
import { type Policy, policyToString } from '../model/policy';
import { textOf } from '../validation/json-value';
import { type NamespaceRollout, rolloutOf } from './namespace-rollout';
import { OthersRollouts } from './others-rollouts';
import { Quarrels } from './quarrels';
import { RateLimit } from './rate-limit';
import { runSteps } from './rollout-run';

export interface EnforcerOptions {
  readonly mode: WriteMode;
  readonly leftovers: 'kept' | 'removed';
  readonly writesPerMinute: number;
}

export type Enforced =
  | { readonly result: 'written' | 'deleted' | 'would-write' | 'would-delete'; readonly step: Step }
  | { readonly result: 'failed'; readonly namespace: string; readonly failure: ApiFailure }
  /** Somebody else changes it back again and again: it is left alone for a while. */
  | { readonly result: 'contested'; readonly policy: string; readonly forMs: number }
  /** Somebody else rolls out in the namespace, as its copies tell: it is left alone for a while. */
  | {
      readonly result: 'waiting';
      readonly namespace: string;
      readonly copies: readonly Policy[];
      readonly forMs: number;
    };

/** Puts back what the intent owns, one namespace after the other, in an order that widens nothing. */
export class Enforcer {
  private readonly limit: RateLimit;
  private readonly quarrels = new Quarrels();
  private readonly others = new OthersRollouts();
  /** By their uids. */
  private readonly ownCopies = new Set<string>();
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
   * @returns in how many milliseconds it has to be tried again, if it has
   */
  async enforce(world: DriftWorld, isAllowed: () => boolean, signal: AbortSignal): Promise<number | undefined> {
    let again: number | undefined;
    for (const namespace of world.managed) {
      if (!world.isPresent(namespace) || !isAllowed() || signal.aborted) continue;
      const later = await this.enforceIn(world, namespace, isAllowed, signal);
      if (later !== undefined) again = Math.min(again ?? later, later);
    }
    return again;
  }

  private async enforceIn(
    world: DriftWorld,
    namespace: string,
    isAllowed: () => boolean,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { api, options } = this;
    const rollout = rolloutOf(world, namespace, { leftovers: options.leftovers, foreign: 'kept', metadata: 'kept' });
    const copies = rollout.temporary.filter((policy) => !this.ownCopies.has(textOf(metadataOf(policy)['uid'])));
    const pause = this.others.pause(namespace, copies);
    if (pause?.begins === 'now') this.report({ result: 'waiting', namespace, copies, forMs: pause.ms });
    if (pause) return pause.ms;
    const { write, remove, later } = this.withoutTruces(rollout);
    const steps = planRollout({ ...rollout, write, remove }, world.universe);
    // A dry run changes nothing, so that the same would be tried for ever.
    const text = steps.map(({ kind, policy }) => `${kind} ${policy.name}`).join();
    if (options.mode === 'dry-run' && this.tried.get(namespace) === text) return later;
    this.tried.set(namespace, text);
    try {
      await runSteps(steps, {
        api,
        live: rollout.live,
        mode: options.mode,
        signal,
        before: async () => {
          await this.limit.take(signal);
          if (!isAllowed()) throw new ApiFailure('conflict', `enforce ${namespace}`, 'another one leads now');
        },
        done: (step, written) => this.done(step, written),
      });
      return later;
    } catch (error) {
      if (signal.aborted) return later;
      if (!(error instanceof ApiFailure)) throw error;
      // What is not as it was seen will be seen soon.
      if (error.kind === 'conflict') return 500;
      this.report({ result: 'failed', namespace, failure: error });
      return 5_000;
    }
  }

  /** Leaves out what somebody else changes back again and again. */
  private withoutTruces({ write, remove }: NamespaceRollout) {
    let later: number | undefined;
    const isFree = (policy: Policy) => {
      const name = policyToString(policy);
      const truce = this.quarrels.truce(name);
      if (truce) later = Math.min(later ?? truce.ms, truce.ms);
      if (truce?.begins === 'now') this.report({ result: 'contested', policy: name, forMs: truce.ms });
      return truce === undefined;
    };
    return { write: write.filter(isFree), remove: remove.filter(isFree), later };
  }

  private done(step: Step, written: Seen | undefined): void {
    const isDryRun = this.options.mode === 'dry-run';
    if (!isDryRun) this.quarrels.note(policyToString(step.policy));
    if (step.kind === 'copy' && written) this.ownCopies.add(written.uid);
    const [wrote, deleted] = isDryRun ? (['would-write', 'would-delete'] as const) : (['written', 'deleted'] as const);
    this.report({ result: step.kind === 'delete' ? deleted : wrote, step });
  }
}

/** So that a wait that the signal ends is no failure. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
