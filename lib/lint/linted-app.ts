import type { DeclaredAt, HandedIntent } from '../constructs/handed-over';
import type { Rule } from '../model/policy';
import type { Suppression } from '../model/suppression';

/** What an app says besides the policies that it writes. */
export interface LintedApp {
  /** The line that declares a construct. */
  lineOf(path: string): DeclaredAt | undefined;
  /** All that are emitted. */
  readonly intents: readonly HandedIntent[];
  /** The intents that a rule opens for; none for the DNS that comes with egress. */
  intentsOf(rule: Rule): readonly HandedIntent[];
  /** Findings that the app's own constructs accept; the place of each names the construct. */
  readonly suppressions: readonly Suppression[];
}
