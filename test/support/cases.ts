import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(__dirname, '../../../shared/cases');

/** The path of outside cases, or undefined where they are absent: a test that needs them then skips, and says so in its name. */
export function casesAt(...path: string[]): string | undefined {
  const file = join(folder, ...path);
  return existsSync(file) ? file : undefined;
}
