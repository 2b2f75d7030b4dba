import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DevReport } from '../../model/dev-report';
import { counted } from '../../render/connectivity/visible-text';
import { isJudged } from '../../testing/dev/judge-stated';
import { withEarlier } from '../../testing/dev/with-earlier';
import { type AssertedNetwork, recordTests } from '../../testing/recording/asserted';
import type { Io } from '../io';
import { testsIn } from './test-run';

/** The tests of a project, run beside what else is done, and what they stated. */
export class DevTests {
  /** What holds is remembered, and what does not the runner has printed; of a run that failed, also what earlier ones stated. */
  stated: readonly AssertedNetwork[] = [];
  /** Of the last one. */
  run: DevReport['tests']['run'] = 'none';
  /** `changed`: it, or a file that tests may import, since the last run began. */
  private app: 'tested' | 'changed' | 'broken' = 'tested';
  /** When the last run ended, in milliseconds since the epoch. */
  private ended = Number.POSITIVE_INFINITY;
  /** Files that are saved during a run: whether by the tests themselves, is not known. */
  private meanwhile: 'counts' | 'has counted' = 'counts';
  private running: Promise<void> = Promise.resolve();
  private next: 'waits' | 'none' = 'none';
  /** By the last run that failed. */
  private said = '';
  /** That runs them. */
  private command: string | undefined;

  constructor(
    private readonly io: Io,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Runs them if another command does by now. @param command undefined where there is none */
  take(command: string | undefined, reported: Promise<void>): void {
    if (command === this.command) return;
    this.command = command;
    this.run = 'none';
    if (command === undefined) this.stated = [];
    this.start(reported);
  }

  /** Runs them, though not before a report is there. */
  start(reported: Promise<void>): void {
    if (this.command === undefined) return;
    this.run = 'running';
    if (this.next === 'waits') return;
    this.next = 'waits';
    this.running = this.running
      .then(async () => reported)
      .then(async () => this.record())
      .catch((error: unknown) => {
        this.run = 'failed';
        this.fail(error);
      });
  }

  /** Takes what a save came to; tests that failed are run again once the app is another one, or a file that they may import, and the app works. */
  note({ saved, mistakes, opened, closed }: Pick<DevReport, 'saved' | 'mistakes' | 'opened' | 'closed'>): void {
    if (mistakes.length > 0) this.app = 'broken';
    else if (this.app === 'broken' || opened.length + closed.length > 0 || this.mayMatter(saved)) this.app = 'changed';
    this.repeat();
  }

  /** Tests that write files themselves would be run for ever: of what is saved during runs, only the first one counts until something is saved after. */
  private mayMatter(saved: readonly string[]): boolean {
    const isAfter = saved.some((file) => {
      const stats = statSync(join(this.io.cwd, file), { throwIfNoEntry: false });
      return stats !== undefined && stats.ctimeMs > this.ended;
    });
    if (saved.length === 0 || (!isAfter && this.meanwhile === 'has counted')) return false;
    this.meanwhile = isAfter ? 'counts' : 'has counted';
    return true;
  }

  private repeat(): void {
    if (this.run === 'failed' && this.app === 'changed') this.start(Promise.resolve());
  }

  private async record(): Promise<void> {
    this.next = 'none';
    const { command } = this;
    if (command === undefined) return;
    if (this.app === 'changed') this.app = 'tested';
    this.ended = Number.POSITIVE_INFINITY;
    let printed = '';
    const print = (text: string) => {
      printed += text;
    };
    const { networks, code } = await recordTests({ ...testsIn(this.io, command), print });
    this.ended = Date.now();
    if (command !== this.command) return;
    const isFailed = code !== 0;
    this.stated = isFailed ? withEarlier(networks, this.stated) : networks;
    if (this.next === 'none') this.run = isFailed ? 'failed' : 'passed';
    if (this.io.signal.aborted) return;
    const count = this.stated.reduce((sum, { assertions }) => sum + assertions.filter(isJudged).length, 0);
    const said = isFailed ? printed.replace(times, '') : '';
    const { stderr } = this.io;
    if (isFailed) {
      const failed = `\`${command}\` failed with exit code ${code}`;
      stderr.write(said === this.said ? `${failed}, as before\n` : `${printed}\n${failed}\n`);
    }
    const earlier = isFailed ? ', with those of earlier runs' : '';
    stderr.write(`${counted(count, 'statement')} of tests ${count === 1 ? 'is' : 'are'} watched${earlier}\n`);
    this.said = said;
    this.repeat();
  }
}

/** They differ where all else that a runner says is the same. */
const times = /\d[\d.]*\s?m?s\b|\d\d:\d\d:\d\d/g;
