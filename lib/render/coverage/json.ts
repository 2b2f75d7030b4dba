import type { CoverageReport } from '../../model/coverage-report';

export function coverageToJson(report: CoverageReport): string {
  return `${JSON.stringify({ version: 1, ...report }, undefined, 2)}\n`;
}
