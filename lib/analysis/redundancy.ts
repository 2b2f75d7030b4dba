import type { Cluster } from '../model/cluster';
import { type Policy, policyToString, type Rule } from '../model/policy';
import { PortSet } from '../sets/port-set';
import { byKey, groupedBy } from './grouping';
import { ClusterRelation } from './open-world/cluster-relation';
import { directions, openStatements, type PolicyStatement } from './open-world/relation';
import { pairBox, type Statement, subjectOf } from './open-world/statement';
import { StatementIndex } from './open-world/statement-index';
import { covers, uncovered } from './open-world/uncovered';

/** A rule that allows nothing which other rules do not allow too. */
export interface RedundantRule {
  readonly rule: Rule;
  /** The rules that together allow all of it, in order; none if its selectors can match nothing. */
  readonly coveredBy: readonly Rule[];
}

/** A policy that can be deleted without changing what is allowed. */
export interface RedundantPolicy {
  readonly policy: Policy;
  /** The policies that isolate its pods and allow what it allows; empty unless it is `covered`. */
  readonly coveredBy: readonly Policy[];
  /** `matches-nothing`: it selects no pod that could exist. `open-anyway`: without it nothing isolates its pods, and everything is allowed either way. */
  readonly why: 'covered' | 'matches-nothing' | 'open-anyway';
}

export interface Redundancy {
  /** All of them can go at once: a rule that is covered only by another of them is not among them. */
  readonly rules: readonly RedundantRule[];
  /** All of them can go at once. Their rules are not listed again. */
  readonly policies: readonly RedundantPolicy[];
}

/**
 * Which policies and rules can be removed without changing what is allowed, over every pod that could exist and whatever plugin applies
 * them.
 *
 * Removal is decided one by one, later policies first and whole policies before rules, each against what is left. So
 * of two equal rules the first stays.
 *
 * @param relation of the cluster, where it is known already
 */
export function redundancyOf(cluster: Cluster, relation = new ClusterRelation(cluster)): Redundancy {
  const { policies, universe } = relation;
  const gone = new Set<Rule>();

  const left = (statement: PolicyStatement, without: (rule: Rule) => boolean) =>
    relation.index.near(statement).filter(({ rule }) => !rule || !(gone.has(rule) || without(rule)));
  const isCovered = (rules: readonly Rule[], without: (rule: Rule) => boolean, open: readonly Statement[] = []) =>
    rules.every((rule) =>
      relation.of(rule).every((statement) => {
        const same = open.filter(({ direction }) => direction === statement.direction);
        return covers([...left(statement, without), ...same], statement);
      }),
    );
  /** Rules that stay and together allow what these allow. */
  const covering = (rules: readonly Rule[]) => {
    const found = new Set<Rule>();
    for (const rule of rules) {
      for (const statement of relation.of(rule)) {
        for (const other of fewest(statement, left(statement, none))) if (other.rule) found.add(other.rule);
      }
    }
    return [...found].sort(byPlace);
  };

  const isolation = new StatementIndex(policies.flatMap(isolationStatements));
  const ofEveryPod = groupedBy(
    policies.filter(({ pods }) => pods.isEverything),
    ({ namespace }) => namespace,
  );
  const removed = new Set<Policy>();
  /** Whether some other policy isolates every pod of the namespace, which is quick to see. */
  const isIsolatedAnyway = ({ policy, namespace, direction }: Isolation) =>
    ofEveryPod.get(namespace)?.some((o) => o !== policy && !removed.has(o) && o.isolates.includes(direction));
  /** Policies that stay and isolate pods of this one. */
  const isolatorsOf = (statement: Isolation) =>
    isolation.near(statement).filter((o) => o.policy !== statement.policy && !removed.has(o.policy));
  const canGo = (policy: Policy) => {
    const own = (rule: Rule) => rule.policy === policy;
    /** What its absence would open: it must be open already, by its own rules too. */
    const opened = isolationStatements(policy).flatMap((statement) => {
      if (isIsolatedAnyway(statement)) return [];
      return [...uncovered(statement, isolatorsOf(statement))].flatMap(({ labels }) =>
        openStatements(statement, subjectOf(labels), universe),
      );
    });
    return opened.every((open) => covers(left(open, none), open)) && isCovered(policy.rules, own, opened);
  };
  // With one policy gone, another may become unnecessary.
  for (let before = -1; before < removed.size; ) {
    before = removed.size;
    for (const policy of [...policies].reverse()) {
      if (removed.has(policy) || !canGo(policy)) continue;
      removed.add(policy);
      for (const rule of policy.rules) gone.add(rule);
    }
  }
  const redundantRules: Rule[] = [];
  for (const rule of policies.flatMap((policy) => policy.rules).reverse()) {
    if (gone.has(rule) || !isCovered([rule], (other) => other === rule)) continue;
    redundantRules.push(rule);
    gone.add(rule);
  }

  // Named only now that it is known what stays.
  return {
    rules: redundantRules.reverse().map((rule) => ({ rule, coveredBy: covering([rule]) })),
    policies: [...removed].sort(byName).map((policy) => {
      const isolators = isolationStatements(policy).flatMap((statement) =>
        isolatorsOf(statement).filter(({ labels }) => labels.meets(statement.labels)),
      );
      const coveredBy = [...new Set([...isolators, ...covering(policy.rules)].map((by) => by.policy))];
      const why = coveredBy.length > 0 ? 'covered' : policy.pods.isEmpty ? 'matches-nothing' : 'open-anyway';
      return { policy, coveredBy, why };
    }),
  };
}

interface Isolation extends Statement {
  readonly policy: Policy;
}

/** The pods that a policy isolates, as if they were connections, so that they can be compared as such. */
function isolationStatements(policy: Policy): Isolation[] {
  const { namespace, pods, isolates } = policy;
  const labels = pairBox(pods);
  return isolates.map((direction) => ({
    policy,
    namespace,
    direction,
    labels,
    addresses: undefined,
    ports: PortSet.all,
  }));
}

function none(): boolean {
  return false;
}

/** Statements that are enough to cover this one: without those that the rest makes unnecessary. */
function fewest(statement: PolicyStatement, near: readonly PolicyStatement[]): readonly PolicyStatement[] {
  const single = near.find((other) => covers([other], statement));
  if (single) return [single];
  return near.reduceRight<readonly PolicyStatement[]>((kept, candidate) => {
    const without = kept.filter((other) => other !== candidate);
    return covers(without, statement) ? without : kept;
  }, near);
}

const byName = byKey(policyToString);

function byPlace(a: Rule, b: Rule): number {
  return (
    byName(a.policy, b.policy) || directions.indexOf(a.direction) - directions.indexOf(b.direction) || a.index - b.index
  );
}
