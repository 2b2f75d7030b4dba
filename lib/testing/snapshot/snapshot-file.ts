import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { writeWhole } from '../../read/write-whole';
import { bad } from '../party';

/** What a test runner tells a matcher, of Vitest and of Jest. */
export interface RunnerState {
  readonly isNot?: boolean;
  readonly testPath?: string | undefined;
  readonly currentTestName?: string | undefined;
  readonly snapshotState?: unknown;
}

/** Where a snapshot stands: as it was, just written, or different. */
export type SnapshotOutcome =
  | { readonly kind: 'same' | 'written' }
  | { readonly kind: 'different'; readonly before: string; readonly file: string }
  | { readonly kind: 'missing'; readonly file: string };

/**
 * Compares a text with the file beside the test, as the runner's own snapshots are: written if there is none, unless in CI; written anew with
 * `-u`.
 *
 * @param name of the snapshot within its file of tests
 */
export function matchSnapshotFile(
  state: RunnerState,
  name: string | undefined,
  ending: string,
  text: string,
): SnapshotOutcome {
  const { testPath, currentTestName } = state;
  if (!testPath)
    throw bad('the test runner does not say which file the test is in', 'use it in a test of Vitest or Jest');
  const slug = (name ?? currentTestName ?? '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  const file = join(dirname(testPath), '__snapshots__', `${basename(testPath)}.${slug || 'network'}.${ending}`);
  const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
  if (before === text) return { kind: 'same' };
  const mode = updateOf(state);
  if (mode === 'all' || (mode === 'new' && before === undefined)) {
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, text);
    return { kind: 'written' };
  }
  const shown = relative(process.cwd(), file);
  return before === undefined ? { kind: 'missing', file: shown } : { kind: 'different', before, file: shown };
}

/** Both runners keep it in one field. */
function updateOf({ snapshotState }: RunnerState): 'all' | 'new' | 'none' {
  const mode = (snapshotState as { readonly _updateSnapshot?: unknown } | undefined)?._updateSnapshot;
  if (mode === 'all' || mode === 'new' || mode === 'none') return mode;
  return process.env['CI'] ? 'none' : 'new';
}
