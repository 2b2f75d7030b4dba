import { rmSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { amongWorkloads } from '../analysis/among-workloads';
import { isOwnedFor } from '../analysis/drift/ownership';
import { groupedBy } from '../analysis/grouping';
import type { Settings } from '../config/read-settings';
import { settingPlace } from '../config/setting-place';
import { type PlacedEntry, workloadsEntries } from '../config/workloads-entries';
import { didYouMean } from '../constructs/did-you-mean';
import type { Cluster } from '../model/cluster';
import { InputError, type Issue, type Place } from '../model/issue';
import type { Policy } from '../model/policy';
import { pathInRevision, revisionWord } from '../read/git-range';
import { type PlacedSources, type RawManifests, readPlacedManifests } from '../read/raw-manifests';
import { notKeptByGit, wordsInRevision } from '../read/revision-sources';
import type { AppCluster } from './app-source';
import { defaultOut } from './config';
import { sharedWorkloads } from './shared-workloads';
import { temporaryFolder } from './temporary-folder';

type Project = Pick<Settings, 'config' | 'file' | 'prefix'>;

/**
 * The clusters of an app among the workloads whose manifests the setting `workloads` names, with what else these manifests hold; as they are
 * where nothing is set. Policies that the app itself wrote to its output folder do not count: it gives them anew.
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
  if (known === 'all') refuse(entries.flatMap((entry) => clusterIssues(entry, clusters, project, cwd)));
  const environments = new Set(clusters.flatMap((cluster) => cluster.environments));
  const placed: AppCluster[] = [];
  for (const app of clusters) {
    const own = entries.filter(({ cluster = app.name }) => cluster === app.name);
    placed.push(own.length > 0 ? await among(app, new Manifests(own, environments, project, cwd)) : app);
  }
  if (known === 'all') refuse(placed.flatMap(sharedWorkloads));
  return placed;
}

function clusterIssues(
  { field, cluster }: PlacedEntry,
  clusters: readonly AppCluster[],
  { file }: Project,
  cwd: string,
): Issue[] {
  const names = clusters.map(({ name }) => name);
  if (cluster === undefined ? names.length < 2 : names.includes(cluster)) return [];
  const message =
    cluster === undefined
      ? `\`${field}\` does not say in which cluster its workloads are, and the app has several`
      : `\`${field}\` is about cluster \`${cluster}\`, which the app does not have`;
  const listed = `write it as \`{ path: …, cluster: … }\`, with one of ${names.map((name) => `\`${name}\``).join(', ')}`;
  const hint = (cluster === undefined ? undefined : didYouMean(cluster, names)) ?? listed;
  return [{ code: 'bad-config', message, place: settingPlace(cwd, file, field), hint }];
}

const unfound: ReadonlySet<string> = new Set(['unreadable', 'bad-source']);

/** The manifests that entries of the setting name, without what the app itself wrote of them. */
class Manifests {
  constructor(
    private readonly entries: readonly PlacedEntry[],
    private readonly environments: ReadonlySet<string>,
    private readonly project: Project,
    private readonly cwd: string,
  ) {}

  /** As they are now. @throws InputError for what cannot be read, and where no workload is among them */
  async now(): Promise<RawManifests> {
    const { entries, cwd } = this;
    const { file } = this.project;
    const found = await readPlacedManifests(
      this.places((path) => [path]),
      { cwd },
    );
    // What names nothing is a mistake of the settings; what is wrong in a file is one of the file.
    refuse(
      found.issues.map((issue) => {
        const entry = entries.find(({ path }) => path === issue.place.file && unfound.has(issue.code));
        return entry ? { ...issue, place: settingPlace(cwd, file, entry.field) } : issue;
      }),
    );
    if (found.cluster.workloads.length === 0) {
      const message = `${entries.map(({ path }) => `\`${path}\``).join(', ')} holds no workload`;
      const hint = 'name the manifests of Deployments, StatefulSets, Pods and the like';
      refuse([{ code: 'bad-config', message, place: settingPlace(cwd, file, entries[0]!.field), hint }]);
    }
    const out = `${resolve(cwd, this.out)}${sep}`;
    return this.ofOthers(found, (file) => resolve(cwd, file).startsWith(out));
  }

  /** As they count in a commit; what of them cannot be read there was not there. What git does not keep is taken for the same at all times. */
  async of(commit: string, { cluster: now }: RawManifests): Promise<Cluster> {
    const { cwd } = this;
    const scratch = temporaryFolder('revision');
    try {
      const places = this.places((path) => wordsInRevision(commit, path, cwd, scratch));
      const found = await readPlacedManifests(places, { cwd, empty: 'allowed' });
      const out = `${revisionWord(commit, pathInRevision(this.out, cwd), cwd)}/`;
      const { cluster: old } = this.ofOthers(found, (file) => file.startsWith(out));
      const all = [...now.services, ...now.exposures, ...now.policies, ...now.unread];
      const always = notKeptByGit([...new Set(all.flatMap(({ place }) => place.file ?? []))], cwd);
      const then = <T extends { readonly place: Place }>(was: readonly T[], is: readonly T[]): T[] => [
        ...was,
        ...is.filter(({ place }) => place.file === undefined || always.has(place.file)),
      ];
      const names = new Set(now.namespaces.map(({ name }) => name));
      return {
        ...now,
        namespaces: [...now.namespaces, ...old.namespaces.filter(({ name }) => !names.has(name))],
        services: then(old.services, now.services),
        exposures: then(old.exposures, now.exposures),
        policies: then(old.policies, now.policies),
        unread: then(old.unread, now.unread),
      };
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  private get out(): string {
    return this.project.config.out ?? defaultOut;
  }

  private places(wordsOf: (path: string) => readonly string[]): PlacedSources[] {
    return [...groupedBy(this.entries, ({ namespace }) => namespace)].map(([namespace, own]) => {
      return { namespace, words: own.flatMap(({ path }) => wordsOf(path)) };
    });
  }

  /** Elsewhere than in the output folder a policy is no output of the app, whatever its labels say. */
  private ofOthers(found: RawManifests, isInOutput: (file: string) => boolean): RawManifests {
    const isOutput = (policy: Policy) => isInOutput(policy.place.file ?? '') && isOwnedFor(policy, this.environments);
    const owned = new Set<unknown>(found.cluster.policies.filter(isOutput).map(({ place }) => place));
    const ofOthers = ({ place }: { readonly place: unknown }) => !owned.has(place);
    return {
      ...found,
      cluster: { ...found.cluster, policies: found.cluster.policies.filter(ofOthers) },
      objects: found.objects.filter(ofOthers),
    };
  }
}

async function among(app: AppCluster, manifests: Manifests): Promise<AppCluster> {
  const now = await manifests.now();
  return {
    ...app,
    cluster: amongWorkloads(app.cluster, now.cluster),
    manifests: now,
    manifestsOf: (commit) => manifests.of(commit, now),
  };
}

function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new InputError(issues);
}
