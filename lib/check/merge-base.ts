import { badUsage } from '../model/issue';
import { askGit, isRepository, knownCommit } from '../read/git-range';

/** What a change is judged against. */
export type Base =
  | { readonly kind: 'commit'; readonly id: string /** As in `a1b2c3d (origin/main)`. */; readonly text: string }
  /** `new`: all that there is counts as new; `untold`: there may well be a base, which is not in this clone or not known; `none`: there is nothing to compare with. */
  | { readonly kind: 'new'; readonly reason: string }
  | { readonly kind: 'none' | 'untold'; readonly reason: string };

/** What a user, or the pipeline that they have, knows of it. What is empty is not given: pipelines fill in what an event does not tell. */
export interface AskedBase {
  /** A revision. A commit of all zeros, as pipelines have it for a new branch, is none. */
  readonly base?: string | undefined;
  /** The branch that others are merged into. @default one of its usual names */
  readonly main?: string | undefined;
}

/** Branches that others branch off, the ones of a remote first: a local one may be behind. */
const mainBranches = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/**
 * The commit that HEAD and the revision that is asked for have in common; where that is a commit that is gone, as after a force-push, or
 * none, where HEAD left the main branch.
 * @throws InputError for a revision by name that does not exist, or has no commit in common with HEAD
 */
export function mergeBase(cwd: string, { base, main }: AskedBase): Base {
  const asked = base || undefined;
  const head = knownCommit('HEAD', cwd);
  if (head === undefined) {
    const isUnborn = isRepository(cwd);
    if (asked !== undefined && !(asked === 'HEAD' && isUnborn))
      throw badUsage(`\`--base ${asked}\` is given, and there is no commit here`, 'leave it out');
    return isUnborn
      ? { kind: 'new', reason: 'all is taken as new, since there is no commit yet' }
      : {
          kind: 'untold',
          reason: 'git finds no repository here; check in a clone with its history, or leave it out by `--no-change`',
        };
  }
  if (asked === undefined) return leftMain(cwd, head, main);
  if (/^0+$/.test(asked)) {
    const left = leftMain(cwd, head, main);
    if (left.kind !== 'commit' || left.id !== head) return left;
    return { kind: 'none', reason: `HEAD is in ${left.branch}, and no earlier commit is given to compare with` };
  }
  const isId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(asked);
  const given = knownCommit(asked, cwd);
  if (given !== undefined) return commonWith(given, isId ? undefined : asked, cwd, head);
  if (!isId) {
    throw badUsage(`\`--base ${asked}\` names no commit here`, 'fetch it first; pipelines often clone without history');
  }
  if (isShallow(cwd)) return { kind: 'untold', reason: `${shortId(asked)} is not in this clone; ${fetchIt(cwd)}` };
  const gone = `${shortId(asked)} is gone, as after a force-push`;
  const left = leftMain(cwd, head, main);
  if (left.kind !== 'commit') return left;
  // What the main branch itself was before is not known then.
  if (left.id === head) return { kind: 'new', reason: `all is taken as new, since ${gone}` };
  return { ...left, text: `${shortId(left.id)} (${left.branch}, since ${gone})` };
}

/** @param name of it, where it has one */
function commonWith(given: string, name: string | undefined, cwd: string, head: string): Base {
  const common = askGit(['merge-base', given, head], cwd);
  if (common !== undefined) {
    return { kind: 'commit', id: common, text: name === undefined ? shortId(common) : `${shortId(common)} (${name})` };
  }
  const apart = `${name ?? shortId(given)} and HEAD have no commit in common`;
  if (name !== undefined) {
    throw badUsage(`\`--base ${name}\` and HEAD have no commit in common`, fetchIt(cwd));
  }
  if (isShallow(cwd)) return { kind: 'untold', reason: `${apart}; ${fetchIt(cwd)}` };
  return { kind: 'commit', id: given, text: `${shortId(given)}, with which HEAD has no commit in common` };
}

function leftMain(
  cwd: string,
  head: string,
  main: string | undefined,
): (Extract<Base, { kind: 'commit' }> & { readonly branch: string }) | Extract<Base, { reason: string }> {
  const branch = mainBranch(cwd, main);
  if (branch === undefined) {
    const reason = `there is no branch ${main || 'main or master'} to compare with; ${fetchIt(cwd)}`;
    return { kind: 'untold', reason };
  }
  const common = askGit(['merge-base', branch, head], cwd);
  if (common === undefined) {
    return { kind: 'untold', reason: `${branch} and HEAD have no commit in common; ${fetchIt(cwd)}` };
  }
  return { kind: 'commit', id: common, text: `${shortId(common)} (${branch})`, branch };
}

/** The branch that others are merged into, as git names it; undefined where there is none here. @param main as in {@link AskedBase} */
export function mainBranch(cwd: string, main?: string): string | undefined {
  const names = main ? [`origin/${main}`, main] : mainBranches;
  return names.find((name) => knownCommit(name, cwd) !== undefined);
}

function fetchIt(cwd: string): string {
  if (!isShallow(cwd)) return 'fetch the history, or give `--base` or `--main`';
  return 'fetch the history, by `fetch-depth: 0` of actions/checkout, or `GIT_DEPTH: "0"` in GitLab';
}

function isShallow(cwd: string): boolean {
  return askGit(['rev-parse', '--is-shallow-repository'], cwd) === 'true';
}

function shortId(id: string): string {
  return id.slice(0, 7);
}
