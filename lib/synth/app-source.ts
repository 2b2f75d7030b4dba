import { constructOf } from '../analysis/drift/ownership';
import {
  type DeclaredAt,
  type HandedIntent,
  type HandedPods,
  type HandedSource,
  type Handover,
  proofVariable,
  ruleKey,
  sourceVariable,
} from '../constructs/handed-over';
import type { Cluster, KnownNamespace, PlacedWorkload } from '../model/cluster';
import { InputError, type Place } from '../model/issue';
import type { Policy, Rule } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { Suppression } from '../model/suppression';
import { type RawManifests, rawManifestsOfTexts } from '../read/raw-manifests';
import { layOut } from './layout';
import { type AppRun, runApp } from './run-app';

/** What an app comes to in one cluster, in the terms in which manifests are read. */
export interface AppCluster {
  /** As the environments name it. */
  readonly name: string;
  /** The names of all clusters of the app. */
  readonly clusters: readonly string[];
  readonly environments: readonly string[];
  /**
   * The policies that are written, and the pods: those of each service under the service's name, and those of known workloads that no
   * service names. Places of policies are in the files of the GitOps layout, below its folder; those of pods in the code.
   */
  readonly cluster: Cluster;
  /** The policies as they are written. */
  readonly written: RawManifests;
  /** What else is in the cluster, where the settings name manifests of its workloads: it is in `cluster` then. */
  readonly manifests?: RawManifests;
  /** The manifests as they count in a commit: the same workloads, with the policies, Services and Ingresses that were there. */
  manifestsOf?(commit: string): Promise<Cluster>;
  /** The pods of each service, as the code declares them, with the paths of services that may pick the same ones. */
  readonly services: readonly (PlacedWorkload & {
    readonly declares: HandedPods['declares'] | undefined;
    readonly sharesPodsWith: readonly string[];
  })[];
  /** The environment of a namespace of the app. */
  environmentOf(namespace: string): string | undefined;
  /** Those pods among the workloads that stand for whichever the selector of their service picks: which there are, the code does not say. */
  readonly standIns: ReadonlySet<PlacedWorkload>;
  /** The line that declares a construct: an environment, namespace, tier, service or guarantee. */
  lineOf(path: string): DeclaredAt | undefined;
  /** The line that declares what a policy is written for: a service or a namespace. */
  lineOfPolicy(policy: Policy): DeclaredAt | undefined;
  /** All that are emitted, of every cluster of the app. */
  readonly intents: readonly HandedIntent[];
  /** The intents that a rule opens for; none for the DNS that comes with egress, and for rules of others. */
  intentsOf(rule: Rule): readonly HandedIntent[];
  /** Findings that the app accepts, of every cluster. */
  readonly suppressions: readonly Suppression[];
  /** All of the app, in words; undefined of an app whose tierwall does not tell. */
  readonly guarantees: HandedSource['guarantees'];
}

/**
 * Runs the app and reads what it comes to, unproved, cluster by cluster.
 * @throws InputError with every mistake of the app
 */
export async function runAppAsSource(run: AppRun): Promise<AppCluster[]> {
  const env = { ...run.env, [sourceVariable]: 'asked', [proofVariable]: 'off' };
  return clustersOfApp(await runApp({ ...run, env }));
}

/**
 * What the apps that were handed over with their source come to, one for each cluster, by name.
 * @throws InputError with every mistake of the apps
 */
