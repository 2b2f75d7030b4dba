import { groupedBy } from '../analysis/grouping';
import { ClusterWorld } from '../analysis/open-world/cluster-world';
import {
  directions,
  notIsolated,
  openStatements,
  type PolicyStatement,
  relationOf,
  ruleStatements,
} from '../analysis/open-world/relation';
import type { Statement } from '../analysis/open-world/statement';
import { areOfOneKind, StatementIndex } from '../analysis/open-world/statement-index';
import { type Remainder, uncovered } from '../analysis/open-world/uncovered';
import type { Universe } from '../analysis/open-world/universe';
import type { Cluster } from '../model/cluster';
import { type Policy, policyToString, type Rule } from '../model/policy';
import { changedRules, isolateAlike } from './changed-rules';

type Near = Pick<StatementIndex<PolicyStatement>, 'near'>;

/** Part of a statement: what it allows that other policies do not. */
export type ChangedPart = PolicyStatement & Remainder;

/** What another policy in the place of one changes, over every pod that could exist. */
export interface PolicyChange {
  /** Nothing lost and nothing gained: both mean the same. */
  readonly lost: readonly ChangedPart[];
  readonly gained: readonly ChangedPart[];
  readonly removed: readonly PolicyStatement[];
  readonly added: readonly PolicyStatement[];
  /** Finds statements of the whole relation as it is then. */
  readonly after: Near;
}

/** One reading of the policies, with its statements by what they are about. */
export class IndexedReading {
  readonly world: ClusterWorld;
  readonly index: StatementIndex<PolicyStatement>;
  readonly byNamespace: ReadonlyMap<string, readonly Policy[]>;
  private readonly byName: ReadonlyMap<string, Policy>;
  private readonly byRule: ReadonlyMap<Rule | undefined, readonly PolicyStatement[]>;
  /** What is not allowed for certain. */
  private readonly doubted: Near;

  /** @param certain what is allowed whatever the API leaves open, where this reading allows more */
  constructor(
    cluster: Cluster,
    policies: readonly Policy[],
    private readonly certain?: IndexedReading,
    unpicked?: Universe['unpicked'],
  ) {
    this.world = new ClusterWorld({ ...cluster, policies }, unpicked);
    const { relation } = this.world;
    this.index = new StatementIndex(relation);
    this.byNamespace = groupedBy(policies, ({ namespace }) => namespace);
    this.byRule = groupedBy(relation, ({ rule }) => rule);
    this.byName = new Map(policies.map((policy) => [policyToString(policy), policy]));
    this.doubted = new StatementIndex(relation.filter(({ rule }) => this.doubts(rule)));
  }

  /** Whether what the rule says is not allowed for certain. */
  doubts(rule: Rule | undefined): boolean {
    return this.certain !== undefined && this.byRule.has(rule) && !this.certain.byRule.has(rule);
  }

  /**
   * Exactly what changes, found among the statements of the policy alone: all others stay.
   * @param by as this reading has it
   * @param certain what changes of what is allowed for certain, where `by` says nothing else
   */
  changeOf({ namespace, name }: Policy, by: Policy | undefined, certain?: PolicyChange): PolicyChange {
    const old = this.byName.get(`${namespace}/${name}`);
    if (!old) return { lost: [], gained: [], removed: [], added: [], after: this.index };
    if (certain && this.isAlike(certain, old, by))
      return this.certain ? { ...certain, after: this.after(certain) } : certain;
    const { removed, added } = this.swapOf(old, by);
    const after = this.after({ removed, added });
    return { lost: parts(removed, after), gained: parts(added, this.index), removed, added, after };
  }

  /** What changes where the policies of a namespace are others. */
  changeIn(namespace: string, policies: readonly Policy[]): PolicyChange {
    const removed = this.world.relation.filter((statement) => statement.namespace === namespace);
    const added = relationOf(policies, [namespace], this.world.universe);
    const own = new StatementIndex(added);
    const after: Near = {
      near: (statement) => (statement.namespace === namespace ? own : this.index).near(statement),
    };
    return { lost: parts(removed, after), gained: parts(added, this.index), removed, added, after };
  }

  /** Whether nothing that is not certain has to do with a change. */
  private isAlike({ removed, added }: PolicyChange, old: Policy, by: Policy | undefined): boolean {
    if (!this.certain) return true;
    if (!isolateAlike(old, by) || old.rules.some((rule) => this.doubts(rule))) return false;
    return [...removed, ...added].every(
      (own) => !this.doubted.near(own).some(({ labels }) => labels.meets(own.labels)),
    );
  }

  private swapOf(old: Policy, by: Policy | undefined): Pick<PolicyChange, 'removed' | 'added'> {
    const isForSame = by?.pods.equals(old.pods);
    const { gone, added } = isForSame
      ? changedRules(old.rules, by!.rules)
      : { gone: old.rules, added: by?.rules ?? [] };
    const { universe } = this.world;
    const removed = gone.flatMap((rule) => this.byRule.get(rule) ?? []);
    const come = by ? ruleStatements([{ ...by, rules: added }], universe) : [];
    if (isolateAlike(old, by)) return { removed, added: come };
    const { namespace } = old;
    const after = this.byNamespace.get(namespace)!.flatMap((policy) => (policy === old ? (by ?? []) : [policy]));
    const now = directions.flatMap((direction) =>
      notIsolated(after, direction).flatMap((pods) => openStatements({ namespace, direction }, pods, universe)),
    );
    const then = (this.byRule.get(undefined) ?? []).filter((statement) => statement.namespace === namespace);
    return { removed: [...removed, ...without(then, now)], added: [...come, ...without(now, then)] };
  }

  private after({ removed, added }: Pick<PolicyChange, 'removed' | 'added'>): Near {
    // Readings have the rules in common, and not the statements.
    const gone = new Set(removed.map((statement) => statement.rule ?? statement));
    return {
      near: (statement: Statement) => [
        ...this.index.near(statement).filter((own) => !gone.has(own.rule ?? own)),
        ...added.filter((own) => areOfOneKind(own, statement)),
      ],
    };
  }
}

function parts(these: readonly PolicyStatement[], those: Near): ChangedPart[] {
  return these.flatMap((s) => [...uncovered(s, those.near(s))].map((rest) => ({ ...s, ...rest })));
}

/** Those of which the others do not have one that says the same. */
function without(these: readonly PolicyStatement[], those: readonly PolicyStatement[]): PolicyStatement[] {
  const textOf = ({ direction, labels, addresses, ports }: PolicyStatement) =>
    `${direction} ${labels} ${addresses ?? ''} ${ports}`;
  const known = new Set(those.map(textOf));
  return these.filter((statement) => !known.has(textOf(statement)));
}
