import { amongWorkloads } from '../../analysis/among-workloads';
import type { DiffState } from '../../analysis/diff/diff';
import type { Cluster, PlacedWorkload } from '../../model/cluster';
import { isInRevision, revisionWord } from '../../read/git-range';
import { environmentsIn, isAppliedIn } from '../../synth/output-folder';
import { writtenInRevision } from '../../synth/written-in-revision';
import type { Io } from '../io';
import { readSources } from '../options/sources';
import { type AppSide, nothing, type RanApp, stateOfApp } from './app-state';

/** Both states of one cluster, or of all that there is. */
export interface StatePair {
  /** Of an app that has several. */
  readonly cluster: string | undefined;
  readonly before: DiffState;
  readonly after: DiffState;
}

/** Committed output of an app. */
export interface CommittedOutput {
  /** As git and messages call the revision. */
  readonly revision: string;
  /** Of the output, from the working directory. */
  readonly folder: string;
}

/**
 * An app against its committed output, or two of those, cluster by cluster. The pods are those that the app knows now, on both sides: what they
 * were is not in the output.
 *
 * @param after the app itself, unless it is given
 */
export async function pairsOfCommitted(
  io: Io,
  { sides, environments, name }: Pick<RanApp, 'sides' | 'environments' | 'name'>,
  before: CommittedOutput,
  after?: CommittedOutput,
): Promise<StatePair[]> {
  const pairs: StatePair[] = [];
  for (const [i, side] of sides.entries()) {
    const read = async ({ revision, folder }: CommittedOutput): Promise<DiffState> => {
      const word = revisionWord(revision, folder, io.cwd);
      const inFolder = (file: string) => file.slice(word.length + 1);
      const written = writtenInRevision(revision, folder, io.cwd, name);
      const had = environmentsIn(written.own.map(inFolder));
      const theirs = environmentsIn(written.others.map(inFolder));
      // Of which cluster an environment was that is gone, nothing tells: it is told once.
      const gone = i === 0 ? [...had].filter((environment) => !environments.includes(environment)) : [];
      const isApplied = isAppliedIn([...side.app.environments, ...gone], new Set([...environments, ...had, ...theirs]));
      const others = new Set(written.others);
      const only = (file: string) => !others.has(file) && isApplied(inFolder(file));
      const isThere = isInRevision(revision, folder, io.cwd);
      const cluster = isThere ? await readSources([word], io, {}, 'allowed', only) : nothing.cluster;
      return { cluster: withPodsOf(cluster, side.app, await side.app.manifestsOf?.(revision)), guarantees: undefined };
    };
    pairs.push({
      cluster: sides.length > 1 ? side.app.name : undefined,
      before: await read(before),
      after: after ? await read(after) : { ...stateOfApp(side, undefined), guarantees: undefined },
    });
  }
  return pairs;
}

/** With the pods and labels that are known now of the namespaces that were there, and all that manifests tell of then; pods that moved, where they were. */
function withPodsOf(before: Cluster, { cluster: now }: AppSide['app'], manifests: Cluster | undefined): Cluster {
  const given = new Map(now.namespaces.map((namespace) => [namespace.name, namespace]));
  const namespaces = before.namespaces.map((own) => (own.source === 'given' ? own : (given.get(own.name) ?? own)));
  const names = new Set(namespaces.map(({ name }) => name));
  const placed = new Map(now.workloads.map((workload) => [workload, placedIn(before, workload, now)]));
  const workloads = [...placed.values()].filter(({ namespace }) => names.has(namespace));
  const own = { ...before, namespaces, workloads };
  if (!manifests) return own;
  const stayed = manifests.workloads.filter((workload) => placed.get(workload) === workload);
  return amongWorkloads(own, { ...manifests, workloads: stayed });
}

/** A policy that is for the workload by name is with it where it was: under the same name, for the same pods. */
function placedIn(before: Cluster, workload: PlacedWorkload, now: Cluster): PlacedWorkload {
  const isThere = ({ policies }: Cluster, name: string, namespace: string) =>
    policies.some((policy) => policy.name === name && policy.namespace === namespace);
  const were = now.policies
    .filter(
      ({ namespace, pods }) =>
        namespace === workload.namespace && !pods.isEverything && pods.matches(workload.podLabels),
    )
    .filter(({ name, namespace }) => !isThere(before, name, namespace))
    .flatMap(({ name, pods }) => before.policies.filter((old) => old.name === name && old.pods.equals(pods)))
    .filter(({ name, namespace }) => !isThere(now, name, namespace));
  const [namespace, ...others] = new Set(were.map((policy) => policy.namespace));
  return namespace === undefined || others.length > 0 ? workload : { ...workload, namespace };
}
