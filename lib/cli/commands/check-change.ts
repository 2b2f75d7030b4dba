import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DiffState } from '../../analysis/diff/diff';
import { changeStep, skippedChange, untoldChange, whyNoCluster } from '../../check/change-step';
import type { CheckStep } from '../../check/check-result';
import { type Base, mergeBase } from '../../check/merge-base';
import type { Settings } from '../../config/read-settings';
import type { Cluster } from '../../model/cluster';
import type { DiffListing } from '../../model/diff-listing';
import { InputError, type Issue } from '../../model/issue';
import { isInRevision, pathInRevision, revisionWord } from '../../read/git-range';
import type { AppCluster } from '../../synth/app-source';
import type { Io } from '../io';
import { profileFor } from '../options/profile-for';
import { readSources } from '../options/sources';
import { type AppSide, nothing, sidesOf } from './app-state';
import type { CheckFlags } from './check';
import { pairsOfCommitted, type StatePair } from './committed-app';
import { failsOnGuarantees, judged, listPair, ownersIn } from './diff-gate';
import { hadApp, pairsOfApps, runAppOfRevision } from './revision-app';

/** A step, and the changes that it is about: one for each cluster of an app. */
export interface Changed {
  readonly step: CheckStep;
  readonly listings: readonly DiffListing[];
}

type Commit = Extract<Base, { kind: 'commit' }>;
type Known = Extract<Base, { kind: 'commit' | 'new' }>;

function isKnown(base: Base): base is Known {
  return base.kind === 'commit' || base.kind === 'new';
}

/** What manifests mean against those of the commit that the branch left the main branch at. */
export async function changeOfManifests(
  io: Io,
  paths: readonly string[],
  flags: CheckFlags,
  project: Settings,
): Promise<Changed> {
  if (!flags.change) return skipped(leftOut);
  const base = mergeBase(io.cwd, flags);
  if (!isKnown(base)) return without(base, project);
  if (!paths.every((path) => existsSync(resolve(io.cwd, path)))) {
    const reason = paths.includes('-') ? 'standard input is in no commit' : 'only files and folders are compared';
    return untold(`${reason}; name the files or folders`, project);
  }
  const names = paths.map((path) => pathInRevision(path, io.cwd));
  const old = base.kind === 'new' ? [] : names.filter((path) => isInRevision(base.id, path, io.cwd));
  if (old.length === 0 && gateOf(project) === 'told') return allNew(base);
  const after = await read(paths, io);
  if (!('policies' in after)) return untold(whyNoCluster(after), project);
  const pair = (before: Cluster) => [{ cluster: undefined, before: stateOf(before), after: stateOf(after) }];
  if (base.kind === 'new' || old.length === 0) {
    return judgedChange(io, sinceNothing(base), pair(nothing.cluster), flags, project);
  }
  const revision = base.id.slice(0, 12);
  const before = await read(
    old.map((path) => revisionWord(revision, path, io.cwd)),
    io,
  );
  // Whoever mends what is in the way cannot be held up by it.
  if (!('policies' in before)) return skipped(`the manifests of ${base.text} cannot be read as one cluster`);
  return judgedChange(io, since(base), pair(before), flags, project);
}

