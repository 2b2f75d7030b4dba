import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, type Issue } from '../model/issue';
import { askGit } from '../read/git-range';
import { foldersAround, git, linkModules } from './revision-tree';
import { temporaryFolder } from './temporary-folder';

/** Where what is staged can be read. */
export interface StagedTree {
  readonly folder: string;
  /** By these, git answers there as it does in the repository. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Uses a folder as the next commit will have it, in a temporary place that is removed afterwards, with the dependencies of the working tree; or
 * the folder itself, where everything is staged. Neither the working tree nor the index are touched.
 *
 * @param cwd in a repository
 */
export async function withStaged<T>(
  cwd: string,
  env: NodeJS.ProcessEnv,
  use: (tree: StagedTree) => Promise<T>,
): Promise<T> {
  // Untracked files count whatever the user's git shows of them.
  const asked = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=normal'];
  const entries = git(['--no-optional-locks', ...asked], cwd, env).split('\0');
  refuseConflicts(entries);
  if (entries.every((entry) => entry === '' || entry[1] === ' ')) return use({ folder: cwd, env: {} });
  const place = temporaryFolder('staged');
  try {
    const tree = join(place, 'tree');
    const root = git(['rev-parse', '--show-toplevel'], cwd, env);
    const prefix = git(['rev-parse', '--show-prefix'], cwd, env);
    git(['checkout-index', '--all', '--quiet', `--prefix=${tree}/`], root, env);
    for (const folder of foldersAround(prefix)) linkModules(join(root, folder), join(tree, folder));
    // A hook gets the index of the very commit, from the top of the working tree.
    const index = resolve(root, git(['rev-parse', '--git-path', 'index'], root, env));
    const repository = { GIT_DIR: git(['rev-parse', '--absolute-git-dir'], root, env), GIT_INDEX_FILE: index };
    return await use({ folder: join(tree, prefix), env: { ...repository, GIT_WORK_TREE: tree } });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** @param entries two letters, a blank and a path, as `git status --porcelain` has them */
function refuseConflicts(entries: readonly string[]): void {
  const issues = entries
    .filter((entry) => /^(?:U.|.U|AA|DD) /.test(entry))
    .map((entry): Issue => {
      const message = `\`${entry.slice(3)}\` has conflicts, so that nothing of it is staged`;
      return { code: 'bad-usage', message, place: {}, hint: 'resolve them, and stage it' };
    });
  if (issues.length > 0) throw new InputError(issues);
}

/** Whether it is in the working tree of a repository. */
export function isInWorkingTree(cwd: string): boolean {
  return askGit(['rev-parse', '--is-inside-work-tree'], cwd) === 'true';
}
