import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { MutationReport } from '../../lib/model/mutation-report';
import { timed } from './timed';

export const mutateSizes = [25, 50, 100, 200];

const app = resolve(__dirname, 'app.cjs');
const cli = resolve(__dirname, '../../dist/cli/main.js');

/**
 * What `tierwall mutate` takes where a table states every pair of services: the process, and how many changes it judges in a second.
 *
 * @param folder for tables and reports; the caller removes it
 */
export async function benchMutate(sizes: readonly number[], folder: string): Promise<void> {
  let before: { readonly size: number; readonly cpu: number } | undefined;
  console.log('services  claims  changes  of them a CPU s   CPU s   growth    MB');
  for (const size of sizes) {
    const cwd = join(folder, `mutate-${size}`);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'bench.connectivity.yaml'), table(size));
    const output = join(cwd, 'report.json');
    const command = [
      process.execPath,
      cli,
      'mutate',
      '--app',
      `node ${app} tierwall ${size}`,
      '--no-tests',
      '-o',
      'json',
    ];
    // 1 is its word for changes that no test notices, as those of DNS, of which the table says nothing.
    const cost = await timed(['bash', '-c', '"$@" || [ $? -eq 1 ]', 'bench', ...command], { cwd, output });
    if (cost === 'ended') throw new Error('it was given no time limit');
    const report = JSON.parse(readFileSync(output, 'utf8')) as MutationReport;
    const changes = report.mutants + report.equivalent;
    const rate = changes / report.cpuSeconds;
    const growth = before ? `n^${(Math.log(cost.cpu / before.cpu) / Math.log(size / before.size)).toFixed(2)}` : '';
    console.log(
      `${`${size}`.padStart(8)} ${`${report.claims}`.padStart(7)} ${`${changes}`.padStart(8)} ${rate.toFixed(0).padStart(16)} ${cost.cpu.toFixed(2).padStart(7)}  ${growth.padStart(7)} ${cost.memory.toFixed(0).padStart(5)}`,
    );
    before = { size, cpu: cost.cpu };
  }
}

/** Of the services of app.cjs: who calls whom, and that nobody else does. */
function table(services: number): string {
  const name = (i: number) => `ns-${Math.floor(i / 50)}/s-${i}`;
  const rows = Array.from({ length: services }, (_, i) => {
    const callees = [1, 7, 13].map((step) => name((i + step) % services));
    return `  - { from: ${name(i)}, to: [${callees.join(', ')}] }\n`;
  });
  return `default: denied\nexceptions:\n${rows.join('')}`;
}
