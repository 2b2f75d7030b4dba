import { portItemToString } from '../../analysis/explain/texts';
import { InputError } from '../../model/issue';
import type { Survivor } from '../../model/mutation-report';
import { type Assertion, assertionToString } from '../assertion';
import { claimsOf } from '../claims-of';
import type { Network } from '../network';
import type { ConnectivityTable } from '../table/table';
import { broadTests } from './broad-tests';
import type { Effect } from './effect';
import { Judge } from './judge';
import type { Mutant } from './mutant';
import { untoldEffect } from './untold-effect';
import { endText, knownBetween, witnessPorts } from './witness-text';

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
  /** All ports of rules, as tests ask for them; none where no rule has a port by name. */
  private readonly portsBesideNames: readonly string[];

  /** @param judge of what is stated already */
  constructor(
    private readonly network: Network,
    private readonly judge: Judge,
  ) {
    const sets = network.cluster.policies.flatMap(({ rules }) => rules.map(({ ports }) => ports));
    const ports = new Set(sets.flatMap((set) => set.items().map(portItemToString)));
    this.portsBesideNames = sets.every(({ byName }) => byName.isEmpty) ? [] : [...ports].sort();
  }

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
      const table = count < 2 ? this.exceptByName(effect, mutant) : undefined;
      if (first && table) return { ...first, test: table };
      if (++tried === mostTried) break;
    }
    const told = first ?? untoldEffect(mutant, this.network);
    return { connection: '', effect: 'opened', ...told, test: broad ?? '' };
  }

  /** That all is denied but what is allowed now, some of which pods call by names: of such, no number can be told apart by itself. */
  private exceptByName({ effect, connection: { source, destination } }: Effect, mutant: Mutant): string | undefined {
    if (effect !== 'opened' || 'addresses' in destination) return undefined;
    const [from, to] = [source, destination].map((ends) => endText(ends, this.network, undefined)) as [string, string];
    const ends = { from: [from], to: [to] };
    const open = this.portsBesideNames.filter((port) => this.judgeFor({ kind: 'allow', ...ends, ports: [port] }));
    if (open.length === 0) return undefined;
    const rows = [
      { ...ends, verdict: 'denied' },
      { ...ends, ports: open, verdict: 'allowed' },
    ] as const;
    const table = { name: `${from} → ${to}`, default: 'allowed', among: [to], rows } as const;
    return this.isGood({ kind: 'table', table }, mutant) ? textOf({ kind: 'table', table }) : undefined;
  }

  private firstGood(assertions: Iterable<Assertion>, mutant: Mutant): string | undefined {
    for (const assertion of assertions) if (this.isGood(assertion, mutant)) return textOf(assertion);
    return undefined;
  }

  private isGood(assertion: Assertion, mutant: Mutant): boolean {
    return this.judgeFor(assertion)?.notices(mutant) ?? false;
  }

  private judgeFor(assertion: Assertion): Judge | undefined {
    const text = textOf(assertion);
    if (!this.judges.has(text)) this.judges.set(text, this.judgeOf(assertion));
    return this.judges.get(text);
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
  if (assertion.kind === 'table') return tableText(assertion.table);
  return `expect(network).${assertionToString(assertion)}`;
}

/** As a file of tables has it, on one line. */
function tableText({ default: standard, among, rows }: ConnectivityTable): string {
  const exceptions = rows.map(({ from, to, ports, verdict }) => ({ from, to, ...(ports ? { ports } : {}), verdict }));
  return `a table: ${JSON.stringify({ default: standard, among, exceptions })}`;
}

/** A connection as it is shown, and what a test would state of it. By the names of workloads first, and by pods that could exist. */
function* witnessesOf(
  { effect, connection, between }: Effect,
  network: Network,
): Generator<{ readonly connection: string; readonly assertion: Assertion }> {
  const { source, destination, ports } = connection;
  const kind = effect === 'opened' ? 'deny' : 'allow';
  const known = between ?? knownBetween(connection, network.cluster);
  for (const [caller, callee] of between ? [known] : [known, []]) {
    const [from, to] = [endText(source, network, caller), endText(destination, network, callee)];
    for (const { asked, shown } of witnessPorts(ports, callee, network.cluster)) {
      const assertion = { kind, from: [from], to: [to], ...(asked === undefined ? {} : { ports: [asked] }) } as const;
      yield { connection: `${from} → ${to} on ${shown}`, assertion };
    }
  }
}
