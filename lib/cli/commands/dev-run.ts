import { listDiff } from '../../analysis/diff/diff';
import { lintSettings } from '../../config/lint-settings';
import { readSettings } from '../../config/read-settings';
import { proofVariable, sourceVariable } from '../../constructs/handed-over';
import { lint } from '../../lint/lint';
import type { DevReport, FailedStatement } from '../../model/dev-report';
import type { FoundItem } from '../../model/finding-report';
import { InputError, type Issue, issueToString, placeToString } from '../../model/issue';
import { today } from '../../read/as-of';
import { foundItems } from '../../read/found-items';
import { counted } from '../../render/connectivity/visible-text';
import { openedAndClosed } from '../../render/dev/changes';
import { devToJson } from '../../render/dev/json';
import { devToTxt } from '../../render/dev/txt';
import { type AppCluster, clustersOfApp } from '../../synth/app-source';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { outputFolder, readConfig } from '../../synth/config';
import { StandbyApp } from '../../synth/standby-app';
import { watchProject } from '../../synth/watch-project';
import { isJudged, judgeStated } from '../../testing/dev/judge-stated';
import { type AssertedNetwork, assertedTables, recordTests } from '../../testing/recording/asserted';
import { readPlacedTables } from '../../testing/table/run-tables';
import { type Io, paintFor } from '../io';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import { stateOfApp } from './app-state';
import type { DevFlags } from './dev';
import { subjectOfApp } from './lint-input';
import { testsIn } from './test-run';

/** Saves that come so soon after one another are one. */
const pause = 40;
const testFile = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** Watches until it is interrupted; gives the exit code. */
export async function runDev(io: Io, flags: DevFlags): Promise<number> {
  const ended = new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  let session: DevSession | undefined;
  try {
    const { app, out } = await readConfig(io.cwd, flags);
    const dev = new DevSession(io, flags, app, out);
    session = dev;
    const watcher = await watchProject(
      { cwd: io.cwd, out, printed: [io.stdout, io.stderr] },
      (path) => dev.save(path),
      (error) => void reportFailure(io, error, 'txt', ''),
    );
    await Promise.race([watcher.ready, ended]);
    dev.start();
    await ended;
    await watcher.close();
    return 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  } finally {
    session?.close();
  }
}

/** What the app came to at the last save at which it could be synthesized. */
interface Known {
  readonly clusters: readonly AppCluster[];
  readonly items: readonly FoundItem[];
}

