import { InputError } from '../model/issue';

/** By what the system says: why a folder cannot be written, and what to do. */
const reasons: Readonly<Record<string, readonly [string, string]>> = {
  EBUSY: [
    'is a mount point, so that it cannot be replaced as a whole',
    'mount the folder around it in its place, or give a folder below it with `--out`',
  ],
  EXDEV: ['is on another file system than the folder around it', 'give a folder below it with `--out`'],
  EROFS: ['is on a file system that can only be read', 'give another folder with `--out`'],
  EACCES: [
    'may not be written by this user, or the folder around it may not',
    'change whose it is, or give another folder with `--out`',
  ],
  EPERM: [
    'may not be written by this user, or the folder around it may not',
    'change whose it is, or give another folder with `--out`',
  ],
  ENOSPC: ['does not fit on its file system any more', 'make room, or give another folder with `--out`'],
  EDQUOT: ['does not fit into the quota of this user any more', 'make room, or give another folder with `--out`'],
  ENOTDIR: ['is below a file', 'give another folder with `--out`'],
  ELOOP: ['is a symbolic link that leads nowhere but to itself', 'give another folder with `--out`'],
  ENAMETOOLONG: ['has a longer name than its file system takes', 'give another folder with `--out`'],
};

/** What the system says against reading or replacing the output folder, for its user; anything else is thrown as it is. */
export function explained<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const [why, hint] = reasons[(error as NodeJS.ErrnoException | undefined)?.code ?? ''] ?? [];
    if (error instanceof InputError || why === undefined) throw error;
    throw new InputError([
      { code: 'cannot-write', message: `the output ${why}`, place: { file: folder }, ...(hint ? { hint } : {}) },
    ]);
  }
}
