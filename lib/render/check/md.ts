import { type FindingReport, unsuppressed } from '../../model/finding-report';
import { visible } from '../connectivity/visible-text';
import { findingsToMd } from '../findings/md';
import { type ShownStep, stepTitles, type Verdict } from './words';

const signs: Readonly<Record<Verdict, string>> = { passed: '✅', failed: '❌', skipped: '➖' };

/** What GitHub takes as the summary of a job is larger; as a comment it is this much. */
const longest = 65_000;

/**
 * For a pull request: the verdict first, then a line for each step, and the findings folded.
 * @param change as it is told in Markdown, or nothing
 */
export function checkToMd(steps: readonly ShownStep[], report: FindingReport, change: string): string {
  const failed = steps.filter(({ verdict }) => verdict === 'failed').length;
  const head =
    failed > 0 ? `### ❌ tierwall check: ${failed} of ${steps.length} failed` : '### ✅ tierwall check: passed';
  const rows = steps.map(({ id, verdict, summary }) => `| ${signs[verdict]} | ${stepTitles[id]} | ${cell(summary)} |`);
  const table = `| | | |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  const found = unsuppressed(report).length;
  const findings = found > 0 ? folded(`Findings: ${found}`, findingsToMd(report)) : '';
  const parts = [head, table, change, findings].filter((part) => part !== '');
  const whole = `${parts.join('\n\n')}\n`;
  if (whole.length <= longest) return whole;
  return `${[head, table].join('\n\n')}\n\nThe findings are too long for a comment: they are in the job’s output.\n`;
}

function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text.trimEnd()}\n\n</details>`;
}

function cell(text: string): string {
  return visible(text).replace(/[\\|*_[\]<>#~]/g, (c) => (c === '<' ? '&lt;' : `\\${c}`));
}
