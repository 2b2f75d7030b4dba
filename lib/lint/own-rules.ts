import type { RuleDescriptor } from '../model/finding';
import { suppressionForm } from '../model/suppression';
import { ignoreWord } from '../read/ignore-comments';
import { staleBaseline } from './baseline';

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

export const malformedSuppression: RuleDescriptor = {
  id: 'no-malformed-suppression',
  group: 'linting',
  severity: 'warning',
  wrong: 'a suppression is misspelled, names no rule or gives no reason, and so accepts nothing',
  why: 'Its author believes that something is accepted, and it is not. What is accepted without a reason cannot be judged again.',
  todo: `write it as \`# ${ignoreWord} ${suppressionForm}\`; the day may be left out`,
  references: [],
};

export const expiredSuppression: RuleDescriptor = {
  id: 'no-expired-suppression',
  group: 'linting',
  severity: 'warning',
  wrong: 'a suppression has come to its end, and accepts nothing any more',
  why: 'Somebody wanted the finding to be looked at again by that day.',
  todo: 'mend what it accepted, or give another day',
  references: [],
};

export const unusedSuppression: RuleDescriptor = {
  id: 'no-unused-suppression',
  group: 'linting',
  severity: 'warning',
  wrong: 'a suppression accepts nothing',
  why: 'It would accept, without anybody looking, the next thing of that kind that comes here.',
  todo: 'leave it out',
  references: [],
};

export const ownRules: readonly RuleDescriptor[] = [
  staleBaseline,
  crashingRule,
  expiredSuppression,
  malformedSuppression,
  unusedSuppression,
];
