import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { amongWorkloads } from '../../analysis/among-workloads';
import type { DiffState } from '../../analysis/diff/diff';
import { overlay } from '../../analysis/overlay';
import { readSettings } from '../../config/read-settings';
import { badUsage, InputError, issueLines } from '../../model/issue';
import { type GitRange, isInRevision, knownCommit, revisionWord } from '../../read/git-range';
import { gitRevisionOf } from '../../read/git-revision';
import { wordPath } from '../../read/word-path';
import { readConfig } from '../../synth/config';
import type { Target } from '../../synth/shared-folder';
import { writeHandovers } from '../../synth/synth';
import type { Io } from '../io';
import { type ClusterFlags, isLive } from '../options/cluster';
import { readSources } from '../options/sources';
import { type AppSide, nothing, onlyCluster, type RanApp, runAppIn, stateOfApp } from './app-state';
import { pairsOfCommitted, type StatePair } from './committed-app';
import { comparisonOf, waysToCompare } from './diff-words';
import { hadApp, pairsOfApps, runAppOfRevision } from './revision-app';

/** What is compared, and the revisions whose commits may approve it. */
export interface DiffStates {
  /** More than one for an app of several clusters. */
  readonly pairs: readonly StatePair[];
  readonly commits: { readonly from: string; readonly to: string } | undefined;
  /** What of it is not what a reader would take it for. */
  readonly notes: readonly string[];
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
  first: string | undefined,
  second: string | undefined,
  options: StatesOptions,
): Promise<DiffStates> {
  if (first === undefined) throw nothingNamed(io.cwd, options);
  if (isLive(options)) return readLiveStates(io, first, second, options);
  const comparison = comparisonOf(first, second, io.cwd);
  if (comparison.kind === 'revisions') return readRevisions(io, comparison.range, comparison.path, options);
  const { before, after } = comparison;
  const pairs = pairsOf(await sideOf(io, before, options), await sideOf(io, after, options));
  const revision = (word: string) =>
    existsSync(wordPath(io.cwd, word)) ? undefined : gitRevisionOf(word)?.word.split(':')[0];
  const from = revision(before);
  return { pairs, commits: from === undefined ? undefined : { from, to: revision(after) ?? 'HEAD' }, notes: [] };
}

function nothingNamed(cwd: string, options: StatesOptions): InputError {
  if (!isLive(options)) return badUsage('nothing to compare is named', waysToCompare(cwd));
  const message = 'nothing is named that the cluster is to be compared with';
  return badUsage(message, 'name what is to be applied, as `tierwall diff --cluster policies/production`');
}

/** The live cluster, and what it comes to once the source is applied to it. */
async function readLiveStates(
  io: Io,
  word: string,
  second: string | undefined,
  options: StatesOptions,
): Promise<DiffStates> {
  if (second !== undefined) {
    throw badUsage(
      'with `--cluster` one source is compared with it',
      'leave the other one out, or name the cluster among two, as `cluster:`',
    );
  }
  const live = { cluster: await readSources([], io, options), guarantees: undefined };
  const side = await sideOf(io, word, options);
  // The pods that an app names are those of the cluster.
  const applied = isApp(side) ? { ...stateOfApp(onlyCluster(side), []).cluster, workloads: [] } : side.cluster;
  const after = { cluster: overlay(live.cluster, applied), guarantees: undefined };
  return { pairs: [{ cluster: undefined, before: live, after }], commits: undefined, notes: [] };
}

/** One side as it is read: manifests, or an app in its clusters. */
type Side = DiffState | readonly AppSide[];

function isApp(side: Side): side is readonly AppSide[] {
  return Array.isArray(side);
}

/** Manifests, or the app where the word is a folder that has one. */
async function sideOf(io: Io, word: string, options: StatesOptions): Promise<Side> {
  const path = wordPath(io.cwd, word);
  if (word !== '-' && existsSync(path) && (await hasApp(resolve(path)))) {
    return (await runAppIn(io, resolve(path), word === '.' ? '' : `${word.replace(/[\\/]$/, '')}/`, options.appCluster))
      .sides;
  }
  return { cluster: await readSources([word], io), guarantees: undefined };
}

async function hasApp(folder: string): Promise<boolean> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return false;
  const { config, cdk8sApp } = await readSettings(folder);
  return (config.app ?? cdk8sApp) !== undefined;
}

function pairsOf(before: Side, after: Side): StatePair[] {
  if (isApp(before) && isApp(after)) return pairsOfApps(before, after);
  const state = (side: Side, other: Side) => {
    if (!isApp(side)) return side;
    const own = stateOfApp(onlyCluster(side), []);
    // Its policies in place of theirs.
    return isApp(other) ? own : { ...own, cluster: amongWorkloads(own.cluster, { ...other.cluster, policies: [] }) };
  };
  return [{ cluster: undefined, before: state(before, after), after: state(after, before) }];
}

