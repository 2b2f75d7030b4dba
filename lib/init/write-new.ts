import { accessSync, chmodSync, constants, existsSync, linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, type Issue } from '../model/issue';
import { makeFolder } from '../read/make-folder';
import { systemReason } from '../read/system-reason';
import type { InitFile } from './files/init-file';

export interface WrittenFile {
  readonly path: string;
  readonly outcome: 'written' | 'kept';
}

/**
 * Writes what is not there, each file whole. Whatever can be known to stand in the way is found before the first is written.
 * @throws InputError with all that does; if it was not foreseen, with what was written until then
 */
export function writeAllNew(folder: string, files: readonly InitFile[]): WrittenFile[] {
  const obstacles = [...new Set(files.flatMap(({ path }) => obstacleOf(join(folder, path))))];
  if (obstacles.length > 0) throw new InputError(obstacles.map((message) => issue(message, 'nothing was written')));
  const done: WrittenFile[] = [];
  for (const file of files) {
    try {
      done.push({ path: file.path, outcome: writeNew(folder, file) });
    } catch (error) {
      const written = done.filter(({ outcome }) => outcome === 'written').map(({ path }) => `\`${path}\``);
      const hint = written.length > 0 ? `these were written: ${written.join(', ')}` : 'nothing was written';
      throw new InputError([issue(`\`${file.path}\` cannot be written: ${systemReason(error)}`, hint)]);
    }
  }
  return done;
}

function issue(message: string, hint: string): Issue {
  return { code: 'bad-usage', message, place: {}, hint };
}

/** What the nearest thing above that exists says against writing a file; nothing where the file is there, and is kept. */
function obstacleOf(target: string): string[] {
  if (existsSync(target)) return [];
  let above = dirname(target);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  if (!statSync(above).isDirectory()) return [`\`${above}\` is a file, and is to be a folder`];
  try {
    accessSync(above, constants.W_OK);
    return [];
  } catch {
    return [`\`${above}\` may not be written to`];
  }
}

/** Also if something of that name came while it was written: it is written beside, and linked to its name, which no system does over another file. */
function writeNew(folder: string, { path, text, mode }: InitFile): 'written' | 'kept' {
  const target = join(folder, path);
  if (existsSync(target)) return 'kept';
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
