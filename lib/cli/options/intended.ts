import type { Intended } from '../../analysis/drift/intended';
import { intendedByApp, intendedByFolder } from '../../live/intended-source';
import { readConfig } from '../../synth/config';
import type { AppRun } from '../../synth/run-app';
import { type Io, isWatched } from '../io';
import { standardInput } from './sources';

export interface IntendedFlags {
  readonly environment?: readonly string[];
  readonly app?: string | true;
}

/** What the cluster is meant to be: what is at the paths, or else what the app gives. @throws InputError */
export async function readIntended(io: Io, paths: readonly string[], flags: IntendedFlags): Promise<Intended> {
  const { environment = [], app } = flags;
  if (paths.length === 0) {
    return intendedByApp(
      await appRun(io, app, ', or a folder of policies, as `tierwall drift policies/`'),
      environment,
    );
  }
  const options = { cwd: io.cwd, stdin: () => standardInput(io) };
  return intendedByFolder(paths, environment, options, app === undefined ? undefined : await appRun(io, app));
}

async function appRun(io: Io, app: string | true | undefined, instead?: string): Promise<AppRun> {
  const { app: command } = await readConfig(io.cwd, typeof app === 'string' ? { app } : {}, instead);
  if (isWatched(io)) io.stderr.write(`running ${command}\n`);
  const print = (text: string) => void io.stderr.write(text);
  return { command, cwd: io.cwd, env: io.env, signal: io.signal, print };
}
