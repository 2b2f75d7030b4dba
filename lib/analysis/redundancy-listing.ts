import type { Cluster } from '../model/cluster';
import { type Policy, policyToString } from '../model/policy';
import type { ListedRule } from '../model/reach-listing';
import type { ListedOverlap, ListedRedundant, RedundancyListing } from '../model/redundancy-listing';
import { listedUnread } from './connectivity/listing';
import { listedPlace } from './connectivity/listing-place';
import { portTexts } from './connectivity/listing-ports';
import { byKey } from './listing-head';
import { type Redundancy, redundancyOf } from './redundancy';
import { RuleNames } from './rule-names';
import { ruleOverlaps } from './rule-overlaps';

/**
 * What can be removed and what covers it, as plain data.
 * @param options.overlaps also which of the other rules allow some of the same connections
 */
export function listRedundancy(cluster: Cluster, options: { readonly overlaps?: 'listed' } = {}): RedundancyListing {
  const { namespaces, policies, unread } = cluster;
  const found = redundancyOf(cluster);
  const rules = new RuleNames();
  const decisionFor = ({ namespace }: Policy) =>
    unread.some((other) => other.namespace === undefined || other.namespace === namespace) ? 'unknown' : 'certain';
  return {
    totals: {
      namespaces: namespaces.length,
      policies: policies.length,
      rules: policies.reduce((sum, policy) => sum + policy.rules.length, 0),
    },
    policies: found.policies.map(({ policy, coveredBy, why }): ListedRedundant => {
      const others = coveredBy.map(policyNamed).sort(byKey(({ name }) => name));
      return { ...policyNamed(policy), why, coveredBy: others, decision: decisionFor(policy) };
    }),
    rules: found.rules.map(
      ({ rule, coveredBy }): ListedRedundant => ({
        ...rules.of(rule),
        why: coveredBy.length > 0 ? 'covered' : 'matches-nothing',
        coveredBy: coveredBy.map((other) => rules.of(other)),
        decision: decisionFor(rule.policy),
      }),
    ),
    ...(options.overlaps ? listedOverlaps(cluster, found, rules) : {}),
    decision: policies.some((policy) => decisionFor(policy) === 'unknown') ? 'unknown' : 'certain',
    unread: unread.map(listedUnread).sort(byKey((u) => `${u.kind}\0${u.namespace ?? ''}\0${u.name}`)),
  };
}

function policyNamed(policy: Policy): ListedRule {
  return { name: policyToString(policy), place: listedPlace(policy.place) };
}

function listedOverlaps(cluster: Cluster, { policies, rules }: Redundancy, names: RuleNames) {
  const gone = new Set([...policies.flatMap(({ policy }) => policy.rules), ...rules.map(({ rule }) => rule)]);
  const { overlaps, complete } = ruleOverlaps(cluster, gone);
  const listed = overlaps.map(({ first, second, ports }): ListedOverlap => {
    const [a, b] = [names.of(first), names.of(second)].sort(byKey(({ name }) => name)) as [ListedRule, ListedRule];
    return { first: a, second: b, ports: portTexts(ports) };
  });
  return {
    overlaps: listed.sort(byKey(({ first, second }) => `${first.name}\0${second.name}`)),
    ...(complete === 'some' ? { overlapsCut: complete } : {}),
  };
}
