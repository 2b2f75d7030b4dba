import { spawnSync } from 'node:child_process';
import { appOf } from '../read/ownership-line';

/** Files that tierwall wrote, as `REV:path`. */
export interface Written {
  readonly own: readonly string[];
  /** For other apps. */
  readonly others: readonly string[];
}

/**
 * What a committed output folder holds that tierwall wrote. Before an app had a name, its own files had none.
 * @param path of the folder, from where git is asked
 * @param name of the app
 */
export function writtenInRevision(revision: string, path: string, cwd: string, name: string | undefined): Written {
  const pattern = '^# Written by tierwall synth( for `[^`]+`)?\\.';
  const plain = ['--no-line-number', '--no-column', '--no-color'];
  const args = ['grep', '-z', '--full-name', ...plain, '-E', '-e', pattern, revision, '--', path];
  const { stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1 << 30 });
  const apps = new Map<string, string | undefined>();
  for (const line of stdout.split('\n')) {
    const [file = '', text] = line.split('\0');
    if (text !== undefined && !apps.has(file)) apps.set(file, appOf(text));
  }
  const isNamed = [...apps.values()].includes(name);
  const isOwn = (app: string | undefined) => app === name || (app === undefined && !isNamed);
  const files = (are: 'own' | 'others') =>
    [...apps].flatMap(([file, app]) => (isOwn(app) === (are === 'own') ? [file] : []));
  return { own: files('own'), others: files('others') };
}
