import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handover } from '../constructs/handed-over';
import { type AppRun, binFolders, runApp } from './run-app';
import { temporaryFolder } from './temporary-folder';

/** Names the file whose coming lets an app run that stands by. */
export const standbyVariable = 'TIERWALL_STANDBY';

interface Started {
  readonly flag: string;
  /** Whether it has ended. */
  state: 'running' | 'ended';
  readonly handovers: Promise<Handover[]>;
  readonly controller: AbortController;
}

/**
 * An app that is run again and again, as after every save: between runs the next one is started and has loaded what it needs, so that only the
 * app's own code is left to be run.
 */
export class StandbyApp {
  private readonly folder = temporaryFolder('run');
  private next: Started | undefined;
  /** `no`: what runs the app cannot be held back, and it is started anew each time. */
  private canWait: 'yes' | 'no' = 'yes';

  private readonly command: string;

  constructor(private readonly app: Omit<AppRun, 'signal'>) {
    this.command = direct(app.command, app.cwd);
  }

  /** The command that it was made with. */
  get asked(): string {
    return this.app.command;
  }

  /** Starts the next run, up to the app's own code. */
  prepare(): void {
    if (this.canWait === 'no' || this.next) return;
    const flag = join(this.folder, `${process.pid}-${randomUUID()}`);
    const { NODE_OPTIONS = '' } = this.app.env;
    const options = `${NODE_OPTIONS} --require ${JSON.stringify(join(__dirname, 'standby.js'))}`.trim();
    const controller = new AbortController();
    const env = { ...this.app.env, [standbyVariable]: flag, NODE_OPTIONS: options };
    const handovers = runApp({ ...this.app, env, command: this.command, signal: controller.signal });
    const next: Started = { flag, handovers, controller, state: 'running' };
    const end = () => {
      next.state = 'ended';
    };
    handovers.then(end, end);
    this.next = next;
  }

  /** Runs the app as it is now. @throws InputError if it fails or hands nothing over */
  async run(): Promise<Handover[]> {
    const { next } = this;
    this.next = undefined;
    if (!next) return runApp({ ...this.app, command: this.command });
    const { state } = next;
    writeFileSync(next.flag, '');
    const outcome = await next.handovers.catch((error: unknown) => error);
    if (state === 'ended' || !existsSync(`${next.flag}.waiting`)) {
      // It did not wait, and may have run the code of before.
      this.canWait = 'no';
      return runApp({ ...this.app, command: this.command });
    }
    if (!Array.isArray(outcome)) throw outcome;
    return outcome as Handover[];
  }

  close(): void {
    this.next?.controller.abort();
    this.next = undefined;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Without npx where what it would run is in the project: npx itself takes longer than an app. */
function direct(command: string, cwd: string): string {
  const [start = '', name] = /^\s*npx\s+([a-z][\w-]*)(?=\s)/.exec(command) ?? [];
  const isThere = name !== undefined && binFolders(cwd).some((folder) => existsSync(join(folder, name)));
  return isThere ? name + command.slice(start.length) : command;
}
