import { describe } from 'vitest';
import { missing, type Requirement } from './requirements';

/** `describe`, where the machine has what is needed; elsewhere skipped, with the reason in its name and on the terminal, where names are not shown. */
export function describeWith(needed: readonly Requirement[], title: string, body: () => void): void {
  const lacking = missing(needed);
  if (lacking.length === 0) describe(title, body);
  else {
    const reason = `skipped: needs ${lacking.join(', ')}`;
    console.warn(`${title}: ${reason}`);
    describe.skip(`${title} (${reason})`, body);
  }
}
