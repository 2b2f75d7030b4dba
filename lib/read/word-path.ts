import { isAbsolute } from 'node:path';

/** Where a word would be as a path, its `..` left to the system: `main:./../deploy` is below a folder `main:.`, and not beside it. */
export function wordPath(cwd: string, word: string): string {
  return isAbsolute(word) ? word : `${cwd}/${word}`;
}
