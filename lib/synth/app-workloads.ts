import { amongWorkloads } from '../analysis/among-workloads';
import { isOwnedFor } from '../analysis/drift/ownership';
import type { Settings } from '../config/read-settings';
import { type PlacedEntry, workloadsEntries } from '../config/workloads-entries';
import { didYouMean } from '../constructs/did-you-mean';
import { InputError, type Issue } from '../model/issue';
import { type RawManifests, readPlacedManifests } from '../read/raw-manifests';
import type { AppCluster } from './app-source';
import { sharedWorkloads } from './shared-workloads';

type Project = Pick<Settings, 'config' | 'file' | 'prefix'>;

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
  const entries = workloadsEntries(project);
  if (entries.length === 0) return clusters;
  if (known === 'all') refuse(entries.flatMap((entry) => clusterIssues(entry, clusters, project)));
  const environments = new Set(clusters.flatMap((cluster) => cluster.environments));
  const placed: AppCluster[] = [];
  for (const app of clusters) {
    const own = entries.filter(({ cluster = app.name }) => cluster === app.name);
    placed.push(own.length > 0 ? among(app, await read(own, environments, project, cwd)) : app);
  }
  if (known === 'all') refuse(placed.flatMap(sharedWorkloads));
  return placed;
}

function clusterIssues({ field, cluster }: PlacedEntry, clusters: readonly AppCluster[], { file }: Project): Issue[] {
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
  entries: readonly PlacedEntry[],
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
  const { policies } = found.cluster;
  const owned = new Set<unknown>(
    policies.filter((policy) => isOwnedFor(policy, environments)).map(({ place }) => place),
  );
  const ofOthers = ({ place }: { readonly place: unknown }) => !owned.has(place);
  return {
    ...found,
    cluster: { ...found.cluster, policies: policies.filter(ofOthers) },
    objects: found.objects.filter(ofOthers),
  };
}

const unfound: ReadonlySet<string> = new Set(['unreadable', 'bad-source']);

function among(app: AppCluster, manifests: RawManifests): AppCluster {
  return { ...app, cluster: amongWorkloads(app.cluster, manifests.cluster), manifests };
}

function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new InputError(issues);
}
