import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../../config/read-settings';
import { acceptBaseline, readBaseline } from '../../lint/baseline';
import { lintDescriptors } from '../../lint/registry';
import type { Severity } from '../../model/finding';
import type { FindingReport, FoundItem } from '../../model/finding-report';
import type { Io } from '../io';
import type { LintSubject } from './lint-input';

/** The file that holds what was found before and does not count. */
export function baselineOf({ config }: Settings): string {
  return config.lint?.baseline ?? 'tierwall-baseline.json';
}

/** The least severity that fails a run. */
export function leastThatFails({ config }: Settings): Severity {
  return config.lint?.failOn ?? 'warning';
}

/** What lint found, less what is in the baseline. */
export function lintReport(
  { cwd }: Io,
  { text, files }: LintSubject,
  items: readonly FoundItem[],
  project: Settings,
): FindingReport {
  const file = baselineOf(project);
  const path = resolve(cwd, file);
  const counted = existsSync(path)
    ? acceptBaseline(items, readBaseline(readFileSync(path, 'utf8'), file), files, file)
    : items;
  return { command: 'lint', rules: lintDescriptors, items: counted, subject: text };
}
