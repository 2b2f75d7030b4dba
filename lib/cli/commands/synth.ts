import { relative, sep } from 'node:path';
import { Command, Option } from 'commander';
import { proofVariable } from '../../constructs/handed-over';
import { today } from '../../read/as-of';
import { checkedToText, writtenToText } from '../../render/synth-result';
import { readConfig } from '../../synth/config';
import { linkedFolder } from '../../synth/replace-folder';
import { runApp } from '../../synth/run-app';
import { type SynthResult, writeHandovers } from '../../synth/synth';
import { type Io, isWatched, paintFor } from '../io';
import { dayOf } from '../options/as-of';
import { reportFailure } from '../report-failure';

interface Flags {
  readonly app?: string;
  readonly out?: string;
  readonly check?: true;
  readonly watch?: true;
  readonly asOf?: string;
  readonly proof: boolean;
  readonly output: 'text' | 'json';
}

const help = `
Examples:
  $ tierwall synth                          write the policies of the app in cdk8s.yaml
  $ tierwall synth --check                  fail if the committed policies are not what the code gives
  $ tierwall synth --app "npx tsx main.ts" --out policies

cdk8s.yaml:
  app: npx tsx main.ts
  tierwall:
    out: policies

Exit codes: 0 written or up to date, 1 --check found differences or access that has ended by the clock, 2 mistakes in the app or its input, 3 our own failure.
`;

export function synthCommand(io: Io, exit: (code: number) => void): Command {
  return new Command('synth')
    .description(
      'run the app and write its policies: a folder for each environment and namespace, a file for each policy',
    )
    .option('--app <command>', 'command that runs the app (default: `app` in the settings, else in cdk8s.yaml)')
    .option('--out <folder>', 'folder for the output (default: `tierwall.out` in cdk8s.yaml, else policies)')
    .option('--check', 'write nothing; fail if the folder is not what the code gives')
    .addOption(new Option('--watch', 'write again whenever a file of the app changes').conflicts('check'))
    .option('--no-proof', 'do not prove that the policies mean what is declared')
    .option(
      '--as-of <day>',
      'day by which time-boxed access is judged (default: SOURCE_DATE_EPOCH, else the date of HEAD)',
    )
    .addOption(new Option('--output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      if (flags.watch) await watch(io, flags);
      else exit(await once(io, flags));
    });
}

/** What a shell makes of SIGINT. */
const interrupted = 130;

async function once(io: Io, flags: Flags): Promise<number> {
  if (io.signal.aborted) return interrupted;
  try {
    const asOf = dayOf(flags.asOf);
    const config = await readConfig(io.cwd, flags);
    if (isWatched(io)) io.stderr.write(`running ${config.app}\n`);
    const print = (text: string) => void io.stderr.write(text);
    const { cwd, env, signal } = io;
    const appEnv = flags.proof ? env : { ...env, [proofVariable]: 'off' };
    const run = { command: config.app, cwd, env: appEnv, signal, print };
    const handovers = await runApp({ ...run, ...(asOf ? { asOf } : {}) });
    const byClock = flags.check && asOf === undefined;
    const result = writeHandovers(
      handovers,
      config.out,
      flags.check ? 'check' : 'write',
      byClock ? today() : undefined,
    );
    io.stdout.write(flags.output === 'json' ? toJson(result) : toText(io, result, flags));
    return flags.check && (result.upToDate === 'no' || result.ended.length > 0) ? 1 : 0;
  } catch (error) {
    if (io.signal.aborted) return interrupted;
    return reportFailure(io, error, flags.output);
  }
}

async function watch(io: Io, flags: Flags): Promise<void> {
  const ended = new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  const { watch: watchFiles } = await import('chokidar');
  const { out } = await readConfig(io.cwd, flags);
  const outs = [...new Set([out, linkedFolder(out)])];
  const isOutput = (path: string) =>
    outs.some((folder) => path === folder || path.startsWith(folder + sep) || path.startsWith(`${folder}.tierwall-`));
  const skipped = (path: string) =>
    /(^|[\\/])(node_modules|dist|\.git)([\\/]|$)/.test(relative(io.cwd, path)) || isOutput(path);
  const watcher = watchFiles(io.cwd, { ignored: skipped, ignoreInitial: true });
  watcher.on('error', (error) => void reportFailure(io, error, flags.output));
  // Not before: a file that changes between its being read by the app and its being watched would be missed.
  await Promise.race([new Promise<void>((resolve) => watcher.once('ready', () => resolve())), ended]);
  let running = once(io, flags);
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(() => once(io, flags));
    }, 100);
  });
  await ended;
  clearTimeout(timer);
  await watcher.close();
  await running;
}

function toText(io: Io, result: SynthResult, flags: Flags): string {
  const folder = (relative(io.cwd, result.out) || '.').split(sep).join('/');
  const paint = paintFor(io.stdout, io.env);
  return flags.check ? checkedToText(result, folder, paint) : writtenToText(result, folder, paint);
}

function toJson(result: SynthResult): string {
  return `${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`;
}
