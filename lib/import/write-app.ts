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

/**
 * Writes the files that are not there yet. A file that says something else is never overwritten: then nothing is written at all.
 * @param out absolute path
 * @param shown how messages call it
 * @throws InputError naming each such file
 */
export function writeApp(out: string, files: AppFiles, shown: string): WrittenApp {
  const issues: Issue[] = [];
  const fresh: string[] = [];
  const unchanged: string[] = [];
  for (const [path, text] of files) {
    const there = join(out, path);
    if (!existsSync(there)) fresh.push(path);
    else if (readFileSync(there, 'utf8') === text) unchanged.push(path);
    else issues.push(taken(join(shown, path)));
  }
  if (issues.length > 0) throw new InputError(issues);
  const made: string[] = [];
  try {
    for (const path of fresh) {
      mkdirSync(dirname(join(out, path)), { recursive: true });
      writeFileSync(`${join(out, path)}.tierwall-new`, files.get(path)!);
      made.push(path);
    }
    for (const path of made) renameSync(`${join(out, path)}.tierwall-new`, join(out, path));
  } catch (error) {
    for (const path of made) rmSync(`${join(out, path)}.tierwall-new`, { force: true });
    throw error;
  }
  return { written: fresh, unchanged };
}

function taken(file: string): Issue {
  const message = 'there is a file already, with other content, and it is not overwritten';
  return { code: 'not-overwritten', message, place: { file }, hint: 'give a new folder with `--out`, or move it away' };
}
