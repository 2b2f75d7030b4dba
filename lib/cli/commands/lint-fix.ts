import { samePolicies } from '../../lint/same-policies';
import type { FoundItem } from '../../model/finding-report';
import { type FixedFile, fixedFiles } from '../../read/apply-fixes';
import { counted } from '../../render/connectivity/visible-text';
import { placeText } from '../../render/findings/words';
import type { Io } from '../io';
import { writeOutputs } from '../write-outputs';

/** One edit may make way for another; more rounds than these would be going round in a circle. */
const mostRounds = 10;

/**
 * Mends what has one right answer, and lints again until nothing of the kind is left. Nothing is written that would change what the
 * policies of a file allow. What is left is told.
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
  for (let round = 0; round < mostRounds; round++) {
    const files = safelyFixed(items, io.cwd);
    if (files.length === 0) break;
    writeOutputs(
      io,
      files.map(({ file, after }) => ({ name: file, text: after })),
    );
    made += files.reduce((sum, file) => sum + file.made, 0);
    items = await lintAgain();
  }
  if (made > 0) io.stderr.write(`mended ${counted(made, 'place')}\n`);
  for (const { place, suppressed, edits, notFixed } of items) {
    const reason = notFixed ?? (edits.length > 0 ? 'the edit would change what the policies allow' : undefined);
    if (!suppressed && reason !== undefined) io.stderr.write(`left ${placeText(place)}: ${reason}\n`);
  }
  return items;
}

function safelyFixed(items: readonly FoundItem[], cwd: string): FixedFile[] {
  return fixedFiles(items, cwd).flatMap((whole) => {
    if (isSafe(whole)) return whole.before === whole.after ? [] : [whole];
    // What cannot be mended holds up nothing else of its file.
    const own = items.filter(({ edits }) => edits.some(({ file }) => file === whole.file));
    const kept: FoundItem[] = [];
    let best: FixedFile | undefined;
    for (const item of own) {
      const [tried] = fixedFiles([...kept, item], cwd).filter(({ file }) => file === whole.file);
      if (!tried || tried.before === tried.after || !isSafe(tried)) continue;
      kept.push(item);
      best = tried;
    }
    return best ?? [];
  });
}

function isSafe({ file, before, after }: FixedFile): boolean {
  return samePolicies(file, before, after);
}
