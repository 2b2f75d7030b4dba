import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Keeper } from './keeper';

export interface PartProps {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what the process prints, over all of its lives. */
  readonly log: string;
  /** Whether the part works: asked again and again after a start, while the process lives, with what it printed since. */
  readonly isReady: (printed: string) => Promise<boolean>;
  readonly keeper: Keeper;
}

/** A server that can be stopped, frozen and started again at the same place, as a fault test needs it. */
export class Part {
  #child: ChildProcess | undefined;

  constructor(readonly props: PartProps) {}

  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  /**
   * @param flags further arguments for this one life
   * @throws with the end of its log, if it ends before it is ready, or is not after a minute
   */
  async start(flags: readonly string[] = []): Promise<void> {
    if (this.pid !== undefined) throw new Error(`${this.props.name} runs already`);
    const { command, args, env, log, keeper } = this.props;
    const output = openSync(log, 'a');
    const before = this.log().length;
    const child = spawn(command, [...args, ...flags], {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    this.#child = child;
    keeper.process(child);
    const end = Date.now() + 60_000;
    while (!(await this.props.isReady(this.log().slice(before)))) {
      if (this.pid === undefined) throw this.#failure('ended before it was ready');
      if (Date.now() > end) throw this.#failure('is not ready after a minute');
      await sleep(50);
    }
  }

  /** Ends the process: at once, unless another signal asks it to finish what it does. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (this.pid === undefined || !child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  async restart(flags: readonly string[] = []): Promise<void> {
    await this.stop();
    await this.start(flags);
  }

  /** Keeps every connection open and answers none, until `resume`. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  log(): string {
    return readFileSync(this.props.log, 'utf8');
  }

  #failure(what: string): Error {
    return new Error(`${this.props.name} ${what}:\n${this.log().split('\n').slice(-30).join('\n')}`);
  }
}
