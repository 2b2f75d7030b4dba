import { notHeld } from '../analysis/open-world/compare';
import { ruleStatements } from '../analysis/open-world/relation';
import type { Universe } from '../analysis/open-world/universe';
import type { Policy, Rule } from '../model/policy';

/** Whether two policies select the same pods, isolate them in the same directions and allow them the same. */
export function sameMeaning(a: Policy, b: Policy, universe: Universe): boolean {
  const isAlike = a.namespace === b.namespace && a.pods.equals(b.pods) && a.isolates.join() === b.isolates.join();
  return isAlike && allowSame([a], [b], universe);
}

/** Whether two rules allow the same pods the same. */
export function sameRule(a: Rule, b: Rule, universe: Universe): boolean {
  const { policy, direction } = a;
  if (direction !== b.direction || policy.namespace !== b.policy.namespace || !policy.pods.equals(b.policy.pods))
    return false;
  return allowSame([{ ...policy, rules: [a] }], [{ ...b.policy, rules: [b] }], universe);
}

function allowSame(these: readonly Policy[], those: readonly Policy[], universe: Universe): boolean {
  const [one, other] = [ruleStatements(these, universe), ruleStatements(those, universe)];
  return notHeld(one, other).next().done === true && notHeld(other, one).next().done === true;
}
