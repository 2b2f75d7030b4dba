import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { calleesOf, namespaceOf, writeCluster } from './cluster';
import { buildCyclonus, compareWithCyclonus } from './cyclonus';
import { type Cost, timed } from './timed';

const part = resolve(__dirname, 'engine-part.cjs');
const cli = resolve(__dirname, '../../dist/cli/main.js');
export const engineSizes = [100, 500, 1000, 5000, 20000, 100000];

/** cyclonus is ended after so many seconds, and then not asked about more workloads. */
const patience = 120;

/** One line of the table: what a part took, and what it found. */
interface Row extends Cost {
  readonly found: string;
}

/** Rows of the table so far, by what they are about, for one number of workloads. */
type Rows = ReadonlyMap<string, Row>;

interface Goal {
  /** For which number of workloads; every one if left out. */
  readonly size?: number;
  readonly about: string;
  readonly text: string;
  /** Undefined where it cannot be said: there is nothing to compare with. */
  met(row: Row, rows: Rows, growth: number | undefined): boolean | undefined;
}

const nearLinear: Pick<Goal, 'text' | 'met'> = {
  text: 'at most n^1.2',
  met: (_row, _rows, growth) => (growth === undefined ? undefined : growth <= 1.2),
};

const goals: readonly Goal[] = [
  { size: 500, about: 'connectivity, process', text: 'under 0.5 s', met: ({ cpu }) => cpu < 0.5 },
  { size: 5000, about: 'connectivity, process', text: 'under 2.5 s', met: ({ cpu }) => cpu < 2.5 },
  { size: 100000, about: 'connectivity, process', text: 'under 4 GB', met: ({ memory }) => memory < 4096 },
  { size: 5000, about: 'explain, process', text: 'under 2 s', met: ({ cpu }) => cpu < 2 },
  { size: 5000, about: 'connectivity', text: 'under 0.7 s', met: ({ cpu }) => cpu < 0.7 },
  { about: 'connectivity', ...nearLinear },
  {
    about: 'prove',
    text: 'no dearer than connectivity',
    met: ({ cpu }, rows) => cpu <= (rows.get('connectivity')?.cpu ?? 0),
  },
  {
    about: 'diff, one port changed',
    text: 'at most 1.3 times connectivity and its listing',
    met: ({ cpu }, rows) => cpu <= 1.3 * ((rows.get('connectivity')?.cpu ?? 0) + (rows.get('listing')?.cpu ?? 0)),
  },
  { size: 500, about: 'diff, process', text: 'under 1 s', met: ({ cpu }) => cpu < 1 },
  { about: 'no policies, process', ...nearLinear },
  {
    size: 5000,
    about: 'lint, process',
    text: 'at most twice connectivity, process',
    met: ({ cpu }, rows) => cpu <= 2 * (rows.get('connectivity, process')?.cpu ?? 0),
  },
];

/**
 * What each part of the engine takes on made-up clusters, each part in a process of its own; commands as whole processes; and cyclonus
 * beside them, with its answers compared.
 *
 * @param folder for the clusters; the caller removes it
 */
export async function benchEngine(sizes: readonly number[], folder: string): Promise<void> {
  console.log('workloads  part                        CPU s   growth     MB  found; goal');
  const tables = new Map<number, Rows>();
  for (const [n, size] of sizes.entries()) {
    const before = sizes[n - 1];
    const earlier = before === undefined ? undefined : { size: before, rows: tables.get(before)! };
    tables.set(size, await benchSize(size, join(folder, `${size}`), earlier));
  }
  await benchCyclonus(sizes, folder);
}

