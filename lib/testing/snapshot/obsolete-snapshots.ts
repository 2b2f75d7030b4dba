import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCompared, type RunnerState, snapshotFolder, updateOf } from './snapshot-file';

/** What Vitest and Jest keep of the snapshots of a file of tests while it runs; neither has another hook for such as are files of their own. */
interface SnapshotState {
  /** Each ends in a number. */
  readonly _uncheckedKeys: Set<string>;
  /** Of a test that is left out; Jest: or fails. */
  markSnapshotsAsCheckedForTest(test: string): void;
  /** Asked for once all tests of the file have run. */
  getUncheckedCount(): number;
}

const watched = new WeakSet<object>();
const ours = /\.(connectivity\.txt|policies\.yaml)$/;

/**
 * Has the runner tell of snapshots that no test of the file compares any more as it does of its own, and removes them with `-u`. Where tests
 * were left out or failed, what they would have compared is not known, and nothing is told.
 */
export function watchObsolete({ testPath, snapshotState, task }: RunnerState): void {
  if (testPath === undefined || !isSnapshotState(snapshotState) || watched.has(snapshotState)) return;
  watched.add(snapshotState);
  let run: 'whole' | 'part' = 'whole';
  const { markSnapshotsAsCheckedForTest: mark, getUncheckedCount: count } = snapshotState;
  snapshotState.markSnapshotsAsCheckedForTest = (test) => {
    run = 'part';
    mark.call(snapshotState, test);
  };
  snapshotState.getUncheckedCount = () => {
    const isWhole = run === 'whole' && task?.file?.result?.state !== 'fail';
    for (const file of isWhole ? obsolete(testPath, snapshotState) : []) {
      snapshotState._uncheckedKeys.add(`__snapshots__/${file} 1`);
      if (updateOf({ snapshotState }) === 'all') rmSync(join(snapshotFolder(testPath), file), { force: true });
    }
    return count.call(snapshotState);
  };
}

function obsolete(testPath: string, state: object): string[] {
  const folder = snapshotFolder(testPath);
  const own = `${basename(testPath)}.`;
  const there = existsSync(folder) ? readdirSync(folder).sort() : [];
  return there.filter((file) => file.startsWith(own) && ours.test(file) && !isCompared(state, join(folder, file)));
}

function isSnapshotState(state: unknown): state is SnapshotState {
  const { _uncheckedKeys, markSnapshotsAsCheckedForTest, getUncheckedCount } = (state ?? {}) as Partial<SnapshotState>;
  const methods = [markSnapshotsAsCheckedForTest, getUncheckedCount];
  return _uncheckedKeys instanceof Set && methods.every((method) => typeof method === 'function');
}