/** The cluster that manifests are, or what keeps them from being one: lint finds that too, so that nothing is lost for it. */
async function read(words: readonly string[], io: Io): Promise<Cluster | readonly Issue[]> {
  try {
    return await readSources(words, io);
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
}

/**
 * What the app means against the output that was committed then; or against the app of then, where there is none, or where lost guarantees are
 * failed on, which are in no output.
 */
export async function changeOfApp(
  io: Io,
  clusters: readonly AppCluster[],
  folder: string,
  flags: CheckFlags,
  project: Settings,
): Promise<Changed> {
  if (!flags.change) return skipped(leftOut);
  const base = mergeBase(io.cwd, flags);
  if (!isKnown(base)) return without(base, project);
  const isCommitted = base.kind === 'commit' && isInRevision(base.id, folder, io.cwd);
  const wasThere = base.kind === 'commit' && hadApp(base.id, '.', io.cwd);
  const isNew = !isCommitted && !wasThere;
  if (isNew && gateOf(project) === 'told') return allNew(base);
  const environments = clusters.flatMap((cluster) => cluster.environments);
  const sides = await sidesOf(io, clusters, environments, { cwd: io.cwd, prefix: '', folder });
  if (base.kind === 'new' || isNew) {
    return judgedChange(io, sinceNothing(base), pairsOfApps([], sides), flags, project);
  }
  if (!wasThere || (isCommitted && !failsOnGuarantees({}, project.config))) {
    const app = { sides, environments, name: project.config.name };
    const pairs = await pairsOfCommitted(io, app, { revision: base.id.slice(0, 12), folder });
    return judgedChange(io, since(base), pairs, flags, project);
  }
  const old = await appOf(io, base, project);
  if (old instanceof InputError) {
    const why = isCommitted ? ', and lost guarantees are in no output' : ', and its output is not committed';
    return untold(`the app of ${base.text} cannot be run${why}: ${old.issues[0]?.message ?? ''}`, project);
  }
  return judgedChange(io, since(base), pairsOfApps(old, sides), flags, project);
}

/** The app of a commit, or what keeps it from running: nothing that whoever made the change can mend. */
async function appOf(io: Io, { id }: Commit, project: Settings): Promise<readonly AppSide[] | InputError> {
  try {
    return await runAppOfRevision(io, id, { cwd: io.cwd, project }, `${id.slice(0, 12)}:`, undefined);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/**
 * Without `diff.failOn` or `diff.budgets` in the settings the change is told, and fails nothing: to change what is allowed is what a
 * change of policies is for.
 */
async function judgedChange(
  io: Io,
  { from, text }: Since,
  pairs: readonly StatePair[],
  flags: CheckFlags,
  project: Settings,
): Promise<Changed> {
  const profile = await profileFor(io.cwd, flags.cni);
  const owners = await ownersIn(io.cwd);
  const gate = gateOf(project);
  const asked = gate === 'gated' ? {} : { failOn: ['none'] as const };
  const listings = pairs.map((pair) => listPair(pair, profile, owners));
  const gated = await judged(listings, asked, io.cwd, from === undefined ? undefined : { from, to: 'HEAD' });
  return { step: changeStep(gated, text, gate), listings: gated };
}

interface Since {
  /** From here on, commits may approve the change. */
  readonly from: string | undefined;
  /** As in `since a1b2c3d (origin/main)`. */
  readonly text: string;
}

function since({ id, text }: Commit): Since {
  return { from: id, text: `since ${text}` };
}

/** Where a change is gated, what is new is judged as any other: `diff` does the same. */
function sinceNothing(base: Known): Since {
  if (base.kind === 'new') return { from: undefined, text: base.reason };
  return { from: base.id, text: `since ${base.text}, which has none of it` };
}

function gateOf({ config }: Settings): 'gated' | 'told' {
  return config.diff?.failOn || config.diff?.budgets ? 'gated' : 'told';
}

function without({ kind, reason }: Exclude<Base, Known>, project: Settings): Changed {
  return kind === 'none' ? skipped(reason) : untold(reason, project);
}

function untold(reason: string, project: Settings): Changed {
  return { step: untoldChange(reason, gateOf(project)), listings: [] };
}

const leftOut = 'left out, by `--no-change`';

function skipped(reason: string): Changed {
  return { step: skippedChange(reason), listings: [] };
}

/** What is new is told by being new. */
function allNew(base: Known): Changed {
  return skipped(base.kind === 'new' ? base.reason : `all of it is new since ${base.text}`);
}

function stateOf(cluster: Cluster): DiffState {
  return { cluster, guarantees: undefined };
}
