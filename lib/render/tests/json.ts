import type { TestRun } from '../../model/test-run';

export function testRunToJson(run: TestRun): string {
  return `${JSON.stringify({ version: 1, ...run }, undefined, 2)}\n`;
}
