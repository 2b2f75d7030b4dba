import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll, YAMLException } from 'js-yaml';
import { InputError } from '../model/issue';
import { isOwned } from '../read/ownership-line';
import type { Files } from './layout';

/** What is in the output folder now. */
export interface OutputFolder {
  /** Files that tierwall wrote for it, for whichever app, with LF line ends whatever the checkout gave them. */
  readonly owned: Files;
  /** Paths of everything else, which stays as it is. */
  readonly foreign: readonly string[];
  /** The kinds of the objects, by what `kind` says, that foreign files hold: whoever applies the folder as a whole applies them too. */
  readonly foreignKinds: ReadonlyMap<string, readonly string[]>;
}

/** How the output folder differs from what the code gives. All lists are sorted. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
  /** Paths that the code gives and that hold a file which tierwall did not write. */
  readonly blocked: readonly string[];
}

/** In YAML or JSON. */
const kindLine = /(?:^|[{,\s-])"?kind"?\s*:\s*["']?([A-Za-z]+)/g;

/** Of the objects in a manifest: as they are parsed, and in whatever cannot be, as the lines look. */
function kindsIn(text: string): Set<string> {
  const kinds = new Set([...text.matchAll(kindLine)].map(([, kind]) => kind!));
  // An alias may lead back to what it is in.
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
    if (typeof kind === 'string') kinds.add(kind);
    if (Array.isArray(items)) items.forEach(visit);
  };
  try {
    loadAll(text).forEach(visit);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
  }
  return kinds;
}

/** Whether a file, by its name, is one that a folder of manifests is read for. */
export function isManifest(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path);
}

export function readOutputFolder(folder: string): OutputFolder {
  const owned = new Map<string, string>();
  const foreign: string[] = [];
  const foreignKinds = new Map<string, readonly string[]>();
  const visit = (below: string) => {
    for (const name of readdirSync(join(folder, below)).sort()) {
      const path = below ? `${below}/${name}` : name;
      const stat = lstatSync(join(folder, path));
      if (stat.isDirectory()) {
        visit(path);
        continue;
      }
      const text =
        stat.isFile() && isManifest(name) ? readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n') : '';
      if (name.endsWith('.yaml') && isOwned(path, text)) {
        owned.set(path, text);
        continue;
      }
      foreign.push(path);
      const kinds = kindsIn(text);
      kinds.delete('Kustomization');
      if (kinds.size > 0) foreignKinds.set(path, [...kinds].sort());
    }
  };
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) throw noFolder(folder);
  if (stat) visit('');
  return { owned, foreign, foreignKinds };
}

/** The environments that have a folder, as files that tierwall wrote to it tell. */
export function environmentsIn(written: Iterable<string>): Set<string> {
  return new Set([...written].map((path) => path.split('/')[0]!));
}

/**
 * Whether a file is applied in a cluster, by its path in an output folder: one in the folder of an environment with that, and any other in every cluster, since nothing
 * says which it is for, and whoever applies the whole folder applies it in each.
 * @param own environments of the cluster
 * @param environments all that there are
 */
export function isAppliedIn(own: readonly string[], environments: ReadonlySet<string>): (path: string) => boolean {
  return (path) => {
    const [top = ''] = path.split('/');
    return own.includes(top) || !environments.has(top);
  };
}

function noFolder(path: string): InputError {
  const hint = 'move it away, or give another folder with `--out`';
  return new InputError([{ code: 'not-a-folder', message: 'the output is no folder', place: { file: path }, hint }]);
}

/** @param owned what the app may change @param foreign what tierwall did not write */
export function compareOutput(owned: Files, foreign: readonly string[], files: Files): Changes {
  const taken = new Set(foreign);
  const paths = [...files.keys()];
  return {
    added: paths.filter((path) => !owned.has(path) && !taken.has(path)),
    changed: paths.filter((path) => owned.has(path) && owned.get(path) !== files.get(path)),
    removed: [...owned.keys()].filter((path) => !files.has(path)),
    unchanged: paths.filter((path) => owned.get(path) === files.get(path)),
    blocked: paths.filter((path) => taken.has(path)),
  };
}

export function isUpToDate({ added, changed, removed, blocked }: Changes): boolean {
  return added.length + changed.length + removed.length + blocked.length === 0;
}