export function clustersOfApp(handovers: readonly Handover[]): AppCluster[] {
  const issues = handovers.flatMap((handover) => handover.issues);
  if (issues.length > 0) throw new InputError(issues);
  const sources = handovers.flatMap(({ source }) => source ?? []);
  const lines = new Map(sources.flatMap((source) => Object.entries(source.lines)));
  const intents = sources.flatMap((source) => source.intents);
  const rules = new Map(
    sources.flatMap((source) =>
      Object.entries(source.rules).map(([key, own]) => [key, own.map((i) => source.intents[i]!)] as const),
    ),
  );
  const suppressions = sources.flatMap((source) =>
    source.suppressions.map(({ path, at, until, ...rest }): Suppression => {
      return { ...rest, by: 'construct', ...(until ? { until } : {}), place: { construct: path, ...at } };
    }),
  );
  const guarantees = sources.some((source) => source.guarantees === undefined)
    ? undefined
    : sources.flatMap((source) => source.guarantees ?? []);
  const lineOf = (path: string) => lines.get(path);
  const placeOf = (path: string): Place => ({ construct: path, ...lineOf(path) });
  const clusterOf = new Map(
    sources.flatMap((s) => s.environments.map(({ name, cluster }) => [name, cluster] as const)),
  );
  const files = [...layOut(handovers)].map(([file, text]) => ({ file, text }));
  const clusters = [...new Set(clusterOf.values())].sort();
  return clusters.map((name): AppCluster => {
    const environments = [...clusterOf].flatMap(([environment, cluster]) => (cluster === name ? [environment] : []));
    const isOwn = (file: string) => clusterOf.get(file.split('/')[0]!) === name;
    const written = rawManifestsOfTexts(files.filter(({ file }) => isOwn(file)));
    if (written.issues.length > 0) throw new InputError(written.issues);
    const namespaces = new Map(written.cluster.namespaces.map((namespace) => [namespace.name, namespace]));
    for (const { cluster, name: own, labels, path } of sources.flatMap((source) => source.namespaces)) {
      if (cluster === name) namespaces.set(own, knownNamespace(own, labels, placeOf(path)));
    }
    const environmentOf = new Map(
      sources.flatMap((source) =>
        source.namespaces.filter(({ cluster }) => cluster === name).map((own) => [own.name, own.environment] as const),
      ),
    );
    const pods = sources.flatMap((source) => source.pods).filter(({ cluster }) => cluster === name);
    const placed = pods.map((own) => [own, placedPods(own, placeOf)] as const);
    const those = (are: (pods: HandedPods) => boolean) => placed.flatMap(([own, there]) => (are(own) ? [there] : []));
    return {
      name,
      clusters,
      environments: environments.sort(),
      cluster: {
        ...written.cluster,
        namespaces: [...namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
        workloads: those(() => true),
        skipped: new Map(),
      },
      written,
      services: placed.flatMap(([{ path, declares, sharesPodsWith = [] }, own]) =>
        path === undefined ? [] : [{ ...own, declares, sharesPodsWith }],
      ),
      environmentOf: (namespace) => environmentOf.get(namespace),
      standIns: new Set(those(({ kind, pods = kind === 'Pod' ? 'assumed' : 'known' }) => pods === 'assumed')),
      lineOf,
      lineOfPolicy: (policy) => lineOf(constructOf(policy)),
      intents,
      suppressions,
      guarantees,
      intentsOf: (rule) => rules.get(ruleKey(rule.place.file?.split('/')[0] ?? '', rule)) ?? [],
    };
  });
}

/** The lines of the intents that a rule opens for. */
export function linesOfRules({ intentsOf }: Pick<AppCluster, 'intentsOf'>): (rule: Rule) => DeclaredAt[] {
  return (rule) => intentsOf(rule).flatMap(({ at }) => at ?? []);
}

function placedPods(
  { namespace, name, kind, labels, selector, ports, portNames = [], path, place = {} }: HandedPods,
  placeOf: (path: string) => Place,
): PlacedWorkload {
  const common = { kind, namespace, name, podLabels: labels, selector, ports, portNames };
  return { ...common, network: 'pod', addresses: [], place: path === undefined ? place : placeOf(path) };
}

function knownNamespace(name: string, labels: KnownNamespace['labels'], place: Place): KnownNamespace {
  return { name, labels: { ...labels, [namespaceNameKey]: name }, source: 'given', place };
}
