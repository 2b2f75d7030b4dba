import { relative, resolve, sep } from 'node:path';
import type { DiffState } from '../../analysis/diff/diff';
import { constructOf } from '../../analysis/drift/ownership';
import type { Settings } from '../../config/read-settings';
import { type HandedIntent, type Handover, proofVariable, sourceVariable } from '../../constructs/handed-over';
import { causingIntents } from '../../lint/causing-intents';
import { type Cluster, type PlacedWorkload, workloadToString } from '../../model/cluster';
import { badUsage, type InputError, type Place } from '../../model/issue';
import type { DocumentPlace, Policy, Rule } from '../../model/policy';
import { readAsOf } from '../../read/as-of';
import { type AppCluster, clustersOfApp } from '../../synth/app-source';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { readConfig } from '../../synth/config';
import { environmentsIn, isAppliedIn, isManifest, readOutputFolder } from '../../synth/output-folder';
import { runApp } from '../../synth/run-app';
import { type Io, isWatched } from '../io';
import { readSources } from '../options/sources';

/** An app in one of its clusters. */
export interface AppSide {
  readonly app: AppCluster;
  /** Goes before the files that it names, which are relative to the app's folder. */
  readonly prefix: string;
  /** Of its output, from there. */
  readonly folder: string;
  /** What others keep in the output folder: it is applied with what the app gives. */
  readonly foreign?: Cluster | undefined;
}

/** An app as it was run. */
export interface RanApp {
  readonly handovers: readonly Handover[];
  /** One for each cluster, or for the one that was asked for. */
  readonly sides: readonly AppSide[];
  /** Of all clusters. */
  readonly environments: readonly string[];
  /** As its settings name it. */
  readonly name: string | undefined;
}

/**
 * Runs the app of a folder.
 * @param prefix goes before the files that it names
 * @param asked one of its clusters
 * @param project whose workloads it is to be among. @default its services alone
 * @throws InputError with every mistake of the app, and for a cluster that it does not have
 */
export async function runAppIn(
  io: Io,
  cwd: string,
  prefix: string,
  asked: string | undefined,
  project?: Settings,
): Promise<RanApp> {
  const { app: command, out, name } = await readConfig(cwd, {});
  if (isWatched(io)) io.stderr.write(`running ${command}\n`);
  // All that is compared by one day: access that ends in between is not what was changed.
  const asOf = readAsOf(undefined, io.env, io.cwd)?.day;
  const env = { ...io.env, [sourceVariable]: 'asked', [proofVariable]: 'off' };
  const print = (text: string) => void io.stderr.write(text);
  const handovers = await runApp({
    command,
    cwd,
    env,
    signal: io.signal,
    print,
    ...(asOf === undefined ? {} : { asOf }),
  });
  const ran = clustersOfApp(handovers);
  const clusters = project ? await amongTheirWorkloads(ran, project, cwd) : ran;
  const fitting = clusters.filter(({ name }) => asked === undefined || name === asked);
  if (fitting.length === 0)
    throw noCluster(
      `the app has no cluster \`${asked}\``,
      clusters.map(({ name }) => name),
    );
  const folder = relative(cwd, out).split(sep).join('/');
  const environments = clusters.flatMap((cluster) => cluster.environments);
  return { handovers, sides: await sidesOf(io, fitting, environments, { cwd, prefix, folder }), environments, name };
}

/**
 * An app in its clusters, with what others keep in its output folder.
 * @param environments of all its clusters
 * @param place `cwd` is the app's folder
 * @throws InputError for what of others cannot be read
 */
export async function sidesOf(
  io: Io,
  clusters: readonly AppCluster[],
  environments: readonly string[],
  { cwd, prefix, folder }: { readonly cwd: string } & Pick<AppSide, 'prefix' | 'folder'>,
): Promise<AppSide[]> {
  const { owned, foreign } = readOutputFolder(resolve(cwd, folder));
  const others = new Set(foreign.filter(isManifest).map((path) => `${folder}/${path}`));
  const all = new Set([...environmentsIn(owned.keys()), ...environments]);
  const sides: AppSide[] = [];
  for (const app of clusters) {
    const isApplied = isAppliedIn(app.environments, all);
    const only = (file: string) => isApplied(file.slice(folder.length + 1));
    // Together with ours: an object that is given twice is a mistake.
    const read = others.size > 0 ? await readSources([folder], { ...io, cwd }, {}, 'allowed', only) : undefined;
    sides.push({ app, prefix, folder, foreign: read && onlyOf(read, others) });
  }
  return sides;
}

function onlyOf(cluster: Cluster, files: ReadonlySet<string>): Cluster {
  const own = <T extends { readonly place: Place }>(all: readonly T[]) =>
    all.filter(({ place }) => place.file !== undefined && files.has(place.file));
  const [services, exposures] = [own(cluster.services), own(cluster.exposures)];
  const [policies, unread] = [own(cluster.policies), own(cluster.unread)];
  const named = new Set([...services, ...exposures, ...policies, ...unread].map(({ namespace }) => namespace));
  const namespaces = cluster.namespaces.filter(({ name }) => named.has(name));
  return { ...nothing.cluster, namespaces, services, exposures, policies, unread };
}

