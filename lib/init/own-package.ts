import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isObject, textOf } from '../validation/json-value';

/** What a package.json asks for to get the tierwall that runs now. */
export interface OwnPackage {
  /** As in `^1.2.3` or `file:../tierwall-1.2.3.tgz`. */
  readonly range: string;
  /** Where it runs from a folder of which nothing was packed, so that only the registry has it, if it is published. */
  readonly checkout?: string;
}

/**
 * The same package that runs: installed from a file, it is asked for by that file; from a clone, by what `npm pack` made there; else by its version.
 * @param root folder of the package that runs
 * @param folder of the package.json
 */
export function ownPackage(root: string, version: string, folder: string): OwnPackage {
  const published = `^${version}`;
  if (basename(dirname(root)) === 'node_modules') {
    const file = installedFrom(dirname(root));
    return { range: file === undefined ? published : specOf(file, folder) };
  }
  const packed = join(root, `tierwall-${version}.tgz`);
  return existsSync(packed) ? { range: specOf(packed, folder) } : { range: published, checkout: root };
}

/** The file that it was installed from, as the lock file of the folder tells; undefined where it was no file. */
function installedFrom(modules: string): string | undefined {
  const project = dirname(modules);
  const hidden = entryOf(
    readJson(join(modules, '.package-lock.json')),
    'packages',
    'node_modules/tierwall',
    'resolved',
  );
  const manifest = readJson(join(project, 'package.json'));
  const asked = ['dependencies', 'devDependencies'].map((list) => entryOf(manifest, list, 'tierwall'));
  const spec = [hidden, ...asked].find((own) => own.startsWith('file:'));
  return spec === undefined ? undefined : resolve(project, spec.slice('file:'.length));
}

function entryOf(value: unknown, ...names: readonly string[]): string {
  return textOf(names.reduce((own, name) => (isObject(own) ? own[name] : undefined), value));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** By a path from the folder, with the links above it followed, as the package manager follows them. */
function specOf(file: string, folder: string): string {
  const path = relative(realOf(folder), realOf(file));
  return `file:${isAbsolute(path) ? path : path.split(sep).join('/')}`;
}

function realOf(path: string): string {
  return existsSync(path)
    ? realpathSync(path)
    : join(dirname(path) === path ? '' : realOf(dirname(path)), basename(path));
}
