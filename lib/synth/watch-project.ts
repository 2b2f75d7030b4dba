import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { linkedFolder } from './replace-folder';
import { Saves } from './saves';

/** Tells of files of a project that change, until it is closed. */
export interface ProjectWatch {
  /** Once files that change are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface WatchedProject {
  readonly cwd: string;
  /** Absolute path of the folder of the policies, as it is by now. */
  out(): string;
  /** Where what is printed goes. */
  readonly printed: readonly { readonly fd?: number }[];
  /** Milliseconds: saves that come so soon after one another are one. */
  readonly pause: number;
}

/**
 * Watches a project, without the packages that it uses, what is written from it, logs, and what editors keep for a moment.
 * @param changed gets paths relative to `cwd`, with forward slashes, sorted
 */
export async function watchProject(
  { cwd, out, printed, pause }: WatchedProject,
  changed: (paths: readonly string[]) => void,
  failed: (error: unknown) => void,
): Promise<ProjectWatch> {
  const { watch } = await import('chokidar');
  // Also what was the output before: it is no code of the app.
  const outs = new Set<string>();
  const isOutput = (path: string) => {
    const own = out();
    if (!outs.has(own)) outs.add(own).add(linkedFolder(own));
    return [...outs].some(
      (folder) => path === folder || path.startsWith(folder + sep) || path.startsWith(`${folder}.tierwall-`),
    );
  };
  const skipped = (path: string) =>
    /(^|[\\/])(node_modules|dist|\.git)([\\/]|$)|\.log$/.test(relative(cwd, path)) || isOutput(path);
  const prints = printed.flatMap(({ fd }) => (fd === undefined ? [] : fstatSync(fd, { bigint: true })));
  const watcher = watch(cwd, { ignored: skipped, ignoreInitial: true });
  watcher.on('error', failed);
  const saves = new Saves(pause, (paths) =>
    changed(paths.map((path) => relative(cwd, path).split(sep).join('/')).sort()),
  );
  watcher.on('all', (event, path) => {
    if (!skipped(path) && !isOneOf(prints, path))
      saves.note(event.startsWith('add') ? 'came' : event === 'change' ? 'changed' : 'went', path);
  });
  return {
    ready: new Promise((resolve) => watcher.once('ready', () => resolve())),
    close: () => {
      saves.close();
      return watcher.close();
    },
  };
}

function isOneOf(files: readonly BigIntStats[], path: string): boolean {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() === true && files.some(({ dev, ino }) => dev === stats.dev && ino === stats.ino);
}
