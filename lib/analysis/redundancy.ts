import type { Cluster } from '../model/cluster';
import type { Policy, Rule } from '../model/policy';
import { PortSet } from '../sets/port-set';
import { directions, openStatements, type PolicyStatement, relationOf } from './open-world/relation';
import { pairBox, type Statement, subjectOf } from './open-world/statement';
import { StatementIndex } from './open-world/statement-index';
import { covers, uncovered } from './open-world/uncovered';
import { Universe } from './open-world/universe';

/** A rule that allows nothing which other rules do not allow too. */
export interface RedundantRule {
  readonly rule: Rule;
  /** The rules that together allow all of it, in order; none if its selectors can match nothing. */
  readonly coveredBy: readonly Rule[];
}

/** A policy that can be deleted without changing what is allowed. */
export interface RedundantPolicy {
  readonly policy: Policy;
  /** The policies that isolate its pods and allow what it allows. */
  readonly coveredBy: readonly Policy[];
}

export interface Redundancy {
  /** All of them can go at once: a rule that is covered only by another of them is not among them. */
  readonly rules: readonly RedundantRule[];
  /** All of them can go at once. Their rules are not listed again. */
  readonly policies: readonly RedundantPolicy[];
}

/**
 * Which policies and rules can be removed without changing what is allowed, over every pod that could exist.
 *
 * Removal is decided one by one, later policies first and whole policies before rules, each against what is left. So
 * of two equal rules the first stays.
 */
export function redundancyOf(cluster: Cluster): Redundancy {
  const universe = universeOf(cluster);
  const policies = [...cluster.policies].sort(byName);
  const names = new Set(policies.map(({ namespace }) => namespace));
  const all = relationOf(policies, names, universe);
  const index = new StatementIndex(all);
  const ofRule = new Map<Rule | undefined, PolicyStatement[]>();
  for (const statement of all) ofRule.set(statement.rule, [...(ofRule.get(statement.rule) ?? []), statement]);
  const gone = new Set<Rule>();

  const left = (statement: PolicyStatement, without: (rule: Rule) => boolean) =>
    index.near(statement).filter(({ rule }) => !rule || !(gone.has(rule) || without(rule)));
  const isCovered = (rules: readonly Rule[], without: (rule: Rule) => boolean, open: readonly Statement[] = []) =>
    rules.every((rule) =>
      (ofRule.get(rule) ?? []).every((statement) => {
        const same = open.filter(({ direction }) => direction === statement.direction);
        return covers([...left(statement, without), ...same], statement);
      }),
    );
  const covering = (rules: readonly Rule[], without: (rule: Rule) => boolean) => {
    const found = new Set<Rule>();
    for (const rule of rules) {
      for (const statement of ofRule.get(rule) ?? []) {
        for (const other of fewest(statement, left(statement, without))) if (other.rule) found.add(other.rule);
      }
    }
    return [...found].sort(byPlace);
  };

  const isolation = new StatementIndex(policies.flatMap(isolationStatements));
  const removed = new Set<Policy>();
  const redundantPolicies: RedundantPolicy[] = [];
  const tryToRemove = (policy: Policy) => {
    const own = (rule: Rule) => rule.policy === policy;
    const isolators = new Set<Policy>();
    /** What its absence would open: it must be open already, by its own rules too. */
    const opened = isolationStatements(policy).flatMap((statement) => {
      const others = isolation.near(statement).filter((o) => o.policy !== policy && !removed.has(o.policy));
      for (const other of others) if (other.labels.meets(statement.labels)) isolators.add(other.policy);
      return [...uncovered(statement, others)].flatMap(({ labels }) =>
        openStatements(statement, subjectOf(labels), universe),
      );
    });
    if (!opened.every((open) => covers(left(open, none), open))) return;
    if (!isCovered(policy.rules, own, opened)) return;
    const rules = covering(policy.rules, own);
    redundantPolicies.push({ policy, coveredBy: [...new Set([...isolators, ...rules.map((rule) => rule.policy)])] });
    removed.add(policy);
    for (const rule of policy.rules) gone.add(rule);
  };
  // With one policy gone, another may become unnecessary.
  for (let before = -1; before < removed.size; ) {
    before = removed.size;
    for (const policy of [...policies].reverse()) if (!removed.has(policy)) tryToRemove(policy);
  }

  const redundantRules: RedundantRule[] = [];
  for (const rule of policies.flatMap((policy) => policy.rules).reverse()) {
    if (gone.has(rule)) continue;
    const own = (other: Rule) => other === rule;
    if (!isCovered([rule], own)) continue;
    redundantRules.push({ rule, coveredBy: covering([rule], own) });
    gone.add(rule);
  }
  return { rules: redundantRules.reverse(), policies: redundantPolicies.sort((a, b) => byName(a.policy, b.policy)) };
}

/** The namespaces whose labels are given. Another one of the input may have any labels beside its name. */
export function universeOf({ namespaces }: Cluster): Universe {
  const given = namespaces.filter(({ source }) => source === 'given');
  return new Universe(new Map(given.map(({ name, labels }) => [name, labels] as const)));
}

/** The pods that a policy isolates, as if they were connections, so that they can be compared as such. */
function isolationStatements(policy: Policy): (Statement & { readonly policy: Policy })[] {
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

function byName(a: Policy, b: Policy): number {
  const [x, y] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function byPlace(a: Rule, b: Rule): number {
  return (
    byName(a.policy, b.policy) || directions.indexOf(a.direction) - directions.indexOf(b.direction) || a.index - b.index
  );
}
