import type { DeclaredAt, HandedGuarantee, HandedIntent } from '../../constructs/handed-over';
import type { Cluster, KnownNamespace, PlacedWorkload } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { Rule } from '../../model/policy';
import { policyToString, ruleToString } from '../../model/policy';
import { type PolicyJson, placeToJson, policyFromJson, policyToJson } from '../../model/policy-json';
import { type AppFacts, Network } from '../network';

/** A network as plain data: what a test run leaves behind, so that its assertions can be judged again without it. */
export interface NetworkJson {
  readonly profile: CniProfile;
  readonly namespaces: readonly KnownNamespace[];
  readonly workloads: readonly PlacedWorkload[];
  readonly services: Cluster['services'];
  readonly unread: Cluster['unread'];
  readonly policies: readonly PolicyJson[];
  /** Of an app. */
  readonly app?: {
    readonly name: string;
    readonly clusters: readonly string[];
    readonly environments: readonly string[];
    readonly intents: readonly HandedIntent[];
    readonly guarantees: readonly HandedGuarantee[];
    /** Which intents a rule opens for, by position, by the rule's name. */
    readonly rules: Readonly<Record<string, readonly number[]>>;
    readonly lines: Readonly<Record<string, DeclaredAt>>;
    /** Of what each policy is written for, by the policy's name. */
    readonly policyLines: Readonly<Record<string, DeclaredAt>>;
  };
}

export function networkToJson({ cluster, profile, source: { app } }: Network): NetworkJson {
  const placed = <T extends { readonly place?: unknown }>(item: T) => {
    return item.place ? { ...item, place: placeToJson(item.place) } : item;
  };
  return {
    profile,
    namespaces: cluster.namespaces.map(placed),
    workloads: cluster.workloads.map(placed),
    services: cluster.services.map(placed),
    unread: cluster.unread.map(placed),
    policies: cluster.policies.map(policyToJson),
    ...(app ? { app: appToJson(app, cluster) } : {}),
  };
}

function appToJson(app: AppFacts, { policies, namespaces, workloads }: Cluster): NonNullable<NetworkJson['app']> {
  const numbers = new Map(app.intents.map((intent, i) => [intent, i] as const));
  const rules = policies.flatMap((policy) => policy.rules);
  const constructs = [...namespaces, ...workloads].flatMap(({ place }) => place?.construct ?? []);
  const paths = [...new Set([...constructs, ...app.intents.map(({ path }) => path)])];
  return {
    name: app.name,
    clusters: app.clusters,
    environments: app.environments,
    intents: app.intents,
    guarantees: app.guarantees ?? [],
    rules: Object.fromEntries(
      rules.map((rule) => [ruleToString(rule), app.intentsOf(rule).map((intent) => numbers.get(intent)!)] as const),
    ),
    policyLines: Object.fromEntries(
      policies.flatMap((policy) => {
        const at = app.lineOfPolicy(policy);
        return at ? [[policyToString(policy), at]] : [];
      }),
    ),
    lines: Object.fromEntries(paths.flatMap((path) => (app.lineOf(path) ? [[path, app.lineOf(path)!]] : []))),
  };
}

export function networkFromJson(json: NetworkJson): Network {
  const { profile, namespaces, workloads, services, unread, app } = json;
  const policies = json.policies.map(policyFromJson);
  const cluster = { namespaces, workloads, services, unread, policies, exposures: [], skipped: new Map() };
  return new Network(cluster, { cni: profile }, app ? { app: appFromJson(app) } : {});
}

function appFromJson({
  name,
  clusters,
  environments,
  intents,
  guarantees,
  rules,
  lines,
  policyLines,
}: NonNullable<NetworkJson['app']>): AppFacts {
  return {
    name,
    clusters,
    environments,
    intents,
    guarantees,
    lineOf: (path) => lines[path],
    lineOfPolicy: (policy) => policyLines[policyToString(policy)],
    intentsOf: (rule: Rule) => (rules[ruleToString(rule)] ?? []).map((i) => intents[i]!),
  };
}
