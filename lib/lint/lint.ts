import type { Finding } from '../model/finding';
import type { LintInput } from './context';
import { lintRules } from './registry';
import { runRules } from './run';
import type { LintSettings } from './settings';

/** Everything that the rules find, in no particular order. */
export function lint(input: LintInput, settings: LintSettings): Finding[] {
  return runRules(lintRules, input, settings);
}
