import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DiffState, listDiff } from '../../analysis/diff/diff';
import { changeStep, skippedChange } from '../../check/change-step';
import type { CheckStep } from '../../check/check-result';
import { type Base, mergeBase } from '../../check/merge-base';
import type { Settings } from '../../config/read-settings';
import type { Cluster } from '../../model/cluster';
import type { DiffListing } from '../../model/diff-listing';
import { foldersInRevision, isInRevision } from '../../read/git-range';
import type { AppCluster } from '../../synth/app-source';
import type { Io } from '../io';
import { profileFor } from '../options/profile-for';
import { readSources } from '../options/sources';
import type { CheckFlags } from './check';
import { judged, ownersIn } from './diff-gate';
import { stateOfApp } from './diff-states';

/** A step, and the changes that it is about: one for each cluster of an app. */
export interface Changed {
  readonly step: CheckStep;
  readonly listings: readonly DiffListing[];
}

type Commit = Extract<Base, { kind: 'commit' }>;

interface Pair {
  readonly before: DiffState;
  readonly after: DiffState;
}

/** What manifests mean against those of the commit that the branch left the main branch at. */
export async function changeOfManifests(
  io: Io,
  paths: readonly string[],
  flags: CheckFlags,
  project: Settings,
): Promise<Changed> {
  const base = mergeBase(io.cwd, flags.base);
  if (base.kind === 'none') return skipped(base.reason);
  if (!paths.every((path) => existsSync(resolve(io.cwd, path)))) {
    return skipped('what a change means is told for files and folders');
  }
  const old = paths.filter((path) => isInRevision(base.id, path, io.cwd));
  if (old.length === 0) return skipped(`all of it is new since ${base.text}`);
  const before = await readSources(
    old.map((path) => inRevision(base, path)),
    io,
  );
  const after = await readSources(paths, io);
  return judgedChange(io, base, [{ before: stateOf(before), after: stateOf(after) }], flags, project);
}

/**
 * What the app means against the output that was committed then. The pods are those that the app knows now, on both sides: what they were
 * is not in the output.
 *
 * @param folder of the output, from the working directory
 */
export async function changeOfApp(
  io: Io,
  clusters: readonly AppCluster[],
  folder: string,
  flags: CheckFlags,
  project: Settings,
): Promise<Changed> {
  const base = mergeBase(io.cwd, flags.base);
  if (base.kind === 'none') return skipped(base.reason);
  if (!isInRevision(base.id, folder, io.cwd)) return skipped(`all of it is new since ${base.text}`);
  const present = foldersInRevision(base.id, folder, io.cwd);
  const known = new Set(clusters.flatMap(({ environments }) => environments));
  // An environment that is gone is no cluster's any more: it is told with the first.
  const gone = present.filter((environment) => !known.has(environment));
  const pairs: Pair[] = [];
  for (const [i, app] of clusters.entries()) {
    const own = present.filter((environment) => app.environments.includes(environment));
    const words = [...own, ...(i === 0 ? gone : [])].map((name) => inRevision(base, `${folder}/${name}`));
    const before = words.length > 0 ? await readSources(words, io) : nothing;
    const after = stateOfApp({ app, prefix: '', folder }, undefined);
    pairs.push({ before: stateOf(withPodsOf(before, app.cluster)), after: { ...after, guarantees: undefined } });
  }
  return judgedChange(io, base, pairs, flags, project);
}

/**
 * Without `diff.failOn` or `diff.budgets` in the settings the change is told, and fails nothing: to change what is allowed is what a
 * change of policies is for.
 */
async function judgedChange(
  io: Io,
  base: Commit,
  pairs: readonly Pair[],
  flags: CheckFlags,
  project: Settings,
): Promise<Changed> {
  const profile = await profileFor(io.cwd, flags.cni);
  const owners = await ownersIn(io.cwd);
  const { failOn, budgets } = project.config.diff ?? {};
  const asked = failOn || budgets ? {} : { failOn: ['none'] as const };
  const commits = { from: base.id, to: 'HEAD' };
  const listings: DiffListing[] = [];
  for (const { before, after } of pairs) {
    const guarantees = { before: before.guarantees, after: after.guarantees };
    const listing = listDiff(before.cluster, after.cluster, profile, { owners, guarantees });
    listings.push(await judged(listing, { ...asked, output: 'txt' }, io.cwd, commits));
  }
  return { step: changeStep(listings, base.text, failOn || budgets ? 'gated' : 'told'), listings };
}

function skipped(reason: string): Changed {
  return { step: skippedChange(reason), listings: [] };
}

function inRevision(base: Commit, path: string): string {
  return `${base.id.slice(0, 12)}:./${path}`;
}

function stateOf(cluster: Cluster): DiffState {
  return { cluster, guarantees: undefined };
}

const nothing: Cluster = {
  namespaces: [],
  workloads: [],
  services: [],
  exposures: [],
  policies: [],
  unread: [],
  skipped: new Map(),
};

/** With the pods and labels that are known now of the namespaces that were there. */
function withPodsOf(before: Cluster, now: Cluster): Cluster {
  const given = new Map(now.namespaces.map((namespace) => [namespace.name, namespace]));
  const namespaces = before.namespaces.map((own) => (own.source === 'given' ? own : (given.get(own.name) ?? own)));
  const names = new Set(namespaces.map(({ name }) => name));
  return { ...before, namespaces, workloads: now.workloads.filter(({ namespace }) => names.has(namespace)) };
}