/** What of revisions a path names: an app, where its folder has one, else manifests. */
async function readRevisions(io: Io, range: GitRange, path: string, options: StatesOptions): Promise<DiffStates> {
  const commits = { from: range.base, to: range.to ?? 'HEAD' };
  const folder = resolve(io.cwd, path);
  const read = (await hasApp(folder))
    ? await appOfRevisions(io, range, path, options)
    : await manifestsOfRevisions(io, range, path);
  return { ...read, commits };
}

type Read = Omit<DiffStates, 'commits'>;

/** A path that is missing on one side, or holds nothing there, is all new or all gone. */
async function manifestsOfRevisions(io: Io, { base, baseText, to }: GitRange, path: string): Promise<Read> {
  const read = async (word: string): Promise<DiffState> => {
    return { cluster: await readSources([word], io, {}, 'allowed'), guarantees: undefined };
  };
  const isThere = to === undefined ? existsSync(resolve(io.cwd, path)) : isInRevision(to, path, io.cwd);
  const before = isInRevision(base, path, io.cwd) ? await read(revisionWord(baseText, path, io.cwd)) : nothing;
  const after = isThere ? await read(to === undefined ? path : revisionWord(to, path, io.cwd)) : nothing;
  const [was, is] = [holdsObjects(before), holdsObjects(after)];
  const here = to === undefined ? 'the working tree' : to;
  if (!was && !is) {
    throw badUsage(
      `\`${path}\` holds no Kubernetes object, neither in ${baseText} nor in ${here}`,
      'name a path that does',
    );
  }
  const notes = [
    ...(was ? [] : [`there is nothing of \`${path}\` in ${baseText}: all of it is new`]),
    ...(is ? [] : [`there is nothing of \`${path}\` in ${here} any more: all of it is gone`]),
  ];
  return { pairs: [{ cluster: undefined, before, after }], notes };
}

function holdsObjects({ cluster }: DiffState): boolean {
  return cluster.namespaces.length + cluster.unread.length + cluster.skipped.size > 0;
}

/**
 * An app against its output that was committed, or two of these, with the pods that the app has now; or both apps as they are run, where
 * nothing was committed or that is asked for.
 */
async function appOfRevisions(io: Io, range: GitRange, path: string, options: StatesOptions): Promise<Read> {
  const { base, baseText, to } = range;
  const [cwd, prefix] = path === '.' ? [io.cwd, ''] : [resolve(io.cwd, path), `${path}/`];
  const config = await readConfig(cwd, {});
  const { out } = config;
  const output = relative(io.cwd, out).split(sep).join('/');
  const project = await readSettings(cwd);
  const now = () => runAppIn(io, cwd, prefix, options.appCluster, project).catch(orItsOutput(output));
  const committed = (revision: string) => ({ revision, folder: output });
  const isCommitted = [base, ...(to === undefined ? [] : [to])].every((commit) => isInRevision(commit, output, io.cwd));
  if (isCommitted && !options.synth) {
    if (to === undefined) {
      return { pairs: await pairsOfCommitted(io, await now(), committed(baseText)), notes: [withoutGuarantees] };
    }
    const app = await now().catch(asReason);
    if (typeof app !== 'string') {
      const pairs = await pairsOfCommitted(io, app, committed(baseText), committed(to));
      return { pairs, notes: [withoutGuarantees, ...notesOn(io, app, to, config, output)] };
    }
    const read = await manifestsOfRevisions(io, range, output);
    return {
      ...read,
      notes: [...read.notes, `only what could exist is compared, since the pods are not known: ${app}`],
    };
  }
  const run = (commit: string, name: string) =>
    runAppOfRevision(io, commit, { cwd, project }, `${name}:${prefix}`, options.appCluster);
  if (!hadApp(base, path, io.cwd)) {
    const after = to === undefined ? (await now()).sides : await run(to, to);
    return { pairs: pairsOf([], after), notes: [`there is no app in ${baseText}: all of it is new`] };
  }
  const before = await run(base, baseText);
  return { pairs: pairsOf(before, to === undefined ? (await now()).sides : await run(to, to)), notes: [] };
}

const withoutGuarantees = 'guarantees (Never) are compared with `--synth` alone: committed output does not hold them';

/** An app that does not run may be compared by what it wrote. */
function orItsOutput(output: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.issues.map((issue) => {
        if (issue.code !== 'app-failed') return issue;
        return {
          ...issue,
          hint: `${issue.hint}; or name its output, as \`tierwall diff main ${output}\`, for just that`,
        };
      }),
    );
  };
}

function asReason(error: unknown): string {
  if (error instanceof InputError) return issueLines(error.issues).join('; ');
  throw error;
}

/** That what is committed is not what the code gives, where it is the code of that commit. */
function notesOn(io: Io, { handovers }: RanApp, to: string, target: Target, output: string): string[] {
  if (knownCommit(to, io.cwd) !== knownCommit('HEAD', io.cwd)) return [];
  const { upToDate } = writeHandovers(handovers, target, 'check');
  if (upToDate === 'yes') return [];
  return [`\`${output}\` is compared as it was committed, and is not what the code gives: run \`tierwall synth\``];
}
