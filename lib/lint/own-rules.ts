import type { RuleDescriptor } from '../model/finding';

/** What linting finds of itself; these have no check of their own. */
export const crashingRule: RuleDescriptor = {
  id: 'no-crashing-rule',
  group: 'linting',
  severity: 'error',
  wrong: 'a rule failed while it was looking',
  why: 'What the rule is about was not looked at, so that nothing is known of it.',
  todo: 'report it, with the manifests; until then the rule can be switched off in the configuration',
  references: [],
};

export const ownRules: readonly RuleDescriptor[] = [crashingRule];
