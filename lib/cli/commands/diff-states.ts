import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { DiffState } from '../../analysis/diff/diff';
import { constructOf } from '../../analysis/drift/ownership';
import { overlay } from '../../analysis/overlay';
import { readSettings } from '../../config/read-settings';
import type { HandedIntent } from '../../constructs/handed-over';
import { InputError, type Place } from '../../model/issue';
import type { DocumentPlace, Policy, Rule } from '../../model/policy';
import { readAsOf } from '../../read/as-of';
import { type GitRange, gitRangeOf, isGitRange, isInRevision } from '../../read/git-range';
import { gitRevisionOf } from '../../read/git-revision';
import { type AppCluster, runAppAsSource } from '../../synth/app-source';
import { readConfig } from '../../synth/config';
import { withRevision } from '../../synth/revision-tree';
import { type Io, isWatched } from '../io';
import { type ClusterFlags, isLive } from '../options/cluster';
import { readSources } from '../options/sources';

/** What is compared, and the revisions whose commits may approve it. */
export interface DiffStates {
  readonly before: DiffState;
  readonly after: DiffState;
  readonly commits: { readonly from: string; readonly to: string } | undefined;
}

/** How apps of revisions are read: from the output that was committed with them, or by running them. */
export interface StatesOptions extends ClusterFlags {
  readonly synth?: true;
  readonly appCluster?: string;
}

/**
 * Reads both sides: two sources, where a folder with an app is that app; or revisions as `main...HEAD`, and what of them.
 * @throws InputError with every problem
 */
export async function readStates(
  io: Io,
  first: string,
  second: string | undefined,
  options: StatesOptions,
): Promise<DiffStates> {
  if (isLive(options)) return readLiveStates(io, first, second, options);
  const isThere = (word: string) => existsSync(resolve(io.cwd, word));
  const isRange = first !== '-' && !isThere(first) && (second === undefined || isGitRange(first));
  if (isRange) return readRange(io, gitRangeOf(first, io.cwd), second, options);
  if (second === undefined) {
    throw usage(`\`${first}\` is compared with nothing`, 'name two sources, or revisions as in `main...HEAD`');
  }
  if (first === '-' && second === '-')
    throw usage('standard input can be only one of the two', 'see `tierwall diff --help`');
  const sides = [await sideOf(io, first, options), await sideOf(io, second, options)] as const;
  const revision = (word: string) => (isThere(word) ? undefined : gitRevisionOf(word)?.word.split(':')[0]);
  const from = revision(first);
  return { ...statesOf(...sides), commits: from === undefined ? undefined : { from, to: revision(second) ?? 'HEAD' } };
}

/** The live cluster, and what it comes to once the source is applied to it. */
async function readLiveStates(
  io: Io,
  word: string,
  second: string | undefined,
  options: StatesOptions,
): Promise<DiffStates> {
  if (second !== undefined) {
    throw usage(
      'with `--cluster` one source is compared with it',
      'leave the other one out, or name the cluster among two, as `cluster:`',
    );
  }
  const live = { cluster: await readSources([], io, options), guarantees: undefined };
  const side = await sideOf(io, word, options);
  const given = stateOf(side, live).cluster;
  // The pods that an app names are those of the cluster.
  const applied = 'app' in side ? { ...given, workloads: [] } : given;
  const after = { cluster: overlay(live.cluster, applied), guarantees: undefined };
  return { before: live, after, commits: undefined };
}

/** Manifests, or the app where the word is a folder that has one. */
async function sideOf(io: Io, word: string, options: StatesOptions): Promise<Side> {
  const path = resolve(io.cwd, word);
  if (word !== '-' && existsSync(path) && statSync(path).isDirectory() && (await hasApp(path))) {
    return appSide(io, path, word === '.' ? '' : `${word.replace(/[\\/]$/, '')}/`, options);
  }
  return { cluster: await readSources([word], io), guarantees: undefined };
}

async function hasApp(folder: string): Promise<boolean> {
  const { config, cdk8sApp } = await readSettings(folder);
  return (config.app ?? cdk8sApp) !== undefined;
}

