import { listDiff } from '../../analysis/diff/diff';
import { lintSettings } from '../../config/lint-settings';
import { readSettings } from '../../config/read-settings';
import { proofVariable, sourceVariable } from '../../constructs/handed-over';
import { lint } from '../../lint/lint';
import type { DevReport, FailedStatement } from '../../model/dev-report';
import type { FoundItem } from '../../model/finding-report';
import { InputError, type Issue, issueLines, placeToString } from '../../model/issue';
import { today } from '../../read/as-of';
import { foundItems } from '../../read/found-items';
import { openedAndClosed } from '../../render/dev/changes';
import { devToJson } from '../../render/dev/json';
import { devToTxt } from '../../render/dev/txt';
import { type AppCluster, clustersOfApp } from '../../synth/app-source';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { configOf, outputFolder, readConfig, type SynthConfig } from '../../synth/config';
import { StandbyApp } from '../../synth/standby-app';
import { watchProject } from '../../synth/watch-project';
import { judgeStated } from '../../testing/dev/judge-stated';
import { assertedTables } from '../../testing/recording/asserted';
import { readPlacedTables } from '../../testing/table/run-tables';
import { type Io, paintFor } from '../io';
import { profileIn } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import type { DevFlags } from './dev';
import { DevTests } from './dev-tests';
import { subjectOfApp } from './lint-input';
import { pairsOfApps } from './revision-app';

/** Saves that come so soon after one another are one. */
const pause = 40;
const testFile = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** Watches until it is interrupted; gives the exit code. */
export async function runDev(io: Io, flags: DevFlags): Promise<number> {
  const ended = new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  let session: DevSession | undefined;
  try {
    const { out } = await readConfig(io.cwd, flags);
    const dev = new DevSession(io, flags, out);
    session = dev;
    const watcher = await watchProject(
      { cwd: io.cwd, out: () => dev.out, printed: [io.stdout, io.stderr], pause },
      (paths) => dev.save(paths),
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
  /** The statements that failed. */
  readonly failed: ReadonlySet<string>;
}

class DevSession {
  private app: StandbyApp | undefined;
  private known: Known | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly tests: DevTests;

  /** @param out absolute path of the folder of the policies, until settings that are read say otherwise */
  constructor(
    private readonly io: Io,
    private readonly flags: DevFlags,
    public out: string,
  ) {
    this.tests = new DevTests(io, (error) => this.fail(error));
  }

  start(): void {
    this.enqueue(async () => this.report([]));
  }

  /** Shows what saved files come to. */
  save(saved: readonly string[]): void {
    this.enqueue(async () => this.report(saved));
    if (saved.some((file) => testFile.test(file))) this.tests.start(this.running);
  }

  close(): void {
    this.app?.close();
  }

  /** Takes what settings say by now. */
  private take({ app, out }: SynthConfig, tests: string | undefined): StandbyApp {
    const { io } = this;
    this.out = out;
    this.tests.take(tests, this.running);
    if (this.app?.asked === app) return this.app;
    this.app?.close();
    const env = { ...io.env, [sourceVariable]: 'asked', [proofVariable]: 'off' };
    const print = (text: string) => void io.stderr.write(text);
    this.app = new StandbyApp({ command: app, cwd: io.cwd, env, print });
    return this.app;
  }

  private enqueue(work: () => Promise<void>): void {
    this.running = this.running.then(work).catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (!this.io.signal.aborted) reportFailure(this.io, error, 'txt', '');
  }

  private async report(saved: readonly string[]): Promise<void> {
    const start = performance.now();
    const report = await this.outcome().catch((error: unknown): Omit<DevReport, 'saved' | 'milliseconds'> => {
      if (!(error instanceof InputError)) throw error;
      const { run } = this.tests;
      return { ...nothing, tests: { passed: 0, failed: [], run }, mistakes: issueLines(error.issues) };
    });
    if (this.io.signal.aborted) return;
    const milliseconds = Math.round(performance.now() - start + (saved.length > 0 ? pause : 0));
    this.print({ saved, milliseconds, ...report });
    this.app?.prepare();
    this.tests.note({ saved, ...report });
  }

  private print(report: DevReport): void {
    const { stdout, env } = this.io;
    stdout.write(
      this.flags.output === 'json' ? devToJson(report) : devToTxt(report, paintFor(stdout, env), stdout.columns),
    );
  }

  /** @throws InputError for mistakes of the app */
  private async outcome(): Promise<Omit<DevReport, 'saved' | 'milliseconds'>> {
    const { flags } = this;
    const { cwd } = this.io;
    const project = await readSettings(cwd);
    const config = configOf(project, cwd, flags);
    const { out } = config;
    const tests = flags.tests ?? project.config.tests;
    const app = this.take(config, tests === false ? undefined : tests);
    const profile = profileIn(project.config, flags.cni);
    const ran = clustersOfApp(await app.run());
    const clusters = await amongTheirWorkloads(ran, project, cwd);
    const { known } = this;
    const side = (app: AppCluster) => ({ app, prefix: '', folder: outputFolder(cwd, out) });
    const pairs = known ? pairsOfApps(known.clusters.map(side), clusters.map(side)) : [];
    const changes = pairs.map(({ cluster, before, after }) =>
      openedAndClosed(
        listDiff(before.cluster, after.cluster, profile),
        cluster === undefined ? '' : `, in cluster ${cluster}`,
      ),
    );
    const subject = await subjectOfApp(this.io, clusters, out);
    const found = lint(subject.inputs, lintSettings(project, profile, today()));
    const items = foundItems(found, cwd)
      .filter(({ suppressed }) => !suppressed)
      .map(subject.located);
    const { tables, issues } = await readPlacedTables([], { cwd, clusters: ran, cni: profile });
    const { run, stated } = this.tests;
    const judged = judgeStated([...assertedTables(tables), ...stated], ran, outputFolder(cwd, out));
    const failed = [...issues.map(unreadable), ...judged.failed].map((one) => {
      return { ...one, since: known?.failed.has(failureKey(one)) ? 'earlier' : 'now' } as const;
    });
    this.known = { clusters, items, failed: new Set(failed.map(failureKey)) };
    const old = new Set((known ?? this.known).items.map(({ fingerprint }) => fingerprint));
    const now = new Set(items.map(({ fingerprint }) => fingerprint));
    return {
      mistakes: [],
      opened: changes.flatMap(({ opened }) => opened),
      closed: changes.flatMap(({ closed }) => closed),
      tests: { passed: judged.passed, failed, run },
      findings: {
        count: items.length,
        added: items.filter(({ fingerprint }) => !old.has(fingerprint)).map(itemText),
        gone: [...old].filter((fingerprint) => !now.has(fingerprint)).length,
      },
    };
  }
}

/** Without the explanation: lines of the code move while a failure stays. */
function failureKey({ test, statement, failures }: FailedStatement): string {
  return JSON.stringify([test, statement, failures]);
}

const nothing: Omit<DevReport, 'saved' | 'milliseconds' | 'mistakes' | 'tests'> = {
  opened: [],
  closed: [],
  findings: { count: 0, added: [], gone: 0 },
};

/** A table that cannot be judged keeps the rest from nothing. */
function unreadable({ place, message, hint }: Issue): FailedStatement {
  return { test: placeToString(place), statement: message, failures: hint ? [hint] : [], explanation: '' };
}

function itemText({ rule, message, place: { file, line } }: FoundItem): string {
  return `${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${message} (${rule})`;
}
