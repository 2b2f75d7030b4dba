import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../model/issue';
import { makeFolder } from '../read/make-folder';
import { isRunning } from './is-running';

const mostMs = 30_000;
const pauseMs = 20;
/** What systems say against renaming a folder to one that holds something. */
const held: ReadonlySet<string | undefined> = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM']);

/**
 * Does something with a folder while no other run does: apps that share it are often built at once. The lock is a folder beside it that holds the
 * process id as the name of a file, and comes into being as a whole, by renaming: a folder that holds something takes no other one's place.
 * @throws InputError where another run has it for half a minute
 */
export function withLock<T>(folder: string, work: () => T): T {
  const lock = lockOf(folder);
  const own = `${lock}-${process.pid}`;
  makeFolder(dirname(folder));
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  writeFileSync(join(own, `${process.pid}`), '');
  try {
    take(own, lock);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  try {
    return work();
  } finally {
    renameSync(lock, own);
    rmSync(own, { recursive: true, force: true });
  }
}

/** Removes what a run that was killed left. */
export function clearLock(folder: string): void {
  const lock = lockOf(folder);
  if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
}

function lockOf(folder: string): string {
  return `${folder}.tierwall-lock`;
}

function take(own: string, lock: string): void {
  for (const start = Date.now(); Date.now() - start < mostMs; ) {
    try {
      renameSync(own, lock);
      return;
    } catch (error) {
      if (!held.has((error as NodeJS.ErrnoException).code)) throw error;
      if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
  const hint = 'wait until it has ended; if none runs, delete that folder';
  throw new InputError([{ code: 'locked', message: 'another run writes the output', place: { file: lock }, hint }]);
}

/** In containers an id may come again at once. */
function isAbandoned(lock: string): boolean {
  try {
    const [pid] = readdirSync(lock);
    return pid === undefined || Number(pid) === process.pid || !isRunning(Number(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
