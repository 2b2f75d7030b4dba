import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InitFile } from './files/init-file';

/** With the folders above it, one by one: below /proc, Node's own `recursive` tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/**
 * Writes a file whole, unless something has its name, also if that came while it was written: it is written beside, and linked to its name,
 * which no system does over another file.
 */
export function writeNew(folder: string, { path, text, mode }: InitFile): 'written' | 'kept' {
  const target = join(folder, path);
  const beside = `${target}.tierwall-new-${process.pid}`;
  makeFolder(dirname(target));
  try {
    writeFileSync(beside, text);
    if (mode === 'executable') chmodSync(beside, 0o755);
    linkSync(beside, target);
    return 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'kept';
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}
