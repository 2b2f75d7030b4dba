import { listedPlace } from '../../analysis/connectivity/listing-place';
import type { MutationReport, OperatorCount, Survivor } from '../../model/mutation-report';
import { policyToString, ruleToString } from '../../model/policy';
import { linesOfRules } from '../../synth/app-source';
import type { Claim } from '../claim';
import { claimsOf } from '../claims-of';
import type { Network } from '../network';
import { type AssertedNetwork, mergedNetworks, untestedClusters } from '../recording/asserted';
import { Judge } from './judge';
import { type Mutant, operators } from './mutant';
import { mutantsOf } from './mutants-of';
import { type Suggestion, Suggestions } from './suggestion';

/** Called now and then. */
export type Progress = (step: 'judged' | 'suggested', changes: number) => void;

const snapshots = new Set(['connectivity', 'policies']);

/**
 * Changes every policy in every way that the operators know, one at a time, and asks whether any test would notice. Tests are not run again: what
 * they stated is judged on each change.
 *
 * @param progress gets how many changes have been judged by now; then, of those that no test notices, for how many a test has been looked for
 */
export function mutate(networks: readonly AssertedNetwork[], progress: Progress = () => {}): MutationReport {
  const survivors: Survivor[] = [];
  let cpu = 0;
  const counts = new Map(operators.map((operator) => [operator, { noticed: 0, survived: 0, equivalent: 0 }]));
  const unread: string[] = [];
  let claims = 0;
  let judged = 0;
  for (const asserted of mergedNetworks(networks)) {
    const { network } = asserted;
    progress('judged', judged);
    const stated = statedClaims(asserted);
    claims += stated.meaning.length;
    const judge = new Judge(network, stated.meaning);
    const snapshot = stated.snapshot.length > 0 ? new Judge(network, stated.snapshot) : undefined;
    const closed = new Set(network.cluster.unread.map(({ namespace }) => namespace));
    const survived: Survived[] = [];
    const before = process.cpuUsage();
    for (const policy of network.cluster.policies) {
      if (closed.has(undefined) || closed.has(policy.namespace)) {
        unread.push(policyToString(policy));
        continue;
      }
      for (const mutant of mutantsOf(policy)) {
        const judgement = judge.judge(mutant);
        const count = counts.get(mutant.operator)!;
        count[judgement]++;
        if (judgement === 'survived') {
          const inText = stated.hasText || snapshot?.judge(mutant) === 'noticed';
          survived.push({ mutant, noticed: inText ? 'snapshot' : 'never' });
        }
        if (++judged % 500 === 0) progress('judged', judged);
      }
    }
    const { user, system } = process.cpuUsage(before);
    cpu += user + system;
    const suggested = new Suggestions(network, judge).of(
      survived.map(({ mutant }) => mutant),
      (done) => progress('suggested', survivors.length + done),
    );
    survivors.push(...survived.map((one, i) => survivorOf(one, suggested[i]!, network)));
  }
  const sum = (kind: keyof Omit<OperatorCount, 'operator'>) =>
    [...counts.values()].reduce((all, count) => all + count[kind], 0);
  return {
    mutants: sum('noticed') + sum('survived'),
    noticed: sum('noticed'),
    equivalent: sum('equivalent'),
    survivors,
    operators: [...counts].map(([operator, count]) => ({ operator, ...count })),
    claims,
    unread,
    untested: untestedClusters(networks),
    cpuSeconds: Math.round(cpu / 10_000) / 100,
  };
}

/** What is stated, and holds: of what a test means, and of what a snapshot shows. */
function statedClaims({ network, assertions }: AssertedNetwork) {
  const of = (kind: 'meaning' | 'snapshot'): Claim[] => {
    const own = assertions.filter(({ assertion }) => snapshots.has(assertion.kind) === (kind === 'snapshot'));
    const texts = new Map(own.map(({ assertion }) => [JSON.stringify(assertion), assertion] as const));
    return [...texts.values()]
      .flatMap((assertion) => claimsOf(assertion, network))
      .filter((claim) => !network.world.check(claim));
  };
  const hasText = assertions.some(({ assertion }) => assertion.kind === 'policies');
  return { meaning: of('meaning'), snapshot: of('snapshot'), hasText };
}

interface Survived {
  readonly mutant: Mutant;
  readonly noticed: Survivor['noticed'];
}

function survivorOf({ mutant, noticed }: Survived, suggested: Suggestion, network: Network): Survivor {
  const { operator, policy, rule, what } = mutant;
  const changed = rule ? ruleToString(rule) : policyToString(policy);
  const { app } = network.source;
  const stated = rule && app ? linesOfRules(app)(rule) : [];
  const own = app?.lineOfPolicy(policy);
  const code = stated.length === 0 && own ? [own] : stated;
  return {
    operator,
    changed,
    place: listedPlace(rule?.place ?? policy.place),
    code: code.filter(
      ({ file, line }, i) => code.findIndex((other) => other.file === file && other.line === line) === i,
    ),
    what: `if ${changed} ${what}`,
    ...suggested,
    noticed: suggested.test === '' ? 'by-no-test' : noticed,
  };
}
