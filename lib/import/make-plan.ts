import type { Cluster } from '../model/cluster';
import { namespaceNameKey } from '../model/selector';
import type { LabelBox } from '../sets/label-box';
import { SupersetIndex } from '../sets/superset-index';
import { dnsOf } from './dns';
import { draftsOf, type NamespaceDraft, type ServiceDraft } from './drafts';
import { isolationOf, namespaceIsolation } from './isolation';
import { freeName, nameOf } from './names';
import type { AppPlan, NamespacePlan, RawPlan, ServicePlan, StatementPlan } from './plan';
import { rawPlans } from './raw-policies';
import type { ImportInput } from './reading';
import { Reasons } from './reasons';
import { askedPorts, relationsOf } from './relations';
import { serviceNames, writtenTier } from './service-names';
import { declaredPorts } from './service-ports';
import { statementsOf } from './statements';
import { subjectsOf } from './subjects';

/** What labels say that a person would call the tier of pods. */
const tierKeys = ['tierwall.dev/tier', 'tier', 'app.kubernetes.io/tier', 'layer'];
const teamKeys = ['tierwall.dev/team', 'team', 'app.kubernetes.io/team', 'owner-team'];
const defaultNameKey = 'app.kubernetes.io/name';

/** An app that means what policies mean, with services of the workloads beside them. @param environment its name, unless tierwall wrote the policies */
export function planOf({ cluster, objects }: ImportInput, environment: string): AppPlan {
  const managed = new Set(cluster.policies.map(({ namespace }) => namespace));
  const reasons = new Reasons(objects);
  const { subjects, raw } = subjectsOf(cluster.policies, managed);
  const drafts = draftsOf(cluster, subjects);
  const dns = dnsOf(subjects);
  const relations = relationsOf(subjects, drafts, dns);
  const services = servicePlans(cluster, drafts, reasons, askedPorts(relations));
  const plan = planWith(cluster, drafts, services, environmentOf(cluster, reasons) ?? environment, dns.dns);
  const statements = statementsOf(relations, { drafts, services, reasons });
  return completed(plan, statements, rawPlans(raw, objects, reasons));
}

/** Statements and raw policies where they belong. */
export function completed(
  plan: AppPlan,
  statements: readonly StatementPlan[],
  raw: ReadonlyMap<string, readonly Omit<RawPlan, 'name'>[]> = new Map(),
): AppPlan {
  const byNamespace = new Map<string, StatementPlan[]>();
  for (const statement of statements) {
    const { namespace } = statement.subject;
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), statement]);
  }
  const namespaces = plan.namespaces.map((namespace): NamespacePlan => {
    const taken = new Set([...namespace.services.map(({ name }) => name), ...namespace.tiers, 'default-deny']);
    const rawPolicies = (raw.get(namespace.name) ?? []).map((policy) => {
      const name = freeName(nameOf(policy.policy), taken);
      taken.add(name);
      return { ...policy, name };
    });
    return { ...namespace, statements: byNamespace.get(namespace.name) ?? [], rawPolicies };
  });
  return { ...plan, namespaces };
}

/** Everything but statements and raw policies. */
export function planWith(
  cluster: Cluster,
  drafts: ReadonlyMap<string, NamespaceDraft>,
  services: ReadonlyMap<ServiceDraft, ServicePlan>,
  environment: string,
  dns: AppPlan['environment']['dns'],
): AppPlan {
  const all = [...services.values()];
  const nameKey = commonNameKey(all);
  const teamKey = teamKeys.find((key) =>
    cluster.namespaces.some(({ name, labels }) => drafts.has(name) && labels[key]),
  );
  const asked = new Set(
    cluster.policies.flatMap(({ rules }) =>
      rules.flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === 'pods' ? peer.namespaces.keys : []))),
    ),
  );
  const selectable = new Set([...asked].filter((key) => key !== namespaceNameKey && key !== teamKey));
  const namespaces = [...drafts.values()].map((namespace): NamespacePlan => {
    const { labels = {} } = cluster.namespaces.find(({ name }) => name === namespace.name) ?? {};
    const own = [...namespace.services.values()].map((draft) => services.get(draft)!);
    return {
      name: namespace.name,
      isolates: namespaceIsolation(namespace),
      unnamedPods: namespace.denied.size > 0 ? 'denied' : 'open',
      team: teamKey === undefined ? undefined : labels[teamKey],
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => selectable.has(key))),
      tiers: [...new Set(own.flatMap(({ tier }) => tier ?? []))].sort(),
      services: inOrder(own),
      statements: [],
      rawPolicies: [],
    };
  });
  return {
    environment: {
      name: environment,
      dns,
      nameKey: nameKey === defaultNameKey ? undefined : nameKey,
      teamKey: teamKey === 'tierwall.dev/team' ? undefined : teamKey,
    },
    namespaces,
  };
}

