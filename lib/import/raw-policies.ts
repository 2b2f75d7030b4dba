import type { NetworkPolicy } from '../model/network-policy';
import type { Direction, Policy } from '../model/policy';
import type { AnyObject } from '../read/documents';
import { fieldsOf, itemsOf } from '../validation/json-value';
import { asReason } from './comments';
import type { RawPlan } from './plan';
import type { Reasons } from './reasons';
import type { RawRule } from './subjects';

/** The rules that are kept as they are, policy by policy, by namespace. */
export function rawPlans(
  raw: readonly RawRule[],
  objects: ReadonlyMap<string, AnyObject>,
  reasons: Reasons,
): Map<string, Omit<RawPlan, 'name'>[]> {
  const byPolicy = new Map<Policy, RawRule[]>();
  for (const rule of raw) byPolicy.set(rule.rule.policy, [...(byPolicy.get(rule.rule.policy) ?? []), rule]);
  const plans = new Map<string, Omit<RawPlan, 'name'>[]>();
  for (const [policy, rules] of [...byPolicy].sort(([a], [b]) => (a.name < b.name ? -1 : 1))) {
    const written = reasons.writtenOf(policy);
    const why = [...new Set(rules.map(({ reason }) => reason))].join(', and ');
    const plan = {
      spec: specOf(rules, objects.get(`${policy.namespace}/${policy.name}`)),
      reason: written?.text || asReason(why) || why,
      policy: written?.path.at(-1) ?? policy.name,
      place: policy.place,
    };
    plans.set(policy.namespace, [...(plans.get(policy.namespace) ?? []), plan]);
  }
  return plans;
}

/** The policy with those of its rules alone, each as it was written. */
function specOf(raw: readonly RawRule[], object: AnyObject | undefined): NetworkPolicy['spec'] {
  const given = fieldsOf(object?.['spec']);
  const rulesOf = (direction: Direction) => {
    const own = raw.filter(({ rule }) => rule.direction === direction);
    return own.map(({ rule }) => itemsOf(given[direction])[rule.index] ?? {});
  };
  const [ingress, egress] = [rulesOf('ingress'), rulesOf('egress')];
  const spec = {
    podSelector: given['podSelector'] ?? {},
    policyTypes: [...(ingress.length > 0 ? ['Ingress'] : []), ...(egress.length > 0 ? ['Egress'] : [])],
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
  return spec as NetworkPolicy['spec'];
}
