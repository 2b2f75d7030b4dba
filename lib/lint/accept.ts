import { didYouMean } from '../constructs/did-you-mean';
import type { Finding, RuleDescriptor } from '../model/finding';
import { expiredSuppression, malformedSuppression, unusedSuppression } from './own-rules';
import type { Found } from './rule';
import { findingOf } from './run';
import type { LintSettings } from './settings';
import type { ScopedSuppression } from './suppressions';

/** A suppression that holds, of one rule. */
interface Holding {
  readonly suppression: ScopedSuppression;
  use: 'used' | 'unused';
}

/**
 * The findings, each with who accepted it, and beside them what is wrong with the suppressions: one that cannot be read, has expired,
 * or accepts nothing. An expired one accepts nothing any more.
 *
 * @param known the rules that there are
 */
export function accept(
  findings: readonly Finding[],
  suppressions: readonly ScopedSuppression[],
  known: readonly RuleDescriptor[],
  settings: LintSettings,
): Finding[] {
  const holding = new Map<string, Holding[]>();
  const problems: [RuleDescriptor, Found][] = [];
  for (const suppression of suppressions) {
    const { problem, until, place, rules } = suppression;
    if (problem !== undefined) {
      problems.push([malformedSuppression, { message: `a suppression has no effect: ${problem}`, place }]);
    } else if (until !== undefined && until < settings.today) {
      const message = `the suppression of ${rules.map((id) => `\`${id}\``).join(', ')} ended on ${until}`;
      problems.push([expiredSuppression, { message, place }]);
    } else {
      for (const id of rules) holding.set(id, [...(holding.get(id) ?? []), { suppression, use: 'unused' }]);
    }
  }
  const accepted = findings.map((finding): Finding => {
    const fitting = (holding.get(finding.rule) ?? []).filter(({ suppression }) => suppression.covers(finding));
    for (const one of fitting) one.use = 'used';
    const first = fitting[0]?.suppression;
    return first ? { ...finding, suppressed: { by: first.by, reason: first.because } } : finding;
  });
  for (const [id, list] of holding) {
    for (const { suppression, use } of list) {
      // Nobody knows what a rule would find that is not asked.
      if (use === 'unused' && settings.severities[id] !== 'off') {
        problems.push([unusedSuppression, { ...unused(id, known), place: suppression.place }]);
      }
    }
  }
  return [
    ...accepted,
    ...problems.flatMap(([rule, found]) =>
      settings.severities[rule.id] === 'off' ? [] : [findingOf(rule, found, settings)],
    ),
  ];
}

function unused(id: string, known: readonly RuleDescriptor[]): Omit<Found, 'place'> {
  const ids = known.map((rule) => rule.id);
  if (ids.includes(id)) return { message: `nothing is found here that \`${id}\` would accept` };
  const hint = didYouMean(id, ids);
  return { message: `there is no rule \`${id}\``, ...(hint ? { hint } : {}) };
}
