import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readCdk8sFile } from '../read/cdk8s-file';
import { askGit, isRepository } from '../read/git-range';
import { manifestFolders } from './manifest-folders';

/** Where the pipeline runs that checks policies. */
export const pipelines = ['github', 'gitlab'] as const;
export type Pipeline = (typeof pipelines)[number];

/** What is in a folder before anything is written to it. */
export interface Project {
  /** Of the folder, as a package may be called. */
  readonly name: string;
  /**
   * `beside` an app that has its own cdk8s.yaml or main.ts: what is declared here then is an app of its own, in a folder of its own. `taken`: an app
   * of tierwall is there, and needs no example.
   */
  readonly place: 'own' | 'beside' | 'taken';
  /** Of the settings that an app of tierwall has in cdk8s.yaml, if one is there: their names. */
  readonly settings: ReadonlySet<string>;
  /** Folders with manifests of workloads or policies. */
  readonly manifests: readonly string[];
  /** The branch that others are merged into. */
  readonly branch: string;
  /** Whether it is in a git repository. */
  readonly repository: 'there' | 'none';
  /** Path from the top of the repository, with a slash at its end; empty at the top, and outside of any. */
  readonly below: string;
  readonly manager: PackageManager;
  /** Packages that its package.json asks for. */
  readonly packages: ReadonlySet<string>;
}

export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** What it writes, and a pipeline needs. */
  readonly lockFile: string;
  /** Installs just what the lock file says. */
  readonly install: string;
  /** Adds packages for development. */
  readonly add: string;
  /** Goes before an installed command. */
  readonly run: string;
}

const npm: PackageManager = {
  name: 'npm',
  lockFile: 'package-lock.json',
  install: 'npm ci',
  add: 'npm install --save-dev',
  run: 'npx',
};

const managers: readonly PackageManager[] = [
  npm,
  {
    name: 'pnpm',
    lockFile: 'pnpm-lock.yaml',
    install: 'pnpm install --frozen-lockfile',
    add: 'pnpm add --save-dev',
    run: 'pnpm exec',
  },
  {
    name: 'yarn',
    lockFile: 'yarn.lock',
    install: 'yarn install --immutable',
    add: 'yarn add --dev',
    run: 'yarn exec',
  },
  {
    name: 'bun',
    lockFile: 'bun.lock',
    install: 'bun install --frozen-lockfile',
    add: 'bun add --dev',
    run: 'bunx',
  },
];

/** Looks at a folder, which need not exist. */
export function projectIn(folder: string): Project {
  const has = (file: string) => existsSync(join(folder, file));
  const cdk8s = has('cdk8s.yaml') ? readCdk8sFile(join(folder, 'cdk8s.yaml')) : undefined;
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return {
    name: name || 'network',
    place: placeIn(folder, cdk8s),
    settings: new Set(Object.keys(cdk8s?.['tierwall'] ?? {})),
    manifests: manifestFolders(folder),
    branch: defaultBranch(nearest(folder)),
    repository: isRepository(nearest(folder)) ? 'there' : 'none',
    below: belowTop(folder),
    manager: managers.find(({ lockFile }) => has(lockFile)) ?? npm,
    packages: packagesOf(join(folder, 'package.json')),
  };
}

function belowTop(folder: string): string {
  const there = nearest(folder);
  const prefix = askGit(['rev-parse', '--show-prefix'], there);
  const rest = relative(there, folder);
  return prefix === undefined ? '' : prefix + (rest === '' ? '' : `${rest.split(sep).join('/')}/`);
}

/** The folder, or the nearest one above that exists. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** What the remote calls its default, else a usual name that is there, else the branch that is worked on. */
function defaultBranch(folder: string): string {
  const ask = (...words: string[]) => askGit(words, folder) || undefined;
  const remote = ask('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD')?.replace(/^origin\//, '');
  const usual = ['main', 'master'].find((name) => ask('rev-parse', '--verify', '--quiet', `refs/heads/${name}`));
  return remote ?? usual ?? ask('symbolic-ref', '--quiet', '--short', 'HEAD') ?? 'main';
}

/** An app of its own has settings for tierwall in its cdk8s.yaml. One that was begun here, and not finished, is gone on with. */
function placeIn(folder: string, cdk8s: Readonly<Record<string, unknown>> | undefined): Project['place'] {
  const has = (file: string) => existsSync(join(folder, file));
  if (!cdk8s) return has('main.ts') ? 'beside' : 'own';
  if (!('tierwall' in cdk8s)) return 'beside';
  const isOurs = / tsx main\.ts$/.test(`${cdk8s['app']}`) && (has('network.ts') || !has('main.ts'));
  return isOurs ? 'own' : 'taken';
}

/** None where there is no package.json, or one that cannot be read: that is for the package manager to say. */
function packagesOf(file: string): ReadonlySet<string> {
  if (!existsSync(file)) return new Set();
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
    return new Set([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
  } catch {
    return new Set();
  }
}
