import type { CoverageReport } from '../../model/coverage-report';
import type { TestRun } from '../../model/test-run';

export function testRunToJson(run: TestRun, coverage?: CoverageReport): string {
  return `${JSON.stringify({ version: 1, ...run, ...(coverage ? { coverage } : {}) }, undefined, 2)}\n`;
}