/** Manifests in the revisions or, without a path in an app's folder, the app: by its committed output, else by running it. */
async function readRange(
  io: Io,
  range: GitRange,
  path: string | undefined,
  options: StatesOptions,
): Promise<DiffStates> {
  const { base, to } = range;
  const commits = { from: base, to: to ?? 'HEAD' };
  const manifests = async (name: string) => {
    const [before, after] = [`${base.slice(0, 12)}:./${name}`, to === undefined ? name : `${to}:./${name}`];
    const [old, fresh] = [await readSources([before], io), await readSources([after], io)];
    return {
      before: { cluster: old, guarantees: undefined },
      after: { cluster: fresh, guarantees: undefined },
      commits,
    };
  };
  if (path !== undefined) return manifests(path);
  if (!(await hasApp(io.cwd))) return manifests('.');
  const { out } = await readConfig(io.cwd, {});
  const folder = relative(io.cwd, out).split(sep).join('/');
  const isCommitted =
    isInRevision(base, folder, io.cwd) && (to === undefined ? existsSync(out) : isInRevision(to, folder, io.cwd));
  if (isCommitted && !options.synth) return manifests(folder);

  const run = (commit: string, name: string) =>
    withRevision(commit, { cwd: io.cwd, env: io.env, print: (text) => void io.stderr.write(text) }, (tree) =>
      appSide(io, tree, `${name}:`, options),
    );
  const before = await run(base, base.slice(0, 12));
  const after = to === undefined ? await appSide(io, io.cwd, '', options) : await run(to, to);
  return { ...statesOf(before, after), commits };
}

/** One side as it is read: manifests, or an app. */
type Side = DiffState | AppSide;

export interface AppSide {
  readonly app: AppCluster;
  /** Goes before the files that it names, which are relative to the app's folder. */
  readonly prefix: string;
  /** Of its output, from there. */
  readonly folder: string;
}

async function appSide(io: Io, cwd: string, prefix: string, { appCluster }: StatesOptions): Promise<AppSide> {
  const { app: command, out } = await readConfig(cwd, {});
  if (isWatched(io)) io.stderr.write(`running ${command}\n`);
  // Both sides by one day: access that ends in between is not what was changed.
  const asOf = readAsOf(undefined, io.env, io.cwd)?.day;
  const print = (text: string) => void io.stderr.write(text);
  const run = { command, cwd, env: io.env, signal: io.signal, print };
  const clusters = await runAppAsSource({ ...run, ...(asOf === undefined ? {} : { asOf }) });
  return { app: clusterOf(clusters, appCluster), prefix, folder: relative(cwd, out).split(sep).join('/') };
}

function statesOf(before: Side, after: Side): { readonly before: DiffState; readonly after: DiffState } {
  return { before: stateOf(before, after), after: stateOf(after, before) };
}

/** With the lines of the code, where it is an app: of the intents of a rule, those of one that the other side does not have. */
function stateOf(side: Side, other: Side): DiffState {
  return 'app' in side ? stateOfApp(side, 'app' in other ? other.app.intents : []) : side;
}

/** An app as a state. @param others intents of the other one; undefined where they are not known */
export function stateOfApp(side: AppSide, others: readonly HandedIntent[] | undefined): DiffState {
  const { app, prefix } = side;
  const known = others && new Set(others.map(intentKey));
  return {
    cluster: { ...app.cluster, policies: app.cluster.policies.map((policy) => declared(policy, side, known)) },
    guarantees: app.guarantees?.map(({ path, text, at }) => ({
      path,
      text,
      place: at ? { ...at, file: prefix + at.file } : {},
    })),
  };
}

function intentKey({ caller, callee, openings }: HandedIntent): string {
  return JSON.stringify([caller, callee, openings]);
}

function clusterOf(clusters: readonly AppCluster[], asked: string | undefined): AppCluster {
  const fitting = asked === undefined ? clusters : clusters.filter(({ name }) => name === asked);
  const [only, ...more] = fitting;
  if (only && more.length === 0) return only;
  const message = asked === undefined ? 'the app has several clusters' : `the app has no cluster \`${asked}\``;
  throw usage(message, `name one with \`--app-cluster\`: ${clusters.map(({ name }) => name).join(', ')}`);
}

/** The policy with the lines of the code that declare it, and its rules with those of their intents. */
function declared(policy: Policy, { app, prefix, folder }: AppSide, known: ReadonlySet<string> | undefined): Policy {
  const { file, line } = policy.place;
  const written = { ...(file === undefined ? {} : { file: `${prefix}${folder}/${file}` }), line };
  const inCode = (at: HandedIntent['at']): Place | undefined => at && { ...at, file: prefix + at.file };
  const construct = constructOf(policy);
  const own = inCode(construct === '' ? undefined : app.lineOf(construct)) ?? written;
  const place: DocumentPlace = { ...own, at: () => own };
  const copy: Policy & { rules: Rule[] } = { ...policy, place, rules: [] };
  for (const rule of policy.rules) {
    const intents = app.intentsOf(rule);
    // Of several, which one is new is not known: then the line of the service is right, and that of any of them may not be.
    const intent =
      known || intents.length === 1 ? (intents.find((i) => !known?.has(intentKey(i))) ?? intents[0]) : undefined;
    copy.rules.push({ ...rule, policy: copy, place: inCode(intent?.at) ?? own });
  }
  return copy;
}

function usage(message: string, hint: string): InputError {
  return new InputError([{ code: 'bad-usage', message, place: {}, hint }]);
}
