import type { MutationReport } from '../../model/mutation-report';

export function mutationToJson(report: MutationReport): string {
  return `${JSON.stringify({ version: 1, ...report }, undefined, 2)}\n`;
}
