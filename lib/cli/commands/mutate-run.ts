import { placedIn } from '../../analysis/explain/placed-in';
import { readSettings } from '../../config/read-settings';
import { InputError } from '../../model/issue';
import type { MutationReport } from '../../model/mutation-report';
import { counted } from '../../render/connectivity/visible-text';
import { mutationToJson } from '../../render/mutation/json';
import { mutationToTxt } from '../../render/mutation/txt';
import { defaultOut } from '../../synth/config';
import { mutate } from '../../testing/mutation/mutate';
import { type AssertedNetwork, recordTests } from '../../testing/recording/asserted';
import { placedTables, suitesOf } from '../../testing/table/run-tables';
import { type Io, isWatched, paintFor } from '../io';
import { reportFailure } from '../report-failure';
import type { MutateFlags } from './mutate';
import { stated, tableOptions, testsFailed, testsIn } from './test-run';

/** Runs the tests, changes the policies, judges and prints; gives the exit code. */
export async function runMutate(io: Io, words: readonly string[], flags: MutateFlags): Promise<number> {
  try {
    const tables = await placedTables(words, await tableOptions(io, flags));
    const failing = suitesOf(tables)
      .flatMap(({ cases }) => cases)
      .filter(({ result }) => result === 'failed');
    if (failing.length > 0)
      throw failed(
        `${counted(failing.length, 'statement')} of tables ${failing.length === 1 ? 'does' : 'do'} not hold`,
        'see `tierwall test`',
      );
    const networks = stated(tables, await recorded(io, flags.tests));
    const tell = (text: string) => void (isWatched(io) && io.stderr.write(`\r${text}\u001b[K`));
    const steps = { judged: 'judged', suggested: 'given a test' };
    const report = await located(
      io,
      mutate(networks, (step, changes) => tell(`${counted(changes, 'change')} ${steps[step]}`)),
    );
    tell('');
    const paint = paintFor(io.stdout, io.env);
    io.stdout.write(flags.output === 'json' ? mutationToJson(report) : mutationToTxt(report, paint));
    const isClean =
      report.survivors.every(({ noticed }) => noticed !== 'never') &&
      report.unread.length + report.untested.length === 0;
    return isClean ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

/** With policies of an app in the folder of its output: which one that is, recorded networks do not know. */
async function located({ cwd }: Io, report: MutationReport): Promise<MutationReport> {
  if (report.survivors.every(({ code }) => code.length === 0)) return report;
  const { config } = await readSettings(cwd);
  const folder = config.out ?? defaultOut;
  return {
    ...report,
    survivors: report.survivors.map((one) => (one.code.length > 0 ? placedIn(folder, one) : one)),
  };
}

/** What the matchers state while the tests run. @throws InputError for tests that fail: they would notice everything */
async function recorded(io: Io, tests: string | false | undefined): Promise<readonly AssertedNetwork[]> {
  const command = tests === false ? undefined : (tests ?? (await readSettings(io.cwd)).config.tests);
  if (command === undefined) return [];
  if (isWatched(io)) io.stderr.write(`running ${command}\n`);
  const { networks, code } = await recordTests(testsIn(io, command));
  if (code !== 0) throw failed(testsFailed(command, code), 'see what they printed above');
  return networks;
}

function failed(message: string, hint: string): InputError {
  return new InputError([{ code: 'tests-failed', message, place: {}, hint }]);
}
