import { dirname, resolve } from 'node:path';
import { InputError, type Issue } from '../model/issue';
import { makeFolder } from '../read/make-folder';
import { systemReason } from '../read/system-reason';
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
      const message = `\`${name}\` cannot be written: ${systemReason(error)}`;
      return [{ code: 'bad-usage', message, place: {}, hint: 'name a file in a folder that may be written to' }];
    }
  });
  if (issues.length > 0) throw new InputError(issues);
}
