import { samePolicies } from '../../lint/same-policies';
import type { FoundItem } from '../../model/finding-report';
import { type FixedFile, fixedFiles } from '../../read/apply-fixes';
import { writeWhole } from '../../read/write-whole';
import { counted } from '../../render/connectivity/visible-text';
import type { Io } from '../io';

/** One edit may make way for another; more rounds than these would be going round in a circle. */
const mostRounds = 10;

/**
 * Mends what has one right answer, and lints again until nothing of the kind is left. Nothing is written that would change what the
 * policies of a file allow.
 *
 * @param lintAgain gives what is found now
 * @throws Error for an edit that changes what is allowed, which is a mistake of ours; nothing of its round is written
 */
export async function fixAll(
  io: Io,
  found: readonly FoundItem[],
  lintAgain: () => Promise<readonly FoundItem[]>,
): Promise<readonly FoundItem[]> {
  let items = found;
  let made = 0;
  for (let round = 0; round < mostRounds; round++) {
    const files = fixedFiles(items, io.cwd).filter(({ before, after }) => before !== after);
    if (files.length === 0) break;
    const wrong = files.find(({ file, before, after }) => !samePolicies(file, before, after));
    if (wrong) throw new Error(`the edits of ${wrong.file} would change what its policies allow; nothing was written`);
    for (const { path, after } of files) writeWhole(path, after);
    made += files.reduce((sum: number, file: FixedFile) => sum + file.made, 0);
    items = await lintAgain();
  }
  if (made > 0) io.stderr.write(`mended ${counted(made, 'place')}\n`);
  return items;
}
