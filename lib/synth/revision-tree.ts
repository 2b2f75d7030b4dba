import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../model/issue';
import { temporaryFolder } from './temporary-folder';

export interface RevisionUse {
  /** A folder of the repository: the same one of the revision is given. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets what installing prints. */
  readonly print: (text: string) => void;
}

/** How dependencies are installed exactly as locked, without running scripts of theirs. */
const installers: readonly (readonly [lock: string, command: string])[] = [
  ['package-lock.json', 'npm ci --ignore-scripts --no-audit --no-fund --prefer-offline'],
  ['npm-shrinkwrap.json', 'npm ci --ignore-scripts --no-audit --no-fund --prefer-offline'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile --ignore-scripts --prefer-offline'],
  ['yarn.lock', 'yarn install --frozen-lockfile --ignore-scripts --prefer-offline'],
];

/**
 * Uses a folder as it is in a commit, in a temporary place that is removed afterwards, with the dependencies of its lock file: those of the working
 * tree, if it has the same lock file, else installed. Neither the working tree nor the index nor the branches are touched.
 *
 * @throws InputError where dependencies cannot be installed
 */
export async function withRevision<T>(
  commit: string,
  { cwd, env, print }: RevisionUse,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const place = temporaryFolder('revision');
  try {
    const tree = join(place, 'tree');
    const root = git(['rev-parse', '--show-toplevel'], cwd, env);
    const prefix = git(['rev-parse', '--show-prefix'], cwd, env);
    // An index of its own: that of the repository stays as it is.
    const own = { ...env, GIT_INDEX_FILE: join(place, 'index') };
    git(['read-tree', commit], root, own);
    git(['checkout-index', '--all', '--quiet', `--prefix=${tree}/`], root, own);
    provideDependencies(root, tree, prefix, env, print);
    return await use(join(tree, prefix));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

export function git(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string {
  return execFileSync('git', words, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
}

/** For the folder itself and those around it, the innermost first: what a program there finds its modules in. */
function provideDependencies(
  root: string,
  tree: string,
  prefix: string,
  env: NodeJS.ProcessEnv,
  print: (text: string) => void,
): void {
  for (const folder of foldersAround(prefix)) {
    const [old, current] = [join(tree, folder), join(root, folder)];
    const [lock, command] = installers.find(([name]) => existsSync(join(old, name))) ?? [];
    const isSame = lock === undefined || sameText(join(old, lock), join(current, lock));
    if (isSame && linkModules(current, old) === 'linked') continue;
    if (command) {
      print(`installing the dependencies of the revision: ${command}\n`);
      install(command, old, env, print);
    }
  }
}

/** A folder of a repository and those around it, the innermost first. @param prefix as git has it, with a slash at its end */
export function foldersAround(prefix: string): string[] {
  const names = prefix.split('/').filter((name) => name !== '');
  return [...names.map((_, i) => names.slice(0, names.length - i).join('/')), ''];
}

/** Lets a folder find the modules that another one has, if it has any of its own. */
export function linkModules(from: string, to: string): 'linked' | 'none' {
  const modules = join(from, 'node_modules');
  if (!existsSync(modules)) return 'none';
  mkdirSync(to, { recursive: true });
  symlinkSync(realpathSync(modules), join(to, 'node_modules'), 'junction');
  return 'linked';
}

function sameText(a: string, b: string): boolean {
  return existsSync(b) && readFileSync(a).equals(readFileSync(b));
}

function install(command: string, cwd: string, env: NodeJS.ProcessEnv, print: (text: string) => void): void {
  const { status, stdout, stderr } = spawnSync(command, { cwd, env, shell: true, encoding: 'utf8' });
  if (status === 0) return;
  print(`${stdout}${stderr}`);
  const message = `the dependencies of the revision cannot be installed: \`${command}\` failed`;
  throw new InputError([
    {
      code: 'app-failed',
      message,
      place: {},
      hint: 'see what it printed above; without `--synth` the output that was committed is compared',
    },
  ]);
}
