import type { Severity } from '../model/finding';
import { severities } from '../model/finding';
import { type FindingReport, unsuppressed } from '../model/finding-report';
import { countsText, suppressedText } from '../render/findings/words';
import type { CheckStep } from './check-result';

/**
 * @param least the least severity that fails
 * @param note what has to be known of what was looked at
 */
export function lintStep(report: FindingReport, least: Severity, note?: string): CheckStep {
  const fails = unsuppressed(report).some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(least));
  const suppressed = suppressedText(report);
  const found = `${countsText(report)} in ${report.subject}${suppressed === '' ? '' : ` (${suppressed})`}`;
  const summary = note === undefined ? found : `${found}; ${note}`;
  return { id: 'lint', verdict: fails ? 'failed' : 'passed', summary, items: report.items };
}
