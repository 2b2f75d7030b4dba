import { spawnSync } from 'node:child_process';
import { isAbsolute, posix, relative, sep } from 'node:path';
import type { FoundItem, FoundPlace } from '../model/finding-report';
import type { Io } from './io';

/** Findings with the paths of files as the repository has them, where they are relative to the working directory. */
export function inRepository(items: readonly FoundItem[], io: Io): readonly FoundItem[] {
  if (items.length === 0) return items;
  const prefix = prefixOf(io);
  if (prefix === '') return items;
  const placed = <P extends FoundPlace>(place: P): P => {
    const { file } = place;
    return file === undefined || isAbsolute(file) || file.includes(':')
      ? place
      : { ...place, file: posix.normalize(posix.join(prefix, file)) };
  };
  return items.map((item) => ({
    ...item,
    place: placed(item.place),
    ...(item.written ? { written: placed(item.written) } : {}),
    related: item.related.map((other) => ({ ...other, place: placed(other.place) })),
    edits: item.edits.map(placed),
  }));
}

/** Of the working directory in its repository; outside of one, in the workspace of a GitHub workflow. */
function prefixOf({ cwd, env }: Io): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--show-prefix'], { cwd, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  const workspace = env['GITHUB_WORKSPACE'];
  const inside = workspace ? relative(workspace, cwd).split(sep).join('/') : '';
  return inside.startsWith('..') ? '' : inside;
}