/** Where there is nothing yet, or no longer. */
export const nothing: DiffState = {
  cluster: { namespaces: [], workloads: [], services: [], exposures: [], policies: [], unread: [], skipped: new Map() },
  guarantees: undefined,
};

/** @throws InputError unless there is just one */
export function onlyCluster(sides: readonly AppSide[]): AppSide {
  const [only, ...others] = sides;
  if (only && others.length === 0) return only;
  throw noCluster(
    'the app has several clusters',
    sides.map(({ app }) => app.name),
  );
}

function noCluster(message: string, names: readonly string[]): InputError {
  return badUsage(message, `name one with \`--app-cluster\`: ${names.join(', ')}`);
}

/**
 * An app before and after. Pods that stand in for those of a service on one side alone, since manifests tell of them on the other, are left out:
 * manifests have changed, or the labels that it picks them by, and no connection was opened or closed by that.
 */
export function statesOfApps(before: AppSide, after: AppSide): readonly [DiffState, DiffState] {
  // Of the intents of a rule, the line of one that the other side does not have.
  const state = (own: AppSide, { app: other }: AppSide) => {
    const there = new Set(other.cluster.workloads);
    const told = new Set([...other.standIns].filter((pods) => !there.has(pods)).map(workloadToString));
    const isLeft = (pods: PlacedWorkload) => !own.app.standIns.has(pods) || !told.has(workloadToString(pods));
    const workloads = own.app.cluster.workloads.filter(isLeft);
    return stateOfApp({ ...own, app: { ...own.app, cluster: { ...own.app.cluster, workloads } } }, other.intents);
  };
  return [state(before, after), state(after, before)];
}

/** An app as a state. @param others intents of the other one; undefined where they are not known */
export function stateOfApp(side: AppSide, others: readonly HandedIntent[] | undefined): DiffState {
  const { app, prefix, foreign = nothing.cluster } = side;
  const known = others && new Set(others.map(intentKey));
  const written = new Set(app.written.cluster.policies);
  const inCode = <T extends { readonly place?: Place }>(own: T): T =>
    own.place ? { ...own, place: under(prefix, own.place) } : own;
  const named = new Set(app.cluster.namespaces.map(({ name }) => name));
  const namespaces = [...app.cluster.namespaces, ...foreign.namespaces.filter(({ name }) => !named.has(name))];
  return {
    cluster: {
      ...app.cluster,
      namespaces: namespaces.map(inCode).sort((a, b) => (a.name < b.name ? -1 : 1)),
      workloads: app.cluster.workloads.map(inCode),
      services: [...app.cluster.services, ...foreign.services.map(inCode)],
      exposures: [...app.cluster.exposures, ...foreign.exposures.map(inCode)],
      policies: [
        ...app.cluster.policies.map((policy) =>
          written.has(policy) ? declared(policy, side, known) : placed(policy, prefix),
        ),
        ...foreign.policies.map((policy) => placed(policy, prefix)),
      ],
      unread: [...app.cluster.unread, ...foreign.unread.map(inCode)],
    },
    guarantees: app.guarantees?.map(({ path, text, at }) => ({
      path,
      text,
      place: at ? under(prefix, at) : {},
    })),
  };
}

function intentKey({ caller, callee, openings }: HandedIntent): string {
  return JSON.stringify([caller, callee, openings]);
}

/** A place in the app's folder, as the user knows it. */
function under(prefix: string, place: Place): Place {
  return place.file === undefined || prefix === '' ? place : { ...place, file: prefix + place.file };
}

/** The policy with its files as the user knows them. */
function placed(policy: Policy, prefix: string): Policy {
  if (prefix === '') return policy;
  const named = (place: Place) => under(prefix, place);
  const { place } = policy;
  const copy: Policy & { rules: Rule[] } = {
    ...policy,
    place: { ...named(place), at: (field) => named(place.at(field)) },
    rules: [],
  };
  for (const rule of policy.rules) copy.rules.push({ ...rule, policy: copy, place: named(rule.place) });
  return copy;
}

/** The policy with the lines of the code that declare it, and its rules with those of their intents. */
function declared(policy: Policy, { app, prefix, folder }: AppSide, known: ReadonlySet<string> | undefined): Policy {
  const { file, line } = policy.place;
  const written = under(`${prefix}${folder}/`, { ...(file === undefined ? {} : { file }), line });
  const inCode = (at: HandedIntent['at']): Place | undefined => at && under(prefix, at);
  const construct = constructOf(policy);
  const own = inCode(construct === '' ? undefined : app.lineOf(construct)) ?? written;
  const place: DocumentPlace = { ...own, at: () => own };
  const copy: Policy & { rules: Rule[] } = { ...policy, place, rules: [] };
  for (const rule of policy.rules) {
    const intents = app.intentsOf(rule);
    const { direction, peers, ports } = rule;
    const causing = causingIntents(intents, { direction, service: construct || undefined, peers, ports });
    // Of several, which one is new is not known: then the line of the service is right, and that of any of them may not be.
    const intent = known
      ? (intents.find((i) => !known.has(intentKey(i))) ?? intents[0])
      : causing.length === 1
        ? causing[0]
        : undefined;
    copy.rules.push({ ...rule, policy: copy, place: inCode(intent?.at) ?? own });
  }
  return copy;
}
