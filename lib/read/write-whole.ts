import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file, or puts the new text in place of the old one by renaming, so that it is never half-written. Keeps who may read it. */
export function writeWhole(path: string, text: string): void {
  const beside = join(dirname(path), `.tierwall-${randomUUID()}`);
  try {
    writeFileSync(beside, text, existsSync(path) ? { mode: statSync(path).mode } : {});
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}
