import { relative, sep } from 'node:path';
import { linkedFolder } from './replace-folder';

/** Tells of files of a project that change, until it is closed. */
export interface ProjectWatch {
  /** Once files that change are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Watches a project, without the packages that it uses and what is written from it.
 * @param out absolute path of the folder of the policies
 * @param changed gets paths relative to `cwd`, with forward slashes
 */
export async function watchProject(
  cwd: string,
  out: string,
  changed: (path: string) => void,
  failed: (error: unknown) => void,
): Promise<ProjectWatch> {
  const { watch } = await import('chokidar');
  const outs = [...new Set([out, linkedFolder(out)])];
  const isOutput = (path: string) =>
    outs.some((folder) => path === folder || path.startsWith(folder + sep) || path.startsWith(`${folder}.tierwall-`));
  const skipped = (path: string) =>
    /(^|[\\/])(node_modules|dist|\.git)([\\/]|$)/.test(relative(cwd, path)) || isOutput(path);
  const watcher = watch(cwd, { ignored: skipped, ignoreInitial: true });
  watcher.on('error', failed);
  watcher.on('all', (_event, path) => changed(relative(cwd, path).split(sep).join('/')));
  return {
    ready: new Promise((resolve) => watcher.once('ready', () => resolve())),
    close: () => watcher.close(),
  };
}
