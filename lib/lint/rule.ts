import type { FieldEdit, RelatedPlace, RuleDescriptor, Severity } from '../model/finding';
import type { Place } from '../model/issue';
import type { LintContext } from './context';
import type { LintSettings } from './settings';

export const ruleGroups = [
  'validity',
  'matching',
  'coverage',
  'width',
  'minimality',
  'workability',
  'consistency',
] as const;

export type RuleGroup = (typeof ruleGroups)[number];

/** Manifests that show a rule. Each is linted in a test. */
export interface Example {
  readonly yaml: string;
  /** What is configured beside. @default nothing */
  readonly settings?: Partial<LintSettings>;
}

export interface BadExample extends Example {
  /** The fields at which the rule finds something, in order: `spec.podSelector`, or empty for an object as a whole. */
  readonly at: readonly string[];
  /** What `--fix` makes of it. @default there is no one right answer */
  readonly fixed?: string;
}

/** What a rule found; the rest of the finding follows from the rule. */
export interface Found {
  /** Lower case, without a final period, user input in backticks. */
  readonly message: string;
  readonly place: Place;
  /** @default what the rule says is to be done */
  readonly hint?: string;
  /** The same where an intent or construct declares it. @default what the rule says, or the hint where there is one */
  readonly hintInCode?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fix?: readonly FieldEdit[];
  /** Where it differs from the rule's. A configured severity still goes first. */
  readonly severity?: Severity;
}

/** A rule: what it is about, examples that are run as tests, and one pure function. In a file named after its id. */
export interface LintRule extends RuleDescriptor {
  readonly group: RuleGroup;
  /** What to do where tierwall writes the policy. @default the same */
  readonly todoInCode?: string;
  /** Whose line is named where an app declares it. @default the intents that the entry is there for */
  readonly declaredBy?: 'service';
  readonly good: readonly [Example, ...Example[]];
  readonly bad: readonly [BadExample, ...BadExample[]];
  check(context: LintContext): Iterable<Found>;
}
