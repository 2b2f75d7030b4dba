import type { FindingReport } from '../../model/finding-report';
import type { ShownStep, Verdict } from './words';

/** For programs; `checkSchema` describes it. */
export function checkToJson(verdict: Verdict, steps: readonly ShownStep[], { subject, items }: FindingReport): string {
  const shown = steps.map(({ id, verdict: own, summary }) => ({ id, verdict: own, summary }));
  return `${JSON.stringify({ version: 1, verdict, subject, steps: shown, findings: items }, undefined, 2)}\n`;
}
