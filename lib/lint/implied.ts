import { constructOf } from '../analysis/drift/ownership';
import type { Policy, Rule } from '../model/policy';
import { defaultDenyName } from '../targets/names';
import type { LintedApp } from './linted-app';

/** Whether tierwall writes a policy for a namespace of itself: there is no statement that could go. */
export function isImpliedPolicy(policy: Policy): boolean {
  return policy.name === defaultDenyName && constructOf(policy) !== '';
}

/** Whether a rule is there for the DNS that comes with egress alone: there is no statement that could go. */
export function isImpliedRule(rule: Rule, app: LintedApp | undefined): boolean {
  if (!app || rule.direction !== 'egress' || app.intentsOf(rule).length > 0) return false;
  const service = constructOf(rule.policy);
  return app.intents.some(({ openings }) => openings.some((opening) => opening.service === service));
}
