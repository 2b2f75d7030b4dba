const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'what is to be its folder is a file',
  EEXIST: 'what is to be its folder is a file',
  ENOENT: 'there is no such folder',
  EACCES: 'the folder may not be written to',
  EPERM: 'the folder may not be written to',
  EROFS: 'the file system may only be read',
  ENOSPC: 'there is no space left',
  ENAMETOOLONG: 'its name is too long',
};

/** Why the system does not write a file, without the name that it has until it is renamed. @throws what is no error of the system */
export function systemReason(error: unknown): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  return reasons[code] ?? `the system says ${code}`;
}
