import { randomUUID } from 'node:crypto';
import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes a file, or puts the new text in place of the old one by renaming, so that it is never half-written. Keeps who may read it, and links to
 * it. What is no file, as `/dev/stdout`, is written to as it is.
 */
export function writeWhole(path: string, text: string): void {
  const old: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (old && !old.isFile()) {
    writeFileSync(path, text);
    return;
  }
  const target = old ? realpathSync(path) : path;
  const beside = join(dirname(target), `.tierwall-${randomUUID()}`);
  try {
    writeFileSync(beside, text, old ? { mode: old.mode } : {});
    renameSync(beside, target);
  } finally {
    rmSync(beside, { force: true });
  }
}
