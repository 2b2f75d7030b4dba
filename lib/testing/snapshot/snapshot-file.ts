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
  /** The test, of Vitest alone. */
  readonly task?: { readonly file?: { readonly result?: { readonly state: string } | undefined } } | undefined;
}

/** Where a snapshot stands: as it was, just written, or different. */
export type SnapshotOutcome =
  | { readonly kind: 'same' | 'written' }
  | { readonly kind: 'different'; readonly before: string; readonly file: string }
  | { readonly kind: 'missing'; readonly file: string };

/** What each file of a run is to hold, by the runner's state of a file of tests. */
const compared = new WeakMap<object, Map<string, string>>();

/** Of the snapshots of a file of tests. */
export function snapshotFolder(testPath: string): string {
  return join(dirname(testPath), '__snapshots__');
}

/** Whether a test has compared something with the file. @param state the runner's, of the file of tests */
export function isCompared(state: object, file: string): boolean {
  return compared.get(state)?.has(keyOf(file)) === true;
}

/** Some file systems do not tell capitals apart. */
function keyOf(file: string): string {
  return file.toLowerCase();
}

/**
 * Compares a text with the file beside the test, as the runner's own snapshots are: written if there is none, unless in CI; written anew with
 * `-u`.
 *
 * @param name of the snapshot within its file of tests
 * @throws InputError where two snapshots would be kept in one file
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
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  const file = join(snapshotFolder(testPath), `${basename(testPath)}.${slug || 'network'}.${ending}`);
  refuseOther(state, file, text);
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

/** Of two texts for one file, each run would hold the one against the other. */
function refuseOther({ snapshotState }: RunnerState, file: string, text: string): void {
  if (typeof snapshotState !== 'object' || snapshotState === null) return;
  const texts = compared.get(snapshotState) ?? new Map<string, string>();
  compared.set(snapshotState, texts);
  const key = keyOf(file);
  if ((texts.get(key) ?? text) !== text)
    throw bad(`another snapshot is kept in ${basename(file)} already`, 'give each its `name`');
  texts.set(key, text);
}

/** Both runners keep it in one field. */
export function updateOf({ snapshotState }: Pick<RunnerState, 'snapshotState'>): 'all' | 'new' | 'none' {
  const mode = (snapshotState as { readonly _updateSnapshot?: unknown } | undefined)?._updateSnapshot;
  if (mode === 'all' || mode === 'new' || mode === 'none') return mode;
  return process.env['CI'] ? 'none' : 'new';
}
