import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a command took, with all that it started. */
export interface Cost {
  /** Seconds, user and system. */
  readonly cpu: number;
  /** Peak resident megabytes of the largest process. */
  readonly memory: number;
}

export interface TimedOptions {
  readonly cwd: string;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the command's output goes. @default nowhere */
  readonly output?: string;
  /** After so many seconds of wall time the command is ended. @default never */
  readonly seconds?: number;
}

/** Runs a command; `ended` if it took too long. CPU is from bash's `times`, memory from /proc. @throws if the command fails */
export function timed(command: readonly string[], options: TimedOptions): Promise<Cost | 'ended'> {
  const { cwd, env = process.env, output = '/dev/null', seconds } = options;
  return new Promise((done, fail) => {
    const script = 'output=$1; shift; "$@" >"$output" 2>/dev/null; code=$?; times; exit $code';
    // A process group of its own, so that it can be ended with all that it started.
    const child = spawn('bash', ['-c', script, 'bench', output, ...command], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let memory = 0;
    const watch = setInterval(() => {
      memory = Math.max(memory, residentBelow(child.pid ?? 0));
    }, 50);
    let ended = false;
    const end = () => {
      ended = true;
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    };
    const timeout = seconds === undefined ? undefined : setTimeout(end, seconds * 1000);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(watch);
      clearTimeout(timeout);
      if (ended) return done('ended');
      if (code !== 0) return fail(new Error(`${command.join(' ')} exited with ${code}`));
      const [user = 0, system = 0] = [...(text.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
        ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
      );
      done({ cpu: user + system, memory });
    });
  });
}

function residentBelow(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    const own = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    return Math.max(own, ...children.map(residentBelow));
  } catch {
    return 0;
  }
}
