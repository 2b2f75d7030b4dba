import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ends what a test run started, also when the run is interrupted or killed. */
export class Keeper {
  readonly #shell = spawn('sh', [join(__dirname, 'keeper.sh')], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // an interrupt from the terminal goes to the whole process group, and the keeper has work to do then
  });

  /** A new temporary folder that goes with everything else. */
  folder(prefix: string): string {
    const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
    this.#shell.stdin.write(`folder ${folder}\n`);
    return folder;
  }

  process(child: ChildProcess): void {
    this.#shell.stdin.write(`process ${child.pid}\n`);
    child.once('exit', () => {
      if (this.#shell.stdin.writable) this.#shell.stdin.write(`gone ${child.pid}\n`);
    });
  }

  /** Ends everything now. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#shell.once('exit', resolve));
    this.#shell.stdin.end();
    await ended;
  }
}
