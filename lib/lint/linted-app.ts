import type { DeclaredAt, HandedIntent } from '../constructs/handed-over';
import type { Rule } from '../model/policy';

/** What an app says besides the policies that it writes. */
export interface LintedApp {
  /** The line that declares a construct. */
  lineOf(path: string): DeclaredAt | undefined;
  /** All that are emitted. */
  readonly intents: readonly HandedIntent[];
  /** The intents that a rule opens for; none for the DNS that comes with egress. */
  intentsOf(rule: Rule): readonly HandedIntent[];
}