/** The services of all drafts, with names, ports and whom they share pods with. */
export function servicePlans(
  cluster: Cluster,
  drafts: ReadonlyMap<string, NamespaceDraft>,
  reasons: Reasons,
  asked: ReadonlyMap<ServiceDraft, Parameters<typeof declaredPorts>[1]>,
): Map<ServiceDraft, ServicePlan> {
  const plans = new Map<ServiceDraft, ServicePlan>();
  for (const namespace of drafts.values()) {
    const names = serviceNames(namespace, reasons);
    const taken = new Set(names.values());
    const usual = namespaceIsolation(namespace);
    const sharing = sharingIn(names);
    for (const [draft, name] of [...names].sort(([, a], [, b]) => (a < b ? -1 : 1))) {
      const isolates = isolationOf(draft, namespace);
      const [workload] = draft.workloads;
      plans.set(draft, {
        name,
        namespace: namespace.name,
        tier: tierOf(draft, reasons, taken),
        pods: draft.pods,
        isolates: isolates === usual ? undefined : isolates,
        ports: declaredPorts(draft.workloads, asked.get(draft) ?? [], cluster.services),
        sharesPodsWith: draft.pods.isEverything ? [] : sharing(draft),
        workload: workload && `${workload.kind} ${workload.name}`,
      });
    }
  }
  return plans;
}

/** Who picks all pods of another service shares them with it. */
function sharingIn(names: ReadonlyMap<ServiceDraft, string>): (draft: ServiceDraft) => string[] {
  const some = [...names.keys()].filter(({ pods }) => !pods.isEverything);
  const index = new SupersetIndex(some.map((draft) => [draft.pods, draft] as const));
  return (draft) =>
    index
      .supersetsOf(draft.pods)
      .flatMap((other) => (other === draft ? [] : names.get(other)!))
      .sort();
}

function tierOf(draft: ServiceDraft, reasons: Reasons, taken: ReadonlySet<string>): string | undefined {
  const written = writtenTier(draft, reasons);
  if (written !== undefined) return written;
  const [workload] = draft.workloads;
  for (const key of tierKeys) {
    const value = draft.pods.valuesOf(key)?.[0] ?? workload?.podLabels[key];
    if (value && nameOf(value) === value && !taken.has(value)) return value;
  }
  return undefined;
}

/** By name, but those whose pods another one shares before it. */
function inOrder(services: readonly ServicePlan[]): ServicePlan[] {
  const byName = new Map(services.map((service) => [service.name, service] as const));
  const ordered = new Set<ServicePlan>();
  const add = (service: ServicePlan) => {
    if (ordered.has(service)) return;
    for (const name of service.sharesPodsWith) add(byName.get(name)!);
    ordered.add(service);
  };
  [...services].sort((a, b) => (a.name < b.name ? -1 : 1)).forEach(add);
  return [...ordered];
}

/** Keys by which people name what runs in a pod. */
const nameKeys = [defaultNameKey, 'app', 'k8s-app', 'name', 'run', 'service', 'component', 'pod'];

/** The label that most services' pods are picked by, its value being the service's name. */
function commonNameKey(services: readonly ServicePlan[]): string {
  const counts = new Map<string, number>(nameKeys.map((key) => [key, 0]));
  for (const { pods, name } of services) {
    const key = onlyKey(pods);
    const count = key === undefined ? undefined : counts.get(key);
    if (count !== undefined && pods.valuesOf(key!)?.[0] === name) counts.set(key!, count + 1);
  }
  return nameKeys.reduce((best, key) => (counts.get(key)! > counts.get(best)! ? key : best));
}

function onlyKey(pods: LabelBox): string | undefined {
  const [key, ...more] = pods.keys;
  return more.length === 0 && key !== undefined && pods.valuesOf(key)?.length === 1 ? key : undefined;
}

/** The environment for which tierwall wrote the policies. */
function environmentOf({ policies }: Cluster, reasons: Reasons): string | undefined {
  for (const policy of policies) {
    const name = reasons.writtenOf(policy)?.path[0];
    if (name !== undefined && nameOf(name) === name) return name;
  }
  return undefined;
}