class DevSession {
  private readonly app: StandbyApp;
  private known: Known | undefined;
  private stated: readonly AssertedNetwork[] = [];
  private running: Promise<void> = Promise.resolve();
  /** Beside it: a run of the tests keeps no save waiting. */
  private testing: Promise<void> = Promise.resolve();
  private saved = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly io: Io,
    private readonly flags: DevFlags,
    command: string,
    private readonly out: string,
  ) {
    const env = { ...io.env, [sourceVariable]: 'asked', [proofVariable]: 'off' };
    this.app = new StandbyApp({ command, cwd: io.cwd, env, print: (text) => void io.stderr.write(text) });
  }

  start(): void {
    this.enqueue(async () => this.report([]));
    this.test();
  }

  /** Notes a saved file; what it comes to is shown once no more are saved. */
  save(path: string): void {
    this.saved.add(path);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const saved = [...this.saved].sort();
      this.saved = new Set();
      this.enqueue(async () => this.report(saved));
      if (saved.some((file) => testFile.test(file))) this.test();
    }, pause);
  }

  close(): void {
    clearTimeout(this.timer);
    this.app.close();
  }

  private enqueue(work: () => Promise<void>): void {
    this.running = this.running.then(work).catch((error: unknown) => this.fail(error));
  }

  /** After the report of what was saved with them. */
  private test(): void {
    const reported = this.running;
    this.testing = this.testing
      .then(async () => reported)
      .then(async () => this.runTests())
      .catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (!this.io.signal.aborted) reportFailure(this.io, error, 'txt', '');
  }

  private async report(saved: readonly string[]): Promise<void> {
    const start = performance.now();
    const report = await this.outcome().catch((error: unknown): Omit<DevReport, 'saved' | 'milliseconds'> => {
      if (!(error instanceof InputError)) throw error;
      return { ...nothing, mistakes: error.issues.map(issueToString) };
    });
    if (this.io.signal.aborted) return;
    this.print({
      saved,
      milliseconds: Math.round(performance.now() - start + (saved.length > 0 ? pause : 0)),
      ...report,
    });
    this.app.prepare();
  }

  private print(report: DevReport): void {
    const { stdout, env } = this.io;
    stdout.write(
      this.flags.output === 'json' ? devToJson(report) : devToTxt(report, paintFor(stdout, env), stdout.columns),
    );
  }

  /** @throws InputError for mistakes of the app */
  private async outcome(): Promise<Omit<DevReport, 'saved' | 'milliseconds'>> {
    const { cwd } = this.io;
    const profile = await profileFor(cwd, this.flags.cni);
    const ran = clustersOfApp(await this.app.run());
    const project = await readSettings(cwd);
    const clusters = await amongTheirWorkloads(ran, project, cwd);
    const { known } = this;
    const changes = clusters.flatMap((now) => {
      const before = known?.clusters.find(({ name }) => name === now.name);
      if (!before) return [];
      const side = (app: AppCluster) => ({ app, prefix: '', folder: outputFolder(cwd, this.out) });
      const states = [stateOfApp(side(before), now.intents), stateOfApp(side(now), before.intents)] as const;
      const where = clusters.length > 1 ? `, in cluster ${now.name}` : '';
      return [openedAndClosed(listDiff(states[0].cluster, states[1].cluster, profile), where)];
    });
    const subject = await subjectOfApp(this.io, clusters, this.out);
    const found = lint(subject.inputs, lintSettings(project, profile, today()));
    const items = foundItems(found, cwd)
      .filter(({ suppressed }) => !suppressed)
      .map(subject.located);
    this.known = { clusters, items };
    const { tables, issues } = await readPlacedTables([], { cwd, clusters: ran, cni: profile });
    const judged = judgeStated([...assertedTables(tables), ...this.stated], ran, outputFolder(cwd, this.out));
    const old = new Set((known ?? this.known).items.map(({ fingerprint }) => fingerprint));
    const now = new Set(items.map(({ fingerprint }) => fingerprint));
    return {
      mistakes: [],
      opened: changes.flatMap(({ opened }) => opened),
      closed: changes.flatMap(({ closed }) => closed),
      tests: { ...judged, failed: [...issues.map(unreadable), ...judged.failed] },
      findings: {
        count: items.length,
        added: items.filter(({ fingerprint }) => !old.has(fingerprint)).map(itemText),
        gone: [...old].filter((fingerprint) => !now.has(fingerprint)).length,
      },
    };
  }

  /** What holds is remembered, and what does not the runner has printed. */
  private async runTests(): Promise<void> {
    const { tests } = this.flags;
    const command = tests === false ? undefined : (tests ?? (await readSettings(this.io.cwd)).config.tests);
    if (command === undefined) return;
    let printed = '';
    const print = (text: string) => {
      printed += text;
    };
    const { networks, code } = await recordTests({ ...testsIn(this.io, command), print });
    this.stated = networks;
    if (this.io.signal.aborted) return;
    const count = networks.reduce((sum, { assertions }) => sum + assertions.filter(isJudged).length, 0);
    if (code !== 0) this.io.stderr.write(`${printed}\n\`${command}\` failed with exit code ${code}\n`);
    if (this.flags.output === 'txt')
      this.io.stderr.write(`${counted(count, 'statement')} of tests ${count === 1 ? 'is' : 'are'} watched\n`);
  }
}

const nothing: Omit<DevReport, 'saved' | 'milliseconds'> = {
  mistakes: [],
  opened: [],
  closed: [],
  tests: { passed: 0, failed: [] },
  findings: { count: 0, added: [], gone: 0 },
};

/** A table that cannot be judged keeps the rest from nothing. */
function unreadable({ place, message, hint }: Issue): FailedStatement {
  return { test: placeToString(place), statement: message, failures: hint ? [hint] : [], explanation: '' };
}

function itemText({ rule, message, place: { file, line } }: FoundItem): string {
  return `${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${message} (${rule})`;
}
