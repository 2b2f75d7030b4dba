import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askGit, isInRevision, pathInRevision, revisionWord } from './git-range';
import { fitting, isPattern, manifestName } from './sources';

/**
 * What a file, folder or pattern of the working tree names in a revision, as `REV:path`; nothing for what there is not in it.
 * @param cwd from where the word and git look
 * @param scratch an empty folder, in which the names of files are laid out for a pattern to find them
 */
export function wordsInRevision(commit: string, word: string, cwd: string, scratch: string): string[] {
  const own = pathInRevision(word, cwd);
  if (isInRevision(commit, own, cwd)) return [revisionWord(commit, own, cwd)];
  if (!isPattern(word)) return [];
  const list = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', '--end-of-options', commit];
  const { stdout } = spawnSync('git', list, { cwd, encoding: 'utf8', maxBuffer: 2 ** 30 });
  const folder = join(scratch, askGit(['rev-parse', '--show-prefix'], cwd) ?? '');
  mkdirSync(folder, { recursive: true });
  for (const path of stdout.split('\0')) {
    if (!manifestName.test(path) || path.split('/').includes('..')) continue;
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), '');
  }
  return fitting(word, folder).map((path) => revisionWord(commit, pathInRevision(path, cwd), cwd));
}

/** Those of the files that git does not keep, and would not: it ignores them, or they are in no repository, or in one of their own. */
export function notKeptByGit(files: readonly string[], cwd: string): Set<string> {
  const ask = (some: readonly string[]) =>
    spawnSync('git', ['check-ignore', '-z', '--stdin'], { cwd, input: some.join('\0'), encoding: 'utf8' });
  const { status, stdout } = ask(files);
  if (status === 0) return new Set(stdout.split('\0').filter((file) => file !== ''));
  // One that is outside ends the answer for all.
  return new Set(status === 1 ? [] : files.filter((file) => ask([file]).status !== 1));
}
