import { InputError } from '../../model/issue';
import { type TestRun, testRunOf } from '../../model/test-run';
import { livePrefix } from '../../read/sources';
import type { Paint } from '../../render/paint';
import { testRunToJson } from '../../render/tests/json';
import { testRunToJunit } from '../../render/tests/junit';
import { testRunToTap } from '../../render/tests/tap';
import { testRunToTxt } from '../../render/tests/txt';
import { tablePattern } from '../../testing/table/read-tables';
import { placedTables, suitesOf, type TableOptions } from '../../testing/table/run-tables';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/cni';
import { readSources } from '../options/sources';
import { reportFailure } from '../report-failure';
import type { TestFlags, TestFormat } from './test';

/** Runs the tables and prints what came of it; gives the exit code. */
export async function runTest(io: Io, words: readonly string[], flags: TestFlags): Promise<number> {
  try {
    const tables = await placedTables(words, await tableOptions(io, flags));
    if (tables.length === 0) throw noTables();
    const run = testRunOf(suitesOf(tables));
    io.stdout.write(renderers[flags.output](run, paintFor(io.stdout, io.env)));
    return run.failed === 0 ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output === 'json' ? 'json' : 'text', '');
  }
}

/** What tables are about, as the command's options say. */
export async function tableOptions(io: Io, flags: Omit<TestFlags, 'output'>): Promise<TableOptions> {
  const { source, app } = flags;
  const isLive = flags.cluster !== undefined || flags.context !== undefined;
  if (isLive && source) {
    const message = '`--source` is given, and the live cluster too';
    throw new InputError([{ code: 'bad-usage', message, place: {}, hint: 'leave out one of them' }]);
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
  return new InputError([{ code: 'no-table', message, place: {}, hint: 'write one, or name the files of the tables' }]);
}

const renderers: Readonly<Record<TestFormat, (run: TestRun, paint: Paint) => string>> = {
  txt: testRunToTxt,
  json: testRunToJson,
  junit: testRunToJunit,
  tap: testRunToTap,
};
