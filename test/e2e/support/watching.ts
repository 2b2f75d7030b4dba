import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from './eventually';
import { cli } from './tierwall';

export interface Logged {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** `tierwall drift --watch` as a process of its own, with its log. */
export class Watching {
  readonly log: (Logged & { readonly seenAt: number })[] = [];
  stderr = '';
  readonly ended: Promise<number | null>;

  private constructor(readonly process: ChildProcess) {
    createInterface(process.stdout!).on('line', (line) => {
      this.log.push({ ...(JSON.parse(line) as Logged), seenAt: Date.now() });
    });
    process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((done) => process.on('close', done));
  }

  static async start(kubeconfig: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Watching> {
    const child = spawn(process.execPath, [cli, 'drift', ...args, '--watch', '-o', 'json'], {
      env: { ...process.env, KUBECONFIG: kubeconfig, CI: 'true', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const watching = new Watching(child);
    await watching.until('synced');
    return watching;
  }

  /** The first line of the event, from a position of the log on, whose message fits. */
  async until(event: string, fits: RegExp | string = '', from = 0, withinMs = 30_000) {
    return eventually(() => {
      if (this.process.exitCode !== null) throw new Error(`it ended with ${this.process.exitCode}: ${this.stderr}`);
      return this.log
        .slice(from)
        .find(
          (one) =>
            one.event === event && (typeof fits === 'string' ? one.message.includes(fits) : fits.test(one.message)),
        );
    }, withinMs).catch((error: unknown) => {
      throw new Error(
        `${String(error)}; ${event} ${fits} is not in ${JSON.stringify(this.log.slice(from), undefined, 1)} ${this.stderr}`,
      );
    });
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await this.ended;
  }
}
