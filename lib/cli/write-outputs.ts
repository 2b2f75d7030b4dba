import { dirname, resolve } from 'node:path';
import { InputError, type Issue } from '../model/issue';
import { makeFolder } from '../read/make-folder';
import { writeWhole } from '../read/write-whole';
import type { Io } from './io';

/** A file that the user named, and what goes there. */
export interface OutputFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Writes files under the names that the user gave, with the folders that they are in. One that cannot be written holds up no other.
 * @throws InputError for those
 */
export function writeOutputs({ cwd }: Io, files: readonly OutputFile[]): void {
  const issues = files.flatMap(({ name, text }): Issue[] => {
    const path = resolve(cwd, name);
    try {
      makeFolder(dirname(path));
      writeWhole(path, text);
      return [];
    } catch (error) {
      const message = `\`${name}\` cannot be written: ${reasonOf(error)}`;
      return [{ code: 'bad-usage', message, place: {}, hint: 'name a file in a folder that may be written to' }];
    }
  });
  if (issues.length > 0) throw new InputError(issues);
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'what is to be its folder is a file',
  EEXIST: 'what is to be its folder is a file',
  EACCES: 'the folder may not be written to',
  EPERM: 'the folder may not be written to',
  EROFS: 'the file system may only be read',
  ENOSPC: 'there is no space left',
  ENAMETOOLONG: 'its name is too long',
};

/** Without the name of the file that is written before it is renamed. @throws what is no error of the system */
function reasonOf(error: unknown): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  return reasons[code] ?? `the system says ${code}`;
}
