import { chmodSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../read/make-folder';
import type { InitFile } from './files/init-file';

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
