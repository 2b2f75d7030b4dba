import { readSettings } from '../../config/read-settings';
import type { CoverageReport } from '../../model/coverage-report';
import { badUsage, InputError } from '../../model/issue';
import { type TestRun, testRunOf } from '../../model/test-run';
import { livePrefix } from '../../read/sources';
import { coverageToLcov } from '../../render/coverage/lcov';
import { coverageToTxt } from '../../render/coverage/txt';
import type { Paint } from '../../render/paint';
import { testRunToJson } from '../../render/tests/json';
import { testRunToJunit } from '../../render/tests/junit';
import { testRunToTap } from '../../render/tests/tap';
import { testRunToTxt } from '../../render/tests/txt';
import { coverageOf } from '../../testing/coverage/coverage';
import { belowThreshold, readThresholds } from '../../testing/coverage/threshold';
import {
  type AssertedNetwork,
  assertedTables,
  recordTests,
  refuseNothing,
  type TestCommand,
} from '../../testing/recording/asserted';
import { tablePattern } from '../../testing/table/read-tables';
import { type PlacedTable, placedTables, suitesOf, type TableOptions } from '../../testing/table/run-tables';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/profile-for';
import { readSources } from '../options/sources';
import type { TableFlags } from '../options/tables';
import { reportFailure } from '../report-failure';
import { writeOutputs } from '../write-outputs';
import type { TestFlags, TestFormat } from './test';

/** Runs the tables, and the tests if asked, and prints what came of it; gives the exit code. */
export async function runTest(io: Io, words: readonly string[], flags: TestFlags): Promise<number> {
  try {
    const thresholds = readThresholds(flags.threshold ?? []);
    const isCovered = flags.coverage !== undefined || flags.lcov !== undefined || flags.threshold !== undefined;
    const tables = await placedTables(words, await tableOptions(io, flags));
    const command = await testsCommand(io, flags.tests);
    if (tables.length === 0 && command === undefined) throw noTables();
    const run = testRunOf(suitesOf(tables));
    const recorded = command === undefined ? undefined : await recordTests(testsIn(io, command));
    const coverage = isCovered ? coverageOf(stated(tables, recorded?.networks ?? [])) : undefined;
    const below = coverage ? belowThreshold(coverage, thresholds) : [];
    print(io, run, coverage, flags);
    const told = [...below, ...(recorded?.code ? [testsFailed(command!, recorded.code)] : [])];
    for (const text of told) io.stderr.write(`${text}\n`);
    return run.failed > 0 || told.length > 0 ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

function print(io: Io, run: TestRun, coverage: CoverageReport | undefined, { output, lcov }: TestFlags): void {
  const paint = paintFor(io.stdout, io.env);
  if (coverage && lcov !== undefined) {
    writeOutputs(io, [{ name: lcov, text: coverageToLcov(coverage) }]);
  }
  if (output === 'json') {
    io.stdout.write(testRunToJson(run, coverage));
    return;
  }
  if (run.suites.length > 0 || output !== 'txt') io.stdout.write(renderers[output](run, paint));
  // Beside what another program reads.
  if (coverage) (output === 'txt' ? io.stdout : io.stderr).write(coverageToTxt(coverage, paint));
}

/** What tables and tests state. @throws InputError where they state nothing */
export function stated(tables: readonly PlacedTable[], recorded: readonly AssertedNetwork[]): AssertedNetwork[] {
  const networks = [...assertedTables(tables), ...recorded];
  refuseNothing(networks);
  return networks;
}

/** The command that runs the tests; undefined where it is not asked for. @throws InputError if there is none */
async function testsCommand({ cwd }: Io, asked: string | true | undefined): Promise<string | undefined> {
  if (typeof asked === 'string' || asked === undefined) return asked;
  const { config, file, prefix } = await readSettings(cwd);
  if (config.tests !== undefined) return config.tests;
  const place = { file, field: `${prefix}tests` };
  const hint = 'write `tests: npx vitest run`, or give the command after `--tests`';
  throw new InputError([{ code: 'bad-config', message: '`tests` is missing', place, hint }]);
}

/** What they stated and does not hold is not covered. */
export function testsFailed(command: string, code: number): string {
  return `the tests \`${command}\` failed with exit code ${code}`;
}

export function testsIn({ cwd, env, signal, stderr }: Io, command: string): TestCommand {
  return { command, cwd, env, signal, print: (text) => void stderr.write(text) };
}

/** What tables are about, as the command's options say. */
export async function tableOptions(io: Io, flags: TableFlags): Promise<TableOptions> {
  const { source, app } = flags;
  const isLive = flags.cluster !== undefined || flags.context !== undefined;
  if (isLive && source) {
    const message = '`--source` is given, and the live cluster too';
    throw badUsage(message, 'leave out one of them');
  }
  const sources = isLive ? [livePrefix + (flags.context ?? '')] : source;
  const { kubeconfig } = flags;
  return {
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    cni: await profileFor(io.cwd, flags.cni),
    read: (list) => readSources(list, io, kubeconfig === undefined ? {} : { kubeconfig }),
    print: (text) => void io.stderr.write(text),
    ...(sources ? { sources } : {}),
    ...(app === undefined ? {} : { app }),
  };
}

function noTables(): InputError {
  const message = `no file is called ${tablePattern}`;
  const hint =
    'write one, as `tierwall test --help` shows, name the files of the tables, or run the tests of a runner by `--tests`';
  return new InputError([{ code: 'no-table', message, place: {}, hint }]);
}

const renderers: Readonly<Record<Exclude<TestFormat, 'json'>, (run: TestRun, paint: Paint) => string>> = {
  txt: testRunToTxt,
  junit: testRunToJunit,
  tap: testRunToTap,
};
