import { lintRules } from '../../lib/lint/registry';
import type { LintRule } from '../../lib/lint/rule';
import { runRules } from '../../lib/lint/run';
import { defaultSettings, type LintSettings } from '../../lib/lint/settings';
import type { Finding } from '../../lib/model/finding';
import { rawManifestsOfTexts } from '../../lib/read/raw-manifests';

export const day = '2026-06-01';

/** What rules find in a text. @default every rule is asked */
export function linted(
  yaml: string,
  rules: readonly LintRule[] = lintRules,
  settings: Partial<LintSettings> = {},
): Finding[] {
  const input = rawManifestsOfTexts([{ file: 'input.yaml', text: yaml }]);
  return runRules(rules, input, { ...defaultSettings(day), ...settings });
}

export function ruleNamed(id: string): LintRule {
  const rule = lintRules.find((candidate) => candidate.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return rule;
}
