import type { Cluster } from '../../model/cluster';
import { type Policy, policyToString, type Rule } from '../../model/policy';
import { byKey } from '../grouping';
import { type PolicyStatement, relationOf } from './relation';
import { StatementIndex } from './statement-index';
import { Universe } from './universe';

/**
 * What the policies of a cluster allow in their namespaces, over every pod that could exist and whatever plugin applies them: by rule, and to be
 * looked up by what may have a connection in common. Statements are in the order of `policies`.
 */
export class ClusterRelation {
  readonly universe: Universe;
  /** In the order of their names. */
  readonly policies: readonly Policy[];
  readonly index: StatementIndex<PolicyStatement>;
  private readonly byRule = new Map<Rule | undefined, PolicyStatement[]>();

  constructor(cluster: Cluster) {
    this.universe = universeOf(cluster);
    this.policies = [...cluster.policies].sort(byKey(policyToString));
    const names = new Set(this.policies.map(({ namespace }) => namespace));
    const statements = relationOf(this.policies, names, this.universe);
    this.index = new StatementIndex(statements);
    for (const statement of statements) {
      const list = this.byRule.get(statement.rule);
      if (list) list.push(statement);
      else this.byRule.set(statement.rule, [statement]);
    }
  }

  /** None if its selectors can match nothing. */
  of(rule: Rule): readonly PolicyStatement[] {
    return this.byRule.get(rule) ?? [];
  }
}

/** The namespaces whose labels are given. Another one of the input may have any labels beside its name. */
export function universeOf({ namespaces }: Cluster): Universe {
  const given = namespaces.filter(({ source }) => source === 'given');
  return new Universe(new Map(given.map(({ name, labels }) => [name, labels] as const)), 'told-apart');
}
