import type { Cluster } from '../model/cluster';
import type { Rule } from '../model/policy';
import { PortSet } from '../sets/port-set';
import { universeOf } from './open-world/cluster-relation';
import { type PolicyStatement, ruleStatements } from './open-world/relation';
import { StatementIndex } from './open-world/statement-index';

/** Two rules that allow some of the same connections. */
export interface RuleOverlap {
  readonly first: Rule;
  readonly second: Rule;
  /** On which ports they do. */
  readonly ports: PortSet;
}

export interface RuleOverlaps {
  readonly overlaps: readonly RuleOverlap[];
  /** `some`: there are more than {@link mostOverlaps}, of which these are the first. */
  readonly complete: 'all' | 'some';
}

/** A rule for everybody overlaps with all others: the number of pairs has no other bound than this. */
export const mostOverlaps = 10_000;

/**
 * Which rules allow some of the same connections, over every pod that could exist: each pair once, in the order of the input.
 * @param without rules that are not looked at, as those that can be removed
 */
export function ruleOverlaps(cluster: Cluster, without: ReadonlySet<Rule>): RuleOverlaps {
  const statements = ruleStatements(cluster.policies, universeOf(cluster)).filter(({ rule }) => !without.has(rule!));
  const index = new StatementIndex(statements);
  const order = new Map(statements.map((statement, number) => [statement, number] as const));
  const found = new Map<Rule, Map<Rule, PortSet>>();
  let count = 0;
  for (const statement of statements) {
    for (const other of index.near(statement)) {
      if (other.rule === statement.rule || order.get(other)! < order.get(statement)!) continue;
      const ports = portsInCommon(statement, other);
      if (ports.isEmpty) continue;
      const ofRule = found.get(statement.rule!) ?? new Map<Rule, PortSet>();
      found.set(statement.rule!, ofRule);
      const known = ofRule.get(other.rule!);
      if (!known && ++count > mostOverlaps) return { overlaps: listed(found), complete: 'some' };
      ofRule.set(other.rule!, known ? known.union(ports) : ports);
    }
  }
  return { overlaps: listed(found), complete: 'all' };
}

function listed(found: ReadonlyMap<Rule, ReadonlyMap<Rule, PortSet>>): RuleOverlap[] {
  return [...found].flatMap(([first, others]) => [...others].map(([second, ports]) => ({ first, second, ports })));
}

/** Empty where no connection is in both. */
function portsInCommon(a: PolicyStatement, b: PolicyStatement): PortSet {
  if (!a.ports.mayMeet(b.ports) || !a.labels.meets(b.labels)) return PortSet.empty;
  if (a.addresses && b.addresses && a.addresses.intersect(b.addresses).isEmpty) return PortSet.empty;
  return a.ports.intersect(b.ports);
}
