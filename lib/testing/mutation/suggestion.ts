import { InputError } from '../../model/issue';
import type { Survivor } from '../../model/mutation-report';
import { type Assertion, assertionToString } from '../assertion';
import { claimsOf } from '../claims-of';
import type { Network } from '../network';
import { broadTests } from './broad-tests';
import { type Effect, Judge } from './judge';
import type { Mutant } from './mutant';
import { endText, knownAmong, witnessPorts } from './witness-text';

/** So many connections are tried. */
const mostTried = 30;

/** A connection that a change opens or closes, and the test that would notice. */
export type Suggestion = Pick<Survivor, 'connection' | 'effect' | 'test'>;

/**
 * Finds tests that would notice changes, tried out: they hold now, and would not with the change. As few as can be: a test that notices several
 * changes goes before those that notice one.
 */
export class Suggestions {
  private readonly judges = new Map<string, Judge | undefined>();

  /** @param judge of what is stated already */
  constructor(
    private readonly network: Network,
    private readonly judge: Judge,
  ) {}

  /**
   * For each change, in order.
   * @param progress gets for how many changes a test has been looked for
   */
  of(mutants: readonly Mutant[], progress: (done: number) => void): Suggestion[] {
    const broad = mutants.map((mutant, i) => {
      if (i % 50 === 0) progress(i);
      return this.firstGood(broadTests(mutant, this.network), mutant);
    });
    const counts = new Map<string, number>();
    for (const test of broad) if (test) counts.set(test, (counts.get(test) ?? 0) + 1);
    return mutants.map((mutant, i) => this.suggestion(mutant, broad[i], counts.get(broad[i] ?? '') ?? 0));
  }

  private suggestion(mutant: Mutant, broad: string | undefined, count: number): Suggestion {
    let tried = 0;
    let first: Omit<Suggestion, 'test'> | undefined;
    for (const effect of this.judge.effectsOf(mutant)) {
      for (const { assertion, connection } of witnessesOf(effect, this.network)) {
        const told = { connection, effect: effect.effect };
        first ??= told;
        if (count > 1) return { ...told, test: broad! };
        if (this.isGood(assertion, mutant)) return { ...told, test: textOf(assertion) };
      }
      if (++tried === mostTried) break;
    }
    return { connection: '', effect: 'opened', ...first, test: broad ?? '' };
  }

  private firstGood(assertions: Iterable<Assertion>, mutant: Mutant): string | undefined {
    for (const assertion of assertions) if (this.isGood(assertion, mutant)) return textOf(assertion);
    return undefined;
  }

  private isGood(assertion: Assertion, mutant: Mutant): boolean {
    const text = textOf(assertion);
    if (!this.judges.has(text)) this.judges.set(text, this.judgeOf(assertion));
    return this.judges.get(text)?.notices(mutant) ?? false;
  }

  /** Undefined where it does not hold now, or names nothing. */
  private judgeOf(assertion: Assertion): Judge | undefined {
    try {
      const claims = claimsOf(assertion, this.network);
      return claims.some((claim) => this.network.world.check(claim)) ? undefined : new Judge(this.network, claims);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
}

function textOf(assertion: Assertion): string {
  return `expect(network).${assertionToString(assertion)}`;
}

/** A connection as it is shown, and what a test would state of it. By the names of workloads first, and by pods that could exist. */
function* witnessesOf(
  { effect, connection, between }: Effect,
  network: Network,
): Generator<{ readonly connection: string; readonly assertion: Assertion }> {
  const { source, destination, ports } = connection;
  const kind = effect === 'opened' ? 'deny' : 'allow';
  const known = between ?? [source, destination].map((ends) => knownAmong(ends, ports, network.cluster));
  for (const [caller, callee] of between ? [known] : [known, []]) {
    const [from, to] = [endText(source, network, caller), endText(destination, network, callee)];
    for (const { asked, shown } of witnessPorts(ports, callee, network.cluster)) {
      const assertion = { kind, from: [from], to: [to], ...(asked === undefined ? {} : { ports: [asked] }) } as const;
      yield { connection: `${from} → ${to} on ${shown}`, assertion };
    }
  }
}
