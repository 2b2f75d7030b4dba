import type { DevReport } from '../../model/dev-report';

/** One line, since more follow. */
export function devToJson(report: DevReport): string {
  return `${JSON.stringify({ version: 1, ...report })}\n`;
}
