import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../model/issue';
import { systemReason } from '../read/system-reason';
import { isRunning } from './is-running';

/** Where containers share the folder, processes of others seem dead. */
const safeAgeMs = 86_400_000;
const purposes = ['run', 'revision', 'staged'] as const;
/** As `mkdtemp` makes it: what a user called nearly so is none of ours. */
const name = new RegExp(`^tierwall-(?:${purposes.join('|')})-(\\d+)-[A-Za-z0-9]{6}$`);

let isSwept = false;

/**
 * A new folder among the system's temporary files, by its real path. Whoever makes it removes it; what killed processes left goes with a later one.
 *
 * @throws InputError where none can be made, as in a container that may only be read
 */
export function temporaryFolder(purpose: (typeof purposes)[number]): string {
  if (!isSwept) removeAbandoned();
  isSwept = true;
  try {
    return realpathSync(mkdtempSync(join(tmpdir(), `tierwall-${purpose}-${process.pid}-`)));
  } catch (error) {
    const message = `no temporary folder can be made: ${systemReason(error)}`;
    const hint = 'let TMPDIR name a folder that can be written to';
    throw new InputError([{ code: 'cannot-write', message, place: { file: tmpdir() }, hint }]);
  }
}

/** Removes temporary folders that this user's processes left a day ago or earlier, and that are none of a process which runs. */
export function removeAbandoned(): void {
  for (const entry of temporaryFiles()) {
    const pid = name.exec(entry)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(tmpdir(), entry);
    try {
      // A folder of one's own nobody else can have put a link into.
      const stat = lstatSync(folder);
      const isOwn = stat.isDirectory() && stat.uid === process.getuid?.();
      if (isOwn && Date.now() - stat.mtimeMs > safeAgeMs) rmSync(folder, { recursive: true });
    } catch {
      // Another process was faster, or something in it cannot be removed: it is in nobody's way.
    }
  }
}

/** None where one may make files, and not list them. */
function temporaryFiles(): readonly string[] {
  try {
    return readdirSync(tmpdir());
  } catch {
    return [];
  }
}
