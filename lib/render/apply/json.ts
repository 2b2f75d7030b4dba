import type { AppliedEnvironment } from '../../model/applied';

/** For programs; `applySchema` describes it. */
export function appliedToJson(environments: readonly AppliedEnvironment[]): string {
  return `${JSON.stringify({ version: 1, environments }, undefined, 2)}\n`;
}
