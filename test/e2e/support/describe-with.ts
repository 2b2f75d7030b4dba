import { describe } from 'vitest';
import { missing, type Requirement } from './requirements';

/** `describe`, where the machine has what is needed; elsewhere skipped, with the reason in its name. */
export function describeWith(needed: readonly Requirement[], title: string, body: () => void): void {
  const lacking = missing(needed);
  if (lacking.length === 0) describe(title, body);
  else describe.skip(`${title} (skipped: needs ${lacking.join(', ')})`, body);
}
