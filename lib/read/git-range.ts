import { spawnSync } from 'node:child_process';
import { posix, relative, resolve, sep } from 'node:path';
import { InputError } from '../model/issue';

/** Two revisions that are compared; no second one: the working tree. */
export interface GitRange {
  /** As messages call it. */
  readonly from: string;
  readonly to: string | undefined;
  /** The commit on the old side: that of `from`, or where `to` branched off. */
  readonly base: string;
  /** What messages call it: `from`, or the commit where that is another one. */
  readonly baseText: string;
}

/**
 * The revisions of `A...B` (from where B branched off A, as `git diff` has it), `A..B` or `A` alone (to the working tree); what is left out is HEAD.
 * @param hint what to do about what git does not know
 * @throws InputError for that
 */
export function gitRangeOf(word: string, cwd: string, hint: () => string): GitRange {
  const [, left = '', dots, right = ''] = (isGitRange(word) && /^(.*?)(\.\.\.?)(.*)$/.exec(word)) || [];
  const from = (dots === undefined ? word : left) || 'HEAD';
  const to = dots === undefined ? undefined : right || 'HEAD';
  const commits = [from, ...(to === undefined ? [] : [to])].map((name) => commitOf(name, cwd, hint));
  const base = dots === '...' ? askGit(['merge-base', '--', ...commits], cwd) : commits[0]!;
  const isSame = base === commits[0] && /^[\w./~^-]+$/.test(from);
  if (base !== undefined) return { from, to, base, baseText: isSame ? from : base.slice(0, 12) };
  const message = `\`${from}\` and \`${to}\` have no commit in common`;
  throw new InputError([
    { code: 'bad-source', message, place: {}, hint: 'fetch more of their history, or use two dots' },
  ]);
}

/** Whether the word has the form of a range, `A..B` or `A...B`. */
export function isGitRange(word: string): boolean {
  return word.includes('..') && !/(?:^|[\\/])\.\.(?:[\\/]|$)/.test(word) && !word.includes(':');
}

function commitOf(name: string, cwd: string, hint: () => string): string {
  const commit = knownCommit(name, cwd);
  if (commit !== undefined) return commit;
  const message = `there is no \`${name}\`, neither as a path nor as a git revision`;
  throw new InputError([{ code: 'bad-source', message, place: {}, hint: hint() }]);
}

/** The commit that a word names; undefined for what is no revision, and outside a repository. */
export function knownCommit(name: string, cwd: string): string | undefined {
  return askGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], cwd);
}

/** Whether git finds a repository there, with or without a commit. */
export function isRepository(cwd: string): boolean {
  return askGit(['rev-parse', '--git-dir'], cwd) !== undefined;
}

/** `REV:path` as git takes it for a path: with `..` at its end it would be a range. */
export function asPath(word: string): string {
  return word.endsWith('/..') || word.endsWith(':..') ? `${word}/` : word;
}

/** A path of the working tree as the functions below take it, from the folder in which git is asked. */
export function pathInRevision(path: string, cwd: string): string {
  return posix.normalize(relative(cwd, resolve(cwd, path)).split(sep).join('/'));
}

/**
 * Whether there is a file or folder in a revision.
 * @param path from the folder in which git is asked
 * @throws InputError where git cannot tell, as in a partial clone
 */
export function isInRevision(commit: string, path: string, cwd: string): boolean {
  const word = asPath(`${commit}:./${path}`);
  if (askGit(['rev-parse', '--verify', '--quiet', '--end-of-options', word], cwd) !== undefined) return true;
  if (askGit(['ls-tree', '--end-of-options', commit, path], cwd) !== undefined) return false;
  const message = `what \`${path}\` was in ${commit.slice(0, 12)} cannot be read`;
  throw new InputError([{ code: 'bad-source', message, place: {}, hint: partialHint }]);
}

/** What to do where objects are missing. */
export const partialHint =
  'a partial clone lacks it: clone without `--filter`, or run `git fetch --refetch --no-filter`';

/** A path of a revision as git names it from the top of the repository, as in `main:network/policies`. @param path from the folder in which git is asked */
export function revisionWord(revision: string, path: string, cwd: string): string {
  const below = posix.join(askGit(['rev-parse', '--show-prefix'], cwd) ?? '', path);
  return `${revision}:${below === '.' || below === './' ? '' : below}`;
}

/** The first line of git's answer; undefined where it fails, or is not there. */
export function askGit(words: readonly string[], cwd: string): string | undefined {
  const env = { ...process.env, GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
  const { status, stdout } = spawnSync('git', words, { cwd, encoding: 'utf8', env });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}
