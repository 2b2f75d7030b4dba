import { type Baseline, baselineText, entriesOf } from '../../lint/baseline';
import { baselineFile, readBaselineFile } from '../../lint/baseline-file';
import type { Severity } from '../../model/finding';
import type { FoundItem } from '../../model/finding-report';
import { counted } from '../../render/connectivity/visible-text';
import type { Io } from '../io';
import { writeOutputs } from '../write-outputs';
import type { LintSubject } from './lint-input';

/**
 * Writes what is found now into the baseline. What it says of files that were not looked at, and are still there, stays. Notes fail nothing,
 * and are left out unless they do.
 *
 * @param named the file, as the settings call it
 * @param least the least severity that fails
 * @throws InputError if what is there is no baseline
 */
export function writeBaseline(
  io: Io,
  { files }: LintSubject,
  items: readonly FoundItem[],
  named: string | undefined,
  least: Severity,
): void {
  const file = baselineFile(io.cwd, named);
  const looked = new Set([...files].map(file.fileFrom));
  const kept = readBaselineFile(file).filter((entry) => {
    return entry.file !== undefined && !looked.has(entry.file) && file.isThere(entry.file);
  });
  const counting = items.filter(({ severity }) => severity !== 'info' || least === 'info');
  const found: Baseline = entriesOf(counting, file.fileFrom);
  writeOutputs(io, [{ name: file.name, text: baselineText([...found, ...kept]) }]);
  const rest = kept.length > 0 ? ` (it keeps ${kept.length} of files that were not looked at)` : '';
  io.stdout.write(
    `wrote ${counted(found.length, 'finding')} to ${file.name}${rest}; commit it, and what is found from now on is new\n`,
  );
}
