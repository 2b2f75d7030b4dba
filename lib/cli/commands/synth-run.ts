import { relative, sep } from 'node:path';
import { proofVariable } from '../../constructs/handed-over';
import { today } from '../../read/as-of';
import { checkedToText, writtenToText } from '../../render/synth-result';
import { readConfig } from '../../synth/config';
import { runApp } from '../../synth/run-app';
import { type SynthResult, writeHandovers } from '../../synth/synth';
import { watchProject } from '../../synth/watch-project';
import { type Io, isWatched, paintFor } from '../io';
import { dayOf } from '../options/as-of';
import { interruptedCode, reportFailure } from '../report-failure';
import type { SynthFlags } from './synth';

/** Runs the app, writes or compares, and prints; gives the exit code. */
export async function runSynth(io: Io, flags: SynthFlags): Promise<number> {
  if (io.signal.aborted) return interruptedCode;
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
    const result = writeHandovers(handovers, config, flags.check ? 'check' : 'write', byClock ? today() : undefined);
    io.stdout.write(flags.output === 'json' ? toJson(result) : toText(io, result, flags));
    return flags.check && (result.upToDate === 'no' || result.ended.length > 0) ? 1 : 0;
  } catch (error) {
    if (io.signal.aborted) return interruptedCode;
    return reportFailure(io, error, flags.output);
  }
}

/** Writes again whenever a file changes, until it is interrupted. */
export async function watchSynth(io: Io, flags: SynthFlags): Promise<void> {
  const ended = new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  let { out } = await readConfig(io.cwd, flags);
  let running: Promise<unknown> = Promise.resolve();
  const watcher = await watchProject(
    { cwd: io.cwd, out: () => out, printed: [io.stdout, io.stderr], pause: 100 },
    () => {
      running = running.then(async () => {
        // What is wrong with the settings, the run says.
        out = await readConfig(io.cwd, flags).then(
          (config) => config.out,
          () => out,
        );
        await runSynth(io, flags);
      });
    },
    (error) => void reportFailure(io, error, flags.output),
  );
  // Not before: a file that changes between its being read by the app and its being watched would be missed.
  await Promise.race([watcher.ready, ended]);
  running = runSynth(io, flags);
  await ended;
  await watcher.close();
  await running;
}

function toText(io: Io, result: SynthResult, flags: SynthFlags): string {
  const folder = (relative(io.cwd, result.out) || '.').split(sep).join('/');
  const paint = paintFor(io.stdout, io.env);
  return flags.check ? checkedToText(result, folder, paint) : writtenToText(result, folder, paint);
}

function toJson(result: SynthResult): string {
  return `${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`;
}
