import { badUsage } from '../model/issue';
import { askGit, knownCommit } from '../read/git-range';

/** What a change is judged against. */
export type Base =
  | { readonly kind: 'commit'; readonly id: string /** As in `a1b2c3d (origin/main)`. */; readonly text: string }
  /** `untold`: there may well be one, which is not in this clone or not known; `none`: there is nothing to compare with. */
  | { readonly kind: 'none' | 'untold'; readonly reason: string };

/** Branches that others branch off, the ones of a remote first: a local one may be behind. */
const mainBranches = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

const fetchIt = 'fetch the history, or give `--base`';

/**
 * The commit that HEAD and `asked` have in common.
 * @param asked a revision. @default the main branch, under one of its usual names
 * @throws InputError for a revision that does not exist, or has no commit in common with HEAD
 */
export function mergeBase(cwd: string, asked: string | undefined): Base {
  if (asked !== undefined && /^0+$/.test(asked)) return { kind: 'none', reason: 'the branch is new' };
  const head = knownCommit('HEAD', cwd);
  if (head === undefined) {
    const isUnborn = asked === 'HEAD' && askGit(['rev-parse', '--git-dir'], cwd) !== undefined;
    if (asked !== undefined && !isUnborn)
      throw badUsage(`\`--base ${asked}\` is given, and there is no commit here`, 'leave it out');
    return { kind: 'none', reason: 'there is no commit to compare with' };
  }
  if (asked !== undefined) {
    const given = knownCommit(asked, cwd);
    if (given === undefined) {
      throw badUsage(
        `\`--base ${asked}\` names no commit here`,
        'fetch it first; pipelines often clone without history',
      );
    }
    const common = askGit(['merge-base', given, head], cwd);
    if (common === undefined) {
      throw badUsage(
        `\`--base ${asked}\` and HEAD have no commit in common`,
        'fetch the history: pipelines often clone without it',
      );
    }
    return commit(common, asked);
  }
  const branch = mainBranches.find((name) => knownCommit(name, cwd) !== undefined);
  if (branch === undefined) {
    return { kind: 'untold', reason: `there is no branch main or master to compare with; ${fetchIt}` };
  }
  const common = askGit(['merge-base', branch, head], cwd);
  if (common === undefined) {
    return { kind: 'untold', reason: `${branch} and HEAD have no commit in common; ${fetchIt}` };
  }
  return commit(common, branch);
}

function commit(id: string, name: string): Base {
  return { kind: 'commit', id, text: `${id.slice(0, 7)} (${name})` };
}
