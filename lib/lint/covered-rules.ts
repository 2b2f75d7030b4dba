import type { RedundantRule } from '../analysis/redundancy';
import type { FieldEdit, RelatedPlace } from '../model/finding';
import { type Rule, ruleToString } from '../model/policy';
import type { LintContext } from './context';

/** The rules that cover another one, to be shown beside it. */
export function coveringPlaces({ coveredBy }: RedundantRule): readonly RelatedPlace[] {
  return coveredBy.map((rule) => ({ text: `rule \`${ruleToString(rule)}\``, place: rule.place }));
}

/**
 * Takes a rule out, where rules of its own policy cover it: where another policy's do, it may be that one that is to go. None where the
 * rule's being there is what makes the policy isolate.
 */
export function removalOf({ rule, coveredBy }: RedundantRule, context: LintContext): readonly FieldEdit[] | undefined {
  const { policy, direction, index } = rule;
  const { spec } = context.written(policy);
  if (coveredBy.length === 0 || coveredBy.some((other) => other.policy !== policy)) return undefined;
  if (direction === 'egress' && !spec.policyTypes?.length) return undefined;
  return [{ kind: 'remove', object: policy.place, field: `spec.${direction}[${index}]` }];
}

export function namesOf(rules: readonly Rule[]): string {
  const shown = rules.slice(0, 3).map((rule) => `\`${ruleToString(rule)}\``);
  return `${shown.join(', ')}${rules.length > 3 ? ` and ${rules.length - 3} more` : ''}`;
}
