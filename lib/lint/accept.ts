import { didYouMean } from '../constructs/did-you-mean';
import type { Finding, RuleDescriptor } from '../model/finding';
import { expiredSuppression, malformedSuppression, unusedSuppression } from './own-rules';
import type { Found } from './rule';
import { findingOf } from './run';
import type { LintSettings } from './settings';
import type { ScopedSuppression } from './suppressions';

/**
 * The findings, each with who accepted it, and beside them what is wrong with the suppressions: one that cannot be read, has expired,
 * or accepts nothing. An expired one accepts nothing any more.
 *
 * @param asked the rules that were asked: of others a suppression cannot be used
 */
export function accept(
  findings: readonly Finding[],
  suppressions: readonly ScopedSuppression[],
  asked: readonly RuleDescriptor[],
  settings: LintSettings,
): Finding[] {
  const byRule = new Map<string, ScopedSuppression[]>();
  const used = new Set<string>();
  const problems: Finding[] = [];
  const keyOf = (suppression: ScopedSuppression, rule: string) => `${suppressions.indexOf(suppression)} ${rule}`;
  const report = (rule: RuleDescriptor, found: Found) => {
    if (settings.severities[rule.id] !== 'off') problems.push(findingOf(rule, found, settings));
  };

  for (const suppression of suppressions) {
    const { problem, until, place, rules } = suppression;
    if (problem !== undefined) {
      report(malformedSuppression, { message: `a suppression has no effect: ${problem}`, place });
    } else if (until !== undefined && until < settings.today) {
      const message = `the suppression of ${rules.map((id) => `\`${id}\``).join(', ')} ended on ${until}`;
      report(expiredSuppression, { message, place });
    } else {
      for (const id of rules) byRule.set(id, [...(byRule.get(id) ?? []), suppression]);
    }
  }

  const accepted = findings.map((finding): Finding => {
    const fitting = (byRule.get(finding.rule) ?? []).filter((suppression) => suppression.covers(finding));
    for (const suppression of fitting) used.add(keyOf(suppression, finding.rule));
    const [first] = fitting;
    return first ? { ...finding, suppressed: { by: first.by, reason: first.because } } : finding;
  });

  const ids = asked.map(({ id }) => id);
  for (const [id, list] of byRule) {
    for (const suppression of list) {
      const { place } = suppression;
      if (settings.severities[id] === 'off' || used.has(keyOf(suppression, id))) continue;
      const hint = ids.includes(id) ? undefined : didYouMean(id, ids);
      const message = ids.includes(id)
        ? `nothing is found here that \`${id}\` would accept`
        : `there is no rule \`${id}\``;
      report(unusedSuppression, { message, place, ...(hint ? { hint } : {}) });
    }
  }
  return [...accepted, ...problems];
}
