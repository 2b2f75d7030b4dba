import type { DeclaringApp } from '../../analysis/explain/declaring-app';
import type { OutputFiles } from '../../analysis/explain/placed-in';
import { readSettings } from '../../config/read-settings';
import type { DeclaredAt } from '../../constructs/handed-over';
import type { Cluster } from '../../model/cluster';
import { badUsage } from '../../model/issue';
import type { Rule } from '../../model/policy';
import { linesOfRules, runAppAsSource } from '../../synth/app-source';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { outputFolder, readConfig } from '../../synth/config';
import { declaringApp } from '../../synth/declaring-app';
import { type Io, isWatched } from '../io';
import { type ClusterFlags, isLive } from './cluster';
import { readSources } from './sources';

/** What a question is about. */
export interface Asked {
  readonly cluster: Cluster;
  /** The line that declares a construct, where it is about an app. */
  readonly lineOf?: (path: string) => DeclaredAt | undefined;
  /** The lines that ask for what a rule opens. */
  readonly linesOf?: (rule: Rule) => readonly DeclaredAt[];
  /** What the app declares. */
  readonly app?: DeclaringApp;
  /** Of the app's output, which the files of its policies are in. */
  readonly folder?: OutputFiles;
}

/**
 * The manifests that are named, or a live cluster; with neither, in the folder of an app, what it comes to, with a workload for each of
 * its services, or those of the manifests that the settings name.
 *
 * @throws InputError for nothing to read, for every mistake of the app, and for one of several clusters
 */
export async function readAppOrSources(words: readonly string[], io: Io, flags: ClusterFlags): Promise<Asked> {
  if (words.length > 0 || isLive(flags)) return { cluster: await readSources(words, io, flags) };
  const project = await readSettings(io.cwd);
  const { config, cdk8sApp } = project;
  if ((config.app ?? cdk8sApp) === undefined) return { cluster: await readSources(words, io, flags) };
  const { app: command, out } = await readConfig(io.cwd, {});
  if (isWatched(io)) io.stderr.write(`running ${command}\n`);
  const print = (text: string) => void io.stderr.write(text);
  const ran = await runAppAsSource({ command, cwd: io.cwd, env: io.env, signal: io.signal, print });
  const clusters = await amongTheirWorkloads(ran, project, io.cwd);
  const [only, ...others] = clusters;
  if (only && others.length === 0)
    return {
      cluster: only.cluster,
      lineOf: only.lineOf,
      linesOf: linesOfRules(only),
      app: declaringApp(only),
      folder: {
        folder: outputFolder(io.cwd, out),
        files: new Set(only.written.objects.flatMap(({ place }) => place.file ?? [])),
      },
    };
  const message = `the app has several clusters: ${clusters.map(({ name }) => `\`${name}\``).join(', ')}`;
  const hint = 'name the folder of an environment, as `policies/production`, beside the manifests of its workloads';
  throw badUsage(message, hint);
}
