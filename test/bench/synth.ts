import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { timed } from './timed';

/** What one run took, as a whole process with all that it started. */
interface Run {
  readonly cpu: number;
  readonly memory: number;
  readonly objects: number;
}

export const synthSizes = [100, 500, 1000, 5000, 20000];

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

/**
 * What synthesis takes, as whole processes, beside the other ways to write the same policies.
 *
 * @param folder for what is written; the caller removes it, at the end only: where thousands of files were just deleted, ext4 takes several times
 * as long to create one
 */
export async function benchSynth(sizes: readonly number[], folder: string): Promise<void> {
  const runs = new Map<string, Run>();
  console.log('services  way                    CPU s   growth    MB      objects');
  for (const [n, size] of sizes.entries()) {
    const before = sizes[n - 1];
    for (const [way, command] of Object.entries(ways)) {
      if (way === 'cdk8s-plus' && size > largestForPlus) continue;
      const run = await measure(folder, (out) => command(size, out), environments[way] ?? process.env);
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

async function measure(folder: string, args: (out: string) => readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  const cwd = mkdtempSync(join(folder, 'run-'));
  const cost = await timed([process.execPath, ...args(cwd)], { cwd, env });
  if (cost === 'ended') throw new Error('it was given no time limit');
  return { ...cost, objects: count(cwd) };
}

function count(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && path.endsWith('.yaml'))
    .reduce((sum, path) => sum + (readFileSync(path, 'utf8').match(/^kind: NetworkPolicy$/gm)?.length ?? 0), 0);
}
