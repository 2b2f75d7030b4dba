import type { Explanation } from '../../model/explanation';

/** As `explanationSchema` describes it. */
export function explanationToJson(explanation: Explanation): string {
  return `${JSON.stringify({ version: 1, ...explanation }, undefined, 2)}\n`;
}
