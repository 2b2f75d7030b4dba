import type { FindingReport } from '../../model/finding-report';
import { unsuppressed } from '../../model/finding-report';
import { visible } from '../connectivity/visible-text';
import { findingsToTxt } from '../findings/txt';
import type { Paint } from '../paint';
import { type ShownStep, stepTitles, type Verdict } from './words';

const signs: Readonly<Record<Verdict, string>> = { passed: '✓', failed: '✗', skipped: '-' };

/**
 * For a person: the findings, what the change means, and at the end, where a terminal stands, one line for each step.
 * @param change as it is told, or nothing
 */
export function checkToTxt(steps: readonly ShownStep[], report: FindingReport, change: string, paint: Paint): string {
  const width = Math.max(...steps.map(({ id }) => stepTitles[id]!.length));
  const colours = { passed: paint.green, failed: paint.red, skipped: paint.dim };
  const lines = steps.map(({ id, verdict, summary }) => {
    const line = `${signs[verdict]} ${stepTitles[id]!.padEnd(width)}  ${visible(summary)}`;
    return colours[verdict](line);
  });
  const findings = unsuppressed(report).length > 0 ? `${findingsToTxt(report, paint)}\n` : '';
  return `${findings}${change === '' ? '' : `${change.trimEnd()}\n\n`}${lines.join('\n')}\n`;
}
