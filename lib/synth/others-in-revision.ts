import { spawnSync } from 'node:child_process';
import { appOf } from './ownership-line';

/**
 * The files of a committed output folder that were written for other apps than this one, as `REV:path`. Before it had a name, its own had none.
 * @param path of the folder, from where git is asked
 * @param name of this app
 */
export function othersInRevision(revision: string, path: string, cwd: string, name: string | undefined): Set<string> {
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
  return new Set([...apps].flatMap(([file, app]) => (app === name || (app === undefined && !isNamed) ? [] : [file])));
}
