import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, type Issue } from '../model/issue';
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
      const there = join(folder, path);
      if (!existsSync(there)) written.push(path);
      else if (readFileSync(there, 'utf8') === text) unchanged.push(path);
      else issues.push(taken(join(shown, path)));
    }
    return { written, unchanged };
  });
  if (issues.length > 0) throw new InputError(issues);
  const fresh = apps.flatMap(({ folder, files }, i) =>
    results[i]!.written.map((path) => [join(folder, path), files.get(path)!] as const),
  );
  try {
    for (const [path, text] of fresh) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(temporary(path), text);
    }
    for (const [path] of fresh) renameSync(temporary(path), path);
  } catch (error) {
    for (const [path] of fresh) rmSync(temporary(path), { force: true });
    throw error;
  }
  return results;
}

function temporary(path: string): string {
  return `${path}.tierwall-new`;
}

function taken(file: string): Issue {
  const message = 'there is a file already, with other content, and it is not overwritten';
  return { code: 'not-overwritten', message, place: { file }, hint: 'give a new folder with `--out`, or move it away' };
}
