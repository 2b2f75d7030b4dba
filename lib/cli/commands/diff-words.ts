import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { mainBranch } from '../../check/merge-base';
import { badUsage } from '../../model/issue';
import {
  type GitRange,
  gitRangeOf,
  isGitRange,
  isInRevision,
  isRepository,
  knownCommit,
  pathInRevision,
} from '../../read/git-range';
import { wordPath } from '../../read/word-path';

/** What the words of a comparison name. */
export type Comparison =
  | { readonly kind: 'sources'; readonly before: string; readonly after: string }
  /** Two revisions, or one and the working tree: a path in both, from the working directory, or all of that directory. */
  | { readonly kind: 'revisions'; readonly range: GitRange; readonly path: string };

type Meaning = 'source' | 'revision' | 'range' | 'unknown';

/**
 * What two words name: two sources; revisions, as `main...HEAD`, `main HEAD` or `main`, the last against the working tree; or revisions and a
 * path in them.
 *
 * @throws InputError for what names nothing, and for what could be a path and a revision
 */
export function comparisonOf(first: string, second: string | undefined, cwd: string): Comparison {
  const meanings = [first, ...(second === undefined ? [] : [second])].map((word) => meaningOf(word, cwd));
  const [one, other] = meanings as [Meaning, Meaning | undefined];
  if (second === undefined || other === undefined) {
    if (one === 'source') {
      throw badUsage(`\`${first}\` is compared with nothing`, waysToCompare(cwd, first));
    }
    return { kind: 'revisions', range: rangeOf(first, cwd), path: '.' };
  }
  if (first === '-' && second === '-') {
    throw badUsage('standard input can be only one of the two', 'see `tierwall diff --help`');
  }
  if (other === 'range')
    throw badUsage(`\`${second}\` names two revisions`, `put it first: \`tierwall diff ${second} ${first}\``);
  if (one === 'range' || one === 'revision') return revisions(first, one, second, other, cwd);
  if (other === 'revision') {
    throw badUsage(
      `\`${second}\` is a revision, and \`${first}\` is none`,
      `write what of it is meant: \`${second}:./${pathInRevision(first, cwd)}\``,
    );
  }
  return { kind: 'sources', before: first, after: second };
}

/** What can be written here to compare two states. @param path that is one of them, where it is known */
export function waysToCompare(cwd: string, path?: string): string {
  const sources = `two sources, as \`tierwall diff old/ ${path ?? 'new/'}\``;
  if (knownCommit('HEAD', cwd) === undefined) {
    const isUnborn = isRepository(cwd);
    return `${isUnborn ? 'nothing is committed yet' : 'git finds no repository here'}: name ${sources}`;
  }
  const branch = mainBranch(cwd);
  const ofIt = path === undefined ? '' : ` ${path}`;
  const ofBranch = branch ? ` \`tierwall diff ${branch}...HEAD${ofIt}\` for what a branch changes,` : '';
  return `write \`tierwall diff HEAD${ofIt}\` for what is not committed,${ofBranch} or ${sources}`;
}

function rangeOf(word: string, cwd: string): GitRange {
  return gitRangeOf(word, cwd, () => waysToCompare(cwd));
}

function revisions(first: string, one: 'range' | 'revision', second: string, other: Meaning, cwd: string): Comparison {
  if (other === 'revision' && one === 'revision') {
    return { kind: 'revisions', range: rangeOf(`${first}..${second}`, cwd), path: '.' };
  }
  const range = rangeOf(first, cwd);
  const isPath = second !== '-' && !second.includes(':');
  const path = isPath ? pathInRevision(second, cwd) : '';
  const isThere = (commit: string | undefined) =>
    commit === undefined ? existsSync(resolve(cwd, second)) : isInRevision(commit, path, cwd);
  if (isPath && (isThere(range.base) || isThere(range.to))) return { kind: 'revisions', range, path };
  if (!isPath)
    throw badUsage(
      `\`${second}\` is no path in \`${first}\``,
      `write what of \`${first}\` is meant: \`${first}:./deploy\``,
    );
  const where =
    one === 'range'
      ? `neither in \`${range.baseText}\` nor in \`${range.to}\``
      : `neither as a path, here or in \`${first}\`, nor as a revision`;
  throw badUsage(`there is no \`${second}\`, ${where}`, 'correct the path, or the revision');
}

/** @throws InputError for what could be both a path and a revision */
function meaningOf(word: string, cwd: string): Meaning {
  if (word === '-') return 'source';
  if (existsSync(wordPath(cwd, word))) {
    if (knownCommit(word, cwd) === undefined) return 'source';
    const hint = `write \`./${word}\` for the path, or \`${word}^0\` for the revision`;
    throw badUsage(`\`${word}\` is both a path and a git revision`, hint);
  }
  if (isGitRange(word)) return 'range';
  if (knownCommit(word, cwd) !== undefined) return 'revision';
  // Patterns, `REV:path` and `cluster:`; what is none of these is said where it is read.
  return /[:*?[{]/.test(word) ? 'source' : 'unknown';
}
