import type { Settings } from '../../config/read-settings';
import { acceptBaseline } from '../../lint/baseline';
import { baselineFile, readBaselineFile } from '../../lint/baseline-file';
import { lintDescriptors } from '../../lint/registry';
import type { Severity } from '../../model/finding';
import type { FindingReport, FoundItem } from '../../model/finding-report';
import type { Io } from '../io';
import type { LintSubject } from './lint-input';

/** The least severity that fails a run. */
export function leastThatFails({ config }: Settings): Severity {
  return config.lint?.failOn ?? 'warning';
}

/** What lint found, less what is in the baseline. */
export function lintReport(
  { cwd }: Io,
  { text, files }: LintSubject,
  items: readonly FoundItem[],
  { config }: Settings,
): FindingReport {
  const file = baselineFile(cwd, config.lint?.baseline);
  const counted = acceptBaseline(items, readBaselineFile(file), files, file);
  return { command: 'lint', rules: lintDescriptors, items: counted, subject: text };
}
