import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What one run took, as a whole process with all that it started. */
interface Run {
  readonly cpu: number;
  readonly memory: number;
  readonly objects: number;
}

const sizes = process.argv.slice(2).map(Number);
const app = resolve(__dirname, 'app.cjs');
const cli = resolve(__dirname, '../../dist/cli/main.js');

const synth = (size: number, out: string) => [
  'synth',
  '--app',
  `node ${app} tierwall ${size}`,
  '--out',
  `${out}/policies`,
];

/** The other ways prove nothing, so tierwall is measured without its proof, and once more with it. */
const ways = {
  'tierwall synth': (size: number, out: string) => [cli, ...synth(size, out), '--no-proof'],
  'tierwall, plain App': (size: number) => [app, 'tierwall', `${size}`],
  'cdk8s objects': (size: number) => [app, 'objects', `${size}`],
  'cdk8s-plus': (size: number) => [app, 'plus', `${size}`],
  'synth with proof': (size: number, out: string) => [cli, ...synth(size, out)],
} as const;

const environments: { readonly [way: string]: NodeJS.ProcessEnv } = {
  'tierwall, plain App': { ...process.env, TIERWALL_PROOF: 'off' },
};

/** cdk8s-plus with three edges a service takes minutes beyond this. */
const largestForPlus = 5000;

/** Removed only at the end: where thousands of files were just deleted, ext4 takes several times as long to create one. */
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

void main().finally(() => rmSync(folder, { recursive: true, force: true }));

async function main(): Promise<void> {
  const runs = new Map<string, Run>();
  console.log('services  way                    CPU s   growth    MB      objects');
  for (const [n, size] of (sizes.length > 0 ? sizes : [100, 500, 1000, 5000, 20000]).entries()) {
    const before = (sizes.length > 0 ? sizes : [100, 500, 1000, 5000, 20000])[n - 1];
    for (const [way, command] of Object.entries(ways)) {
      if (way === 'cdk8s-plus' && size > largestForPlus) continue;
      const run = await measure((out) => command(size, out), environments[way] ?? process.env);
      runs.set(`${way} ${size}`, run);
      const earlier = before && runs.get(`${way} ${before}`);
      // The exponent of growth between two sizes: 1 is linear.
      const growth = earlier ? `n^${(Math.log(run.cpu / earlier.cpu) / Math.log(size / before)).toFixed(2)}` : '';
      console.log(
        `${`${size}`.padStart(8)}  ${way.padEnd(20)} ${run.cpu.toFixed(2).padStart(7)}  ${growth.padStart(7)} ${run.memory.toFixed(0).padStart(6)} ${`${run.objects}`.padStart(10)}`,
      );
    }
    ratios(size, runs);
  }
}

function ratios(size: number, runs: ReadonlyMap<string, Run>): void {
  const [synth, plain, objects, plus] = Object.keys(ways).map((way) => runs.get(`${way} ${size}`));
  if (plus && synth) {
    const [cpu, memory, count] = [plus.cpu / synth.cpu, synth.memory / plus.memory, synth.objects / plus.objects];
    console.log(
      `          tierwall synth: ${cpu.toFixed(1)} times less CPU than cdk8s-plus, ${memory.toFixed(2)} of its memory, ${count.toFixed(2)} of its policies`,
    );
  }
  if (plain && objects)
    console.log(
      `          plain App: ${(plain.cpu / objects.cpu).toFixed(2)} times the CPU of objects written by hand`,
    );
}

async function measure(command: (out: string) => readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  const cwd = mkdtempSync(join(folder, 'run-'));
  const { cpu, memory } = await timed(command(cwd), cwd, env);
  return { cpu, memory, objects: count(cwd) };
}

/** CPU of the process and all it started, from bash's `times`, and the largest resident size seen in /proc. */
function timed(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<{ cpu: number; memory: number }> {
  return new Promise((done, fail) => {
    const script = '"$@" >/dev/null 2>&1; code=$?; times; exit $code';
    const child = spawn('bash', ['-c', script, 'bench', process.execPath, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let memory = 0;
    const timer = setInterval(() => {
      memory = Math.max(memory, residentBelow(child.pid ?? 0));
    }, 50);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.on('close', (code) => {
      clearInterval(timer);
      if (code !== 0) return fail(new Error(`${args.join(' ')} exited with ${code}`));
      const [user = 0, system = 0] = [...(text.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
        ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
      );
      done({ cpu: user + system, memory });
    });
  });
}

/** Peak resident megabytes of the largest process below `pid`. */
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

function count(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && path.endsWith('.yaml'))
    .reduce((sum, path) => sum + (readFileSync(path, 'utf8').match(/^kind: NetworkPolicy$/gm)?.length ?? 0), 0);
}
