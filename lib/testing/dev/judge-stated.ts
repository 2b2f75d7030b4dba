import type { FailedStatement, JudgedStatements } from '../../model/dev-report';
import { InputError, issueToString } from '../../model/issue';
import type { AppCluster } from '../../synth/app-source';
import { assertionToString } from '../assertion';
import { breachToString, explanationText } from '../breach-text';
import { claimsOf } from '../claims-of';
import { factsOf, Network } from '../network';
import type { AssertedNetwork, StatedAssertion } from '../recording/asserted';

/** They are about texts, or about what the code declares, which synthesis proves itself. */
const notJudged = new Set(['connectivity', 'policies', 'proved']);

/**
 * What tests stated of an app in an earlier run, of what the app comes to now. Their files are not run again.
 * @param folder of the app's output
 */
export function judgeStated(
  stated: readonly AssertedNetwork[],
  clusters: readonly AppCluster[],
  folder: string,
): JudgedStatements {
  const failed: FailedStatement[] = [];
  let passed = 0;
  for (const { network, assertions } of stated) {
    const { app } = network.source;
    const now = clusters.find(
      ({ name, environments }) => name === app?.name && environments.join() === app.environments.join(),
    );
    if (!now) continue;
    const fresh = new Network(now.cluster, { cni: network.profile }, { app: factsOf(now, folder) });
    for (const one of assertions.filter(isJudged)) {
      const failure = failureOf(one, fresh);
      if (failure) failed.push(failure);
      else passed++;
    }
  }
  return { passed, failed };
}

export function isJudged({ assertion }: StatedAssertion): boolean {
  return !notJudged.has(assertion.kind);
}

function failureOf({ assertion, test }: StatedAssertion, network: Network): FailedStatement | undefined {
  const statement = assertionToString(assertion);
  try {
    const breaches = claimsOf(assertion, network).flatMap((claim) => network.world.check(claim) ?? []);
    const [first] = breaches;
    if (!first) return undefined;
    return { test, statement, failures: breaches.map(breachToString), explanation: explanationText(first, network) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { test, statement, failures: error.issues.map(issueToString), explanation: '' };
  }
}