async function benchSize(
  size: number,
  folder: string,
  earlier: { readonly size: number; readonly rows: Rows } | undefined,
): Promise<Rows> {
  const rows = new Map<string, Row>();
  const note = (about: string, row: Row) => {
    rows.set(about, row);
    const last = earlier?.rows.get(about);
    // 1 is linear: the exponent is the logarithm of the growth for each doubling.
    const growth = last && earlier && Math.log(row.cpu / last.cpu) / Math.log(size / earlier.size);
    const reached = goals
      .filter((goal) => goal.about === about && (goal.size ?? size) === size)
      .map((goal) => ({ text: goal.text, met: goal.met(row, rows, growth) }))
      .filter(({ met }) => met !== undefined)
      .map(({ text, met }) => `${text}: ${met ? 'met' : 'MISSED'}`);
    print(size, about, row, growth, [row.found, ...reached].filter(Boolean).join('; '));
  };

  writeCluster(folder, size);
  const caller = 0;
  const [callee = 0] = calleesOf(size)[caller]!;
  const [from, to] = [caller, callee].map((i) => `${namespaceOf(i)}/w${i}`) as [string, string];
  const measured = [
    'reading',
    'connectivity',
    'listing',
    'explain',
    'prove',
    'prove, one port changed',
    'diff, one port changed',
    'redundancy',
  ];
  for (const about of measured) note(about, partOf(about, folder, `${from} ${to}`));
  const commands: readonly (readonly [string, string, readonly string[]])[] = [
    ['connectivity, process', 'connectivity', ['connectivity', folder, '-o', 'json']],
    ['explain, process', 'explain', ['explain', folder, '--from', from, '--to', to]],
    ['prove, process', 'prove', ['prove', folder, folder]],
    // What it finds is no failure of the bench.
    ['lint, process', 'lint', ['lint', folder, '-o', 'json', '--fail-on', 'error']],
    ['diff, process', 'diff', ['diff', folder, changedIn(folder), '--fail-on', 'none', '-o', 'json']],
  ];
  for (const [about, command, args] of commands) if (isThere(command)) note(about, await processOf(args, folder));

  const open = `${folder}-open`;
  writeCluster(open, size, 'none');
  note('no policies', partOf('connectivity', open, ''));
  note('no policies, listing', partOf('listing', open, ''));
  const args = ['connectivity', open, '-o', 'json'];
  if (isThere('connectivity')) note('no policies, process', await processOf(args, open));
  return rows;
}

/** The manifests of a folder with another port in one rule. */
function changedIn(folder: string): string {
  const changed = `${folder}-changed`;
  cpSync(folder, changed, { recursive: true });
  const file = join(changed, 'ns-0.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/ports: \[\{ port: \d+ \}\]/, 'ports: [{ port: 1 }]'));
  return changed;
}

/** Runs in a process of its own, on compiled code. */
function partOf(name: string, folder: string, argument: string): Row {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  const text = execFileSync(process.execPath, [part, name, folder, argument], options);
  return JSON.parse(text) as Row;
}

async function processOf(args: readonly string[], cwd: string): Promise<Row> {
  const cost = await timed([process.execPath, cli, ...args], { cwd });
  if (cost === 'ended') throw new Error('it was given no time limit');
  return { ...cost, found: '' };
}

function isThere(command: string): boolean {
  return existsSync(resolve(__dirname, `../../dist/cli/commands/${command}.js`));
}

async function benchCyclonus(sizes: readonly number[], folder: string): Promise<void> {
  const cyclonus = buildCyclonus();
  if ('missing' in cyclonus) return console.log(`\nwithout cyclonus: ${cyclonus.missing}`);
  console.log('\nworkloads  cyclonus CPU s     MB  tierwall CPU s  connections  allowed  answers');
  for (const size of sizes) {
    const compared = await compareWithCyclonus(cyclonus.path, join(folder, `${size}-lists`), size, patience);
    if (compared === 'ended') {
      console.log(`${`${size}`.padStart(9)}  ended after ${patience} s`);
      return;
    }
    const { cyclonus: theirs, tierwall, connections, allowed, disagreements } = compared;
    const cells = [
      `${size}`.padStart(9),
      theirs.cpu.toFixed(2).padStart(16),
      theirs.memory.toFixed(0).padStart(5),
      tierwall.toFixed(2).padStart(14),
      `${connections}`.padStart(11),
      `${allowed}`.padStart(7),
      disagreements.length === 0 ? 'the same' : `${disagreements.length} DIFFER`,
    ];
    console.log(cells.join('  '));
    for (const line of disagreements.slice(0, 10)) console.log(`           ${line}`);
  }
}

function print(size: number, about: string, { cpu, memory }: Cost, growth: number | undefined, rest: string): void {
  const cells = [
    `${size}`.padStart(9),
    about.padEnd(24),
    cpu.toFixed(2).padStart(8),
    (growth === undefined ? '' : `n^${growth.toFixed(2)}`).padStart(7),
    memory.toFixed(0).padStart(5),
    rest,
  ];
  console.log(cells.join('  '));
}
