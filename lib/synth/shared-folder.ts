import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputError, type Issue } from '../model/issue';
import { appOf, saysTheSame } from '../read/ownership-line';
import type { SynthConfig } from './config';
import { type Files, namespaceOf, namespacesOfOthers } from './layout';

/** An app, and where it writes. */
export type Target = Pick<SynthConfig, 'out' | 'name' | 'folder'>;

/** What tierwall wrote to an output folder, by who may change it. */
export interface Shares {
  readonly own: Files;
  /** Of other apps. */
  readonly others: Files;
}

/**
 * Files are told apart by the name of their app. What was written before an app had a name is its own where it says the same. The list of an
 * environment belongs to every app that has a namespace there.
 * @param written by tierwall, for whichever app
 * @param files what the app gives
 */
export function sharesOf(written: Files, files: Files, name: string | undefined): Shares {
  const elsewhere = new Set(namespacesOfOthers(written, name).map(([environment]) => environment));
  const isOwn = (path: string, text: string): boolean => {
    if (!namespaceOf(path)) return files.has(path) || !elsewhere.has(path.split('/')[0]!);
    return appOf(text) === name || (appOf(text) === undefined && saysTheSame(text, files.get(path)));
  };
  const own = new Map([...written].filter(([path, text]) => isOwn(path, text)));
  return { own, others: new Map([...written].filter(([path]) => !own.has(path))) };
}

/** That another app writes what this one gives: a mistake for each namespace. */
export function writtenByOthers({ others }: Shares, files: Files, { out, name }: Target): Issue[] {
  const [app, here] = [(known?: string) => (known === undefined ? 'an app without a name' : `app \`${known}\``), name];
  const taken = new Map<string, string>();
  for (const path of others.keys()) {
    const namespace = path.split('/').slice(0, -1).join('/');
    if (files.has(path) && !taken.has(namespace)) taken.set(namespace, path);
  }
  return [...taken].map(([namespace, path]) => {
    const writer = appOf(others.get(path)!);
    return {
      code: 'not-ours',
      message: `\`${path}\` was written for ${app(writer)}, and ${app(here)} gives it too`,
      place: { file: join(out, path) },
      hint: `let one app declare \`${namespace}\`, or give each a folder of its own; if it was written for this app before it got ${writer === undefined ? 'its' : 'another'} name, delete that folder`,
    };
  });
}

/**
 * Refuses to remove what may be another app's. An app without a name is known by nothing but its folder, which holds the output; and one of which
 * nothing is there was never written there.
 * @param removed paths of what the app does not give
 * @throws InputError
 */
export function refuseDoubtful(removed: readonly string[], { own }: Shares, files: Files, target: Target): void {
  const doubtful = removed.filter(namespaceOf);
  if (doubtful.length === 0) return;
  const isKnown = [...own.keys()].some((path) => namespaceOf(path) && files.has(path));
  if (isKnown && (target.name !== undefined || isInside(target.folder, target.out))) return;
  const folders = [...files.keys()].map((path) => namespaceOf(path)?.join('/'));
  const named = new Set(
    doubtful.map((path) => {
      const namespace = namespaceOf(path)!.join('/');
      return folders.includes(namespace) ? path : namespace;
    }),
  );
  const [first, ...more] = [...named].map((path) => `\`${path}\``);
  const message = `${first}${more.length > 0 ? ` and ${more.length} more` : ''} would be removed, and may be another app's`;
  const hint =
    'if it is, give each of the two a `name` of its own in its settings, or a folder; if this app wrote it, delete it by hand';
  throw new InputError([{ code: 'not-certainly-ours', message, place: { file: target.out }, hint }]);
}

function isInside(folder: string, out: string): boolean {
  return !relative(realpathSync(folder), realpathSync(out)).startsWith('..');
}
