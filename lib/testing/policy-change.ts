import {
  directions,
  notIsolated,
  openStatements,
  type PolicyStatement,
  ruleStatements,
} from '../analysis/open-world/relation';
import type { StatementIndex } from '../analysis/open-world/statement-index';
import { type Remainder, uncovered } from '../analysis/open-world/uncovered';
import type { Universe } from '../analysis/open-world/universe';
import type { Policy } from '../model/policy';

/** Part of a statement: what it allows that other policies do not. */
export type ChangedPart = PolicyStatement & Remainder;

/** What another policy in the place of one changes, over every pod that could exist. Neither: both mean the same. */
export interface PolicyChange {
  readonly lost: readonly ChangedPart[];
  readonly gained: readonly ChangedPart[];
}

export const noChange: PolicyChange = { lost: [], gained: [] };

/**
 * Exactly what changes, found among the statements of the policy alone: all others stay.
 * @param own all policies of the namespace, the old one among them
 * @param before where the statements of the whole old relation are looked up
 */
export function changeOfPolicy(
  own: readonly Policy[],
  old: Policy,
  by: Policy | undefined,
  before: StatementIndex<PolicyStatement>,
  universe: Universe,
): PolicyChange {
  const [was, is] = [statementsWithout(old, by, universe), by ? statementsWithout(by, old, universe) : []];
  const removed = distinct(was, is);
  const added = distinct(is, was);
  const isolatesAlike =
    by?.pods.equals(old.pods) && directions.every((d) => by.isolates.includes(d) === old.isolates.includes(d));
  if (!isolatesAlike) {
    const after = own.flatMap((policy) => (policy === old ? (by ?? []) : [policy]));
    for (const direction of directions) {
      const open = (policies: readonly Policy[]) =>
        notIsolated(policies, direction).flatMap((pods) =>
          openStatements({ namespace: old.namespace, direction }, pods, universe),
        );
      const [then, now] = [open(own), open(after)];
      removed.push(...distinct(then, now));
      added.push(...distinct(now, then));
    }
  }
  if (removed.length + added.length === 0) return noChange;
  const goneRules = new Set(removed.map(({ rule }) => rule));
  const goneTexts = new Set(removed.map(textOf));
  // Another rule may say the same as one that goes.
  const isGone = (s: PolicyStatement) => goneRules.has(s.rule) && goneTexts.has(textOf(s));
  const held = (statement: PolicyStatement) => [
    ...before.near(statement).filter((s) => !isGone(s)),
    ...added.filter((s) => s.direction === statement.direction),
  ];
  const parts = (these: readonly PolicyStatement[], those: (s: PolicyStatement) => readonly PolicyStatement[]) =>
    these.flatMap((s) => [...uncovered(s, those(s))].map((rest): ChangedPart => ({ ...s, ...rest })));
  return { lost: parts(removed, held), gained: parts(added, (s) => before.near(s)) };
}

/** What the rules of a policy say that are not rules of the other for the same pods. */
function statementsWithout(policy: Policy, other: Policy | undefined, universe: Universe): PolicyStatement[] {
  const shared = other?.pods.equals(policy.pods) ? new Set(other.rules) : undefined;
  const rules = shared ? policy.rules.filter((rule) => !shared.has(rule)) : policy.rules;
  return ruleStatements([{ ...policy, rules }], universe);
}

function distinct(these: readonly PolicyStatement[], those: readonly PolicyStatement[]): PolicyStatement[] {
  const known = new Set(those.map(textOf));
  return these.filter((statement) => !known.has(textOf(statement)));
}

function textOf({ direction, labels, addresses, ports }: PolicyStatement): string {
  return `${direction} ${labels} ${addresses ?? ''} ${ports}`;
}
