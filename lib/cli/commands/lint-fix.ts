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
 */
export async function fixAll(
  io: Io,
  found: readonly FoundItem[],
  lintAgain: () => Promise<readonly FoundItem[]>,
): Promise<readonly FoundItem[]> {
  let items = found;
  let made = 0;
  const refused = new Set<string>();
  for (let round = 0; round < mostRounds; round++) {
    const files = fixedFiles(items, io.cwd).filter(({ before, after }) => before !== after);
    if (files.length === 0) break;
    const safe = files.filter(({ file, before, after }) => samePolicies(file, before, after));
    for (const { file } of files.filter((own) => !safe.includes(own) && !refused.has(own.file))) {
      refused.add(file);
      io.stderr.write(`${file}: left as it is: the edits would change what its policies allow\n`);
    }
    if (safe.length === 0) break;
    for (const { path, after } of safe) writeWhole(path, after);
    made += safe.reduce((sum: number, file: FixedFile) => sum + file.made, 0);
    items = await lintAgain();
  }
  if (made > 0) io.stderr.write(`mended ${counted(made, 'place')}\n`);
  return items;
}
