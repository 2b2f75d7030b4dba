import type { FindingReport } from '../../model/finding-report';
import { countOf } from './words';

/** For programs; `findingsSchema` describes it. */
export function findingsToJson(report: FindingReport): string {
  const { command, subject, items } = report;
  const named = new Set(items.map(({ rule }) => rule));
  const rules = report.rules.filter(({ id }) => named.has(id));
  const [errors, warnings, infos] = (['error', 'warning', 'info'] as const).map((s) => countOf(report, s));
  const counts = { errors, warnings, infos, suppressed: items.filter(({ suppressed }) => suppressed).length };
  return `${JSON.stringify({ version: 1, command, subject, counts, findings: items, rules }, undefined, 2)}\n`;
}
