import type { Severity } from '../model/finding';
import { severities } from '../model/finding';
import { type FindingReport, unsuppressed } from '../model/finding-report';
import { countsText, suppressedText } from '../render/findings/words';
import type { CheckStep } from './check-result';

/** @param least the least severity that fails */
export function lintStep(report: FindingReport, least: Severity): CheckStep {
  const fails = unsuppressed(report).some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(least));
  const suppressed = suppressedText(report);
  const summary = `${countsText(report)} in ${report.subject}${suppressed === '' ? '' : ` (${suppressed})`}`;
  return { id: 'lint', verdict: fails ? 'failed' : 'passed', summary, items: report.items };
}
