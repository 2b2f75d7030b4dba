import { existsSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { amongWorkloads } from '../../analysis/among-workloads';
import type { Settings } from '../../config/read-settings';
import type { LintInput } from '../../lint/context';
import type { FoundItem, FoundPlace } from '../../model/finding-report';
import { InputError } from '../../model/issue';
import { isKustomization } from '../../read/kustomization';
import { type RawManifests, readRawManifests } from '../../read/raw-manifests';
import { counted } from '../../render/connectivity/visible-text';
import { type AppCluster, runAppAsSource } from '../../synth/app-source';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { readConfig } from '../../synth/config';
import { environmentsIn, isAppliedIn, isManifest, readOutputFolder } from '../../synth/output-folder';
import { type Io, isWatched } from '../io';
import { readLive, sourceWords } from '../options/cluster';
import { standardInput } from '../options/sources';
import type { LintFlags } from './lint';

/** What is linted, and how it is called. */
export interface LintSubject {
  readonly inputs: readonly LintInput[];
  /** As in `3 policies and 4 workloads`. */
  readonly text: string;
  /** `files`: they can be changed. */
  readonly kind: 'files' | 'other';
  /** That were looked at. */
  readonly files: ReadonlySet<string>;
  /** Puts names of files as the user knows them. */
  located(item: FoundItem): FoundItem;
}

/** Manifests that are named, a live cluster, or else the app of the folder. @throws InputError */
export async function lintSubject(
  io: Io,
  words: readonly string[],
  flags: LintFlags,
  project: Settings,
): Promise<LintSubject> {
  const { config, cdk8sApp } = project;
  const isLive = flags.cluster !== undefined || flags.context !== undefined;
  const command = flags.app ?? config.app ?? cdk8sApp;
  if (words.length === 0 && !isLive && command !== undefined) return appSubject(io, flags, project);
  const inputs = [await readManifests(io, words, flags)];
  const files = filesOf(inputs);
  const kind = [...files].every((file) => existsSync(resolve(io.cwd, file))) ? 'files' : 'other';
  return { inputs, text: textOf(inputs), kind, files, located: (item) => item };
}

/** What is wrong with the words themselves ends the run; what is wrong with what they name is found. */
const badWords = new Set(['unreadable', 'bad-source']);

async function readManifests(io: Io, words: readonly string[], flags: LintFlags): Promise<LintInput> {
  const input = await readRawManifests(sourceWords(words, flags), {
    cwd: io.cwd,
    stdin: () => standardInput(io),
    live: (context) => readLive(io, context, flags),
  });
  const bad = input.issues.filter(({ code }) => badWords.has(code));
  if (bad.length > 0) throw new InputError(bad);
  return input;
}

async function appSubject(io: Io, flags: LintFlags, project: Settings): Promise<LintSubject> {
  const { app, out } = await readConfig(io.cwd, flags);
  if (isWatched(io)) io.stderr.write(`running ${app}\n`);
  const print = (text: string) => void io.stderr.write(text);
  const clusters = await runAppAsSource({ command: app, cwd: io.cwd, env: io.env, signal: io.signal, print });
  return subjectOfApp(io, await amongTheirWorkloads(clusters, project, io.cwd), out);
}

/**
 * An app, with what others keep in its output folder: it is applied with what the app gives.
 * @param out absolute path of the folder of the policies
 */
export async function subjectOfApp(io: Io, clusters: readonly AppCluster[], out: string): Promise<LintSubject> {
  const folder = relative(io.cwd, out).split(sep).join('/');
  const { owned, foreign: others, foreignKinds } = readOutputFolder(out);
  const foreign = others.filter(
    (path) => isManifest(path) && (foreignKinds.has(path) || isKustomization(basename(path))),
  );
  const environments = new Set([...environmentsIn(owned.keys()), ...clusters.flatMap((app) => app.environments)]);
  const inputs: LintInput[] = [];
  for (const app of clusters) {
    const known = filesOf(app.manifests ? [app.manifests] : []);
    const words = foreign
      .filter(isAppliedIn(app.environments, environments))
      .map((path) => `${folder}/${path}`)
      .filter((path) => !known.has(path));
    inputs.push(inputOfApp(app, await readRawManifests(words, { cwd: io.cwd })));
  }
  const files = filesOf(clusters.map(({ written }) => written));
  const inFolder = (place: FoundPlace): FoundPlace =>
    place.file !== undefined && files.has(place.file)
      ? { ...place, file: join(folder, place.file).split(sep).join('/') }
      : place;
  const located = ({ place, written, related, notFixed: _, ...item }: FoundItem): FoundItem => ({
    ...item,
    place: inFolder(place),
    ...(written ? { written: inFolder(written) } : {}),
    related: related.map((other) => ({ ...other, place: inFolder(other.place) })),
    // What is written follows from the code: that is what has to change.
    edits: [],
  });
  const looked = new Set([...codeFiles(clusters), ...[...filesOf(inputs)].filter((file) => !files.has(file))]);
  return { inputs, text: textOf(inputs), kind: 'other', files: looked, located };
}

/**
 * Where manifests tell which pods a namespace has, those that stand in for a service's are none of them: nothing is to be found by those.
 * @param foreign what others keep in the output folder
 */
function inputOfApp(app: AppCluster, foreign: RawManifests): LintInput {
  const { cluster, written, manifests, standIns } = app;
  const told = new Set(manifests?.cluster.workloads.map(({ namespace }) => namespace));
  const workloads = cluster.workloads.filter((workload) => !standIns.has(workload) || !told.has(workload.namespace));
  const read = [written, ...(manifests ? [manifests] : []), foreign];
  return {
    cluster: amongWorkloads({ ...cluster, workloads }, foreign.cluster),
    objects: read.flatMap(({ objects }) => objects),
    comments: read.flatMap(({ comments }) => comments),
    issues: foreign.issues,
    app,
  };
}

function filesOf(inputs: readonly RawManifests[]): Set<string> {
  return new Set(inputs.flatMap(({ objects }) => objects.flatMap(({ place }) => place.file ?? [])));
}

/** The code that declares what is linted. */
function codeFiles(clusters: readonly AppCluster[]): Set<string> {
  return new Set(clusters.flatMap(({ intents }) => intents.flatMap(({ at }) => at?.file ?? [])));
}

function textOf(inputs: readonly LintInput[]): string {
  const policies = inputs.reduce((sum, { cluster }) => sum + cluster.policies.length, 0);
  const workloads = inputs.reduce((sum, { cluster }) => sum + cluster.workloads.length, 0);
  return `${counted(policies, 'policy', 'policies')} and ${counted(workloads, 'workload')}`;
}
