import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '../read/make-folder';
import { clearLock } from './folder-lock';
import { isRunning } from './is-running';
import type { Files } from './layout';

/**
 * Puts `files` in place of what tierwall wrote to `folder` before, and keeps everything in `kept`. The new folder is built beside the
 * old one and takes its place by renaming, so that an interrupted run leaves the old output or the new one, never a mixture.
 */
export function replaceFolder(folder: string, files: Files, kept: readonly string[]): void {
  const next = `${folder}.tierwall-new-${process.pid}`;
  const old = `${folder}.tierwall-old-${process.pid}`;
  rmSync(next, { recursive: true, force: true });
  makeFolder(next);
  try {
    for (const path of new Set([...kept, ...files.keys()].map((path) => dirname(path)))) {
      mkdirSync(join(next, path), { recursive: true });
    }
    for (const path of kept) keep(join(folder, path), join(next, path));
    for (const [path, text] of files) writeFileSync(join(next, path), text);
    const exists = existsSync(folder);
    if (exists) renameSync(folder, old);
    try {
      renameSync(next, folder);
    } catch (error) {
      if (exists) renameSync(old, folder);
      throw error;
    }
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

/** Where a symbolic link in place of the folder leads, so that it stays one; the folder itself where there is none. */
export function linkedFolder(folder: string): string {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return folder;
  if (existsSync(folder)) return realpathSync(folder);
  return resolve(dirname(folder), readlinkSync(folder));
}

/** Cleans up after a run that was killed: between its two renames only the old folder is left, and it goes back. */
export function recoverFolder(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  clearLock(folder);
  const left = new RegExp(`^${escapeRegExp(basename(folder))}\\.tierwall-(new|old|lock)-(\\d+)$`);
  for (const name of readdirSync(parent)) {
    const [, kind, pid] = left.exec(name) ?? [];
    if (!kind || isOthers(Number(pid))) continue;
    if (kind === 'old' && !existsSync(folder)) renameSync(join(parent, name), folder);
    else rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function keep(from: string, to: string): void {
  if (lstatSync(from).isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    return;
  }
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/**
 * Whether a run that is still under way owns what has this process id. This run has put nothing there yet, but an earlier one may have
 * had its id: in containers they come again at once.
 */
function isOthers(pid: number): boolean {
  return pid !== process.pid && isRunning(pid);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
