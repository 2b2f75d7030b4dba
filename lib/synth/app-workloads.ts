import { amongWorkloads } from '../analysis/among-workloads';
import { sharedPodsHint } from '../analysis/check/shared-pods';
import { isOwnedFor } from '../analysis/drift/ownership';
import { groupedBy } from '../analysis/grouping';
import type { Settings } from '../config/read-settings';
import type { WorkloadsEntry } from '../config/workloads-config';
import { didYouMean } from '../constructs/did-you-mean';
import { InputError, type Issue, placeToString } from '../model/issue';
import { boxOf } from '../model/selector';
import { type RawManifests, readPlacedManifests } from '../read/raw-manifests';
import type { AppCluster } from './app-source';

type Project = Pick<Settings, 'config' | 'file' | 'prefix'>;

/** An entry of the settings, and the field that it stands in. */
interface Entry extends WorkloadsEntry {
  readonly field: string;
}

/**
 * The clusters of an app among the workloads whose manifests the setting `workloads` names, with what else these manifests hold; as they are
 * where nothing is set. Policies in them that the app itself wrote do not count: it gives them anew.
 *
 * @param cwd the folder of the settings
 * @param known `some`: the settings may name clusters that are not among these, as of another revision of the app
 * @throws InputError for manifests that cannot be read or hold no workload, clusters that there are not, and
 * workloads that two services pick, though neither says so
 */
export async function amongTheirWorkloads(
  clusters: readonly AppCluster[],
  project: Project,
  cwd: string,
  known: 'all' | 'some' = 'all',
): Promise<readonly AppCluster[]> {
  const entries = entriesOf(project);
  if (entries.length === 0) return clusters;
  if (known === 'all') refuse(entries.flatMap((entry) => clusterIssues(entry, clusters, project)));
  const environments = new Set(clusters.flatMap((cluster) => cluster.environments));
  const placed: AppCluster[] = [];
  for (const app of clusters) {
    const own = entries.filter(({ cluster = app.name }) => cluster === app.name);
    placed.push(own.length > 0 ? among(app, await read(own, environments, project, cwd)) : app);
  }
  if (known === 'all') refuse(placed.flatMap(sharedPods));
  return placed;
}

/**
 * Workloads that two services pick, which nobody said to be meant: they may do what both are allowed, and what is proved of services is of
 * pods that are of one. The app tells the same of workloads that it knows itself.
 */
function sharedPods({ services, manifests }: AppCluster): Issue[] {
  const picking = groupedBy(
    services.map((service) => ({ ...service, path: service.place.construct ?? '', pods: boxOf(service.selector) })),
    ({ namespace }) => namespace,
  );
  const issues = new Map<string, Issue>();
  for (const { kind, namespace, name, podLabels, place } of manifests?.cluster.workloads ?? []) {
    const own = (picking.get(namespace) ?? []).filter(({ pods }) => !pods.isEverything && pods.matches(podLabels));
    for (const [i, first] of own.entries()) {
      for (const second of own.slice(i + 1)) {
        const key = `${first.path} ${second.path}`;
        const isMeant = first.sharesPodsWith.includes(second.path) || second.sharesPodsWith.includes(first.path);
        if (isMeant || issues.has(key)) continue;
        const workload = `${kind} \`${namespace}/${name}\` (${placeToString(place)})`;
        const message = `services \`${first.path}\` and \`${second.path}\` both select the pods of ${workload}`;
        issues.set(key, { code: 'shared-pods', message, place: second.place, hint: sharedPodsHint });
      }
    }
  }
  return [...issues.values()];
}

/** The paths that the setting names. */
export function workloadPaths(project: Project): string[] {
  return [...new Set(entriesOf(project).map(({ path }) => path))];
}

function entriesOf({ config: { workloads = [] }, prefix }: Project): Entry[] {
  const field = `${prefix}workloads`;
  const entry = (own: string | WorkloadsEntry) => (typeof own === 'string' ? { path: own } : own);
  if (!isList(workloads)) return [{ ...entry(workloads), field }];
  return workloads.map((own, i) => ({ ...entry(own), field: `${field}[${i}]` }));
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function clusterIssues({ field, cluster }: Entry, clusters: readonly AppCluster[], { file }: Project): Issue[] {
  const names = clusters.map(({ name }) => name);
  if (cluster === undefined ? names.length < 2 : names.includes(cluster)) return [];
  const message =
    cluster === undefined
      ? `\`${field}\` does not say in which cluster its workloads are, and the app has several`
      : `\`${field}\` is about cluster \`${cluster}\`, which the app does not have`;
  const listed = `write it as \`{ path: …, cluster: … }\`, with one of ${names.map((name) => `\`${name}\``).join(', ')}`;
  const hint = (cluster === undefined ? undefined : didYouMean(cluster, names)) ?? listed;
  return [{ code: 'bad-config', message, place: { file, field }, hint }];
}

async function read(
  entries: readonly Entry[],
  environments: ReadonlySet<string>,
  { file }: Project,
  cwd: string,
): Promise<RawManifests> {
  const places = [...new Set(entries.map(({ namespace }) => namespace))].map((namespace) => {
    return { namespace, words: entries.filter((own) => own.namespace === namespace).map(({ path }) => path) };
  });
  const found = await readPlacedManifests(places, { cwd });
  // What names nothing is a mistake of the settings; what is wrong in a file is one of the file.
  refuse(
    found.issues.map((issue) => {
      const entry = entries.find(({ path }) => path === issue.place.file && unfound.has(issue.code));
      return entry ? { ...issue, place: { file, field: entry.field } } : issue;
    }),
  );
  if (found.cluster.workloads.length === 0) {
    const message = `${entries.map(({ path }) => `\`${path}\``).join(', ')} holds no workload`;
    const hint = 'name the manifests of Deployments, StatefulSets, Pods and the like';
    refuse([{ code: 'bad-config', message, place: { file, field: entries[0]!.field }, hint }]);
  }
  const policies = found.cluster.policies.filter((policy) => !isOwnedFor(policy, environments));
  const kept = new Set<unknown>(policies.map(({ place }) => place));
  const left = new Set<unknown>(found.cluster.policies.map(({ place }) => place).filter((place) => !kept.has(place)));
  return {
    ...found,
    cluster: { ...found.cluster, policies },
    objects: found.objects.filter(({ place }) => !left.has(place)),
  };
}

const unfound: ReadonlySet<string> = new Set(['unreadable', 'bad-source']);

function among(app: AppCluster, manifests: RawManifests): AppCluster {
  return { ...app, cluster: amongWorkloads(app.cluster, manifests.cluster), manifests };
}

function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new InputError(issues);
}
