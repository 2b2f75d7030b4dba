import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type Handover, handoverVariable } from '../constructs/handed-over';
import { InputError } from '../model/issue';
import { CrashReport } from './crash-report';
import { temporaryFolder } from './temporary-folder';

export interface AppRun {
  /** The shell command, as `npx tsx main.ts`. */
  readonly command: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly asOf?: string;
  /** Ends the app, and everything that it started. @default it runs to its end */
  readonly signal?: AbortSignal;
  /** Gets what the app prints, on either stream. */
  readonly print: (text: string) => void;
}

/** Runs the app and takes what each of its `App`s hands over. @throws InputError if it fails or hands nothing over */
export async function runApp({ command, cwd, env, asOf, signal, print }: AppRun): Promise<Handover[]> {
  const folder = temporaryFolder('run');
  try {
    const environment = {
      ...env,
      PATH: [...binFolders(cwd), env['PATH'] ?? ''].join(delimiter),
      [handoverVariable]: folder,
      ...(asOf === undefined ? {} : { TIERWALL_AS_OF: asOf }),
    };
    const report = new CrashReport(cwd, print);
    const code = await run(command, cwd, { out: print, error: (text) => report.add(text) }, environment, signal);
    const issues = report.end(code === 0 ? 'fine' : 'failed');
    if (issues.length > 0) throw new InputError(issues);
    if (code !== 0) throw failure(`the app \`${command}\` failed with exit code ${code}`, 'see what it printed above');
    const files = readdirSync(folder).sort();
    if (files.length === 0) {
      const hint = 'call `app.synth()` at its end, and declare an Environment before';
      throw failure(`the app \`${command}\` ended without handing over any policies`, hint);
    }
    return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Handover);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  command: string,
  cwd: string,
  print: { readonly out: (text: string) => void; readonly error: (text: string) => void },
  env: NodeJS.ProcessEnv,
  interrupted: AbortSignal | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: hasGroups });
    child.stdout.setEncoding('utf8').on('data', print.out);
    child.stderr.setEncoding('utf8').on('data', print.error);
    const end = () => endGroup(child);
    if (interrupted?.aborted) end();
    interrupted?.addEventListener('abort', end);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      interrupted?.removeEventListener('abort', end);
      resolve(code ?? (signal ? 128 : 1));
    });
  });
}

const hasGroups = process.platform !== 'win32';

/** The shell alone would leave the app running: it leads a process group, which ends as a whole. */
function endGroup(child: ChildProcess): void {
  if (!hasGroups || child.pid === undefined) child.kill();
  else process.kill(-child.pid, 'SIGTERM');
}

/** So that the app's own tools are found without npx, as npm does for its scripts. */
export function binFolders(cwd: string): string[] {
  const parent = dirname(cwd);
  const own = join(cwd, 'node_modules', '.bin');
  return parent === cwd ? [own] : [own, ...binFolders(parent)];
}

function failure(message: string, hint: string): InputError {
  return new InputError([{ code: 'app-failed', message, place: {}, hint }]);
}
