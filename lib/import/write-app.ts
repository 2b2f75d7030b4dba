import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, type Issue } from '../model/issue';
import { makeFolder } from '../read/make-folder';
import { systemReason } from '../read/system-reason';
import type { AppFiles } from './code/app-code';

/** What became of each file. */
export interface WrittenApp {
  readonly written: readonly string[];
  /** Those that were there, with the same text. */
  readonly unchanged: readonly string[];
}

export interface AppToWrite {
  /** Absolute path. */
  readonly folder: string;
  /** How messages call it. */
  readonly shown: string;
  readonly files: AppFiles;
}

/**
 * Writes the files that are not there yet. A file that says something else is never overwritten: then nothing is written at all.
 * @throws InputError naming each such file
 */
export function writeApps(apps: readonly AppToWrite[]): WrittenApp[] {
  const issues: Issue[] = [];
  const results = apps.map(({ folder, shown, files }) => {
    const written: string[] = [];
    const unchanged: string[] = [];
    for (const [path, text] of files) {
      try {
        const there = textAt(join(folder, path));
        if (there === undefined) written.push(path);
        else if (there === text) unchanged.push(path);
        else issues.push(taken(join(shown, path)));
      } catch (error) {
        issues.push(unwritable(join(shown, path), error));
      }
    }
    return { written, unchanged };
  });
  if (issues.length > 0) throw new InputError(issues);
  const fresh = apps.flatMap(({ folder, shown, files }, i) =>
    results[i]!.written.map((path) => ({ path: join(folder, path), shown: join(shown, path), text: files.get(path)! })),
  );
  const made: string[] = [];
  for (const { path, shown, text } of fresh) {
    try {
      makeFolder(dirname(path));
      writeFileSync(temporary(path), text);
      made.push(temporary(path));
    } catch (error) {
      for (const file of made) rmSync(file, { force: true });
      throw new InputError([unwritable(shown, error)]);
    }
  }
  for (const { path } of fresh) renameSync(temporary(path), path);
  return results;
}

/** Undefined where there is nothing yet. @throws an error of the system for what is no file */
function textAt(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'utf8') : undefined;
}

function temporary(path: string): string {
  return `${path}.tierwall-new`;
}

/** @throws what is no error of the system */
function unwritable(file: string, error: unknown): Issue {
  const message = `it cannot be written: ${systemReason(error)}`;
  return { code: 'not-written', message, place: { file }, hint: 'give another folder with `--out`' };
}

function taken(file: string): Issue {
  const message = 'there is a file already, with other content, and it is not overwritten';
  return { code: 'not-overwritten', message, place: { file }, hint: 'give a new folder with `--out`, or move it away' };
}
