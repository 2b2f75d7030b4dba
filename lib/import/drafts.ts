import type { Cluster, PlacedWorkload } from '../model/cluster';
import { namespacesOf, podsOf } from '../model/pod-box';
import type { Direction, Policy } from '../model/policy';
import { boxOf, namespaceNameKey } from '../model/selector';
import { stableLabels } from '../model/volatile-labels';
import { LabelBox } from '../sets/label-box';
import { SupersetIndex } from '../sets/superset-index';
import type { Subject } from './subjects';

/** Pods of one selector that are to be a service. */
export interface ServiceDraft {
  readonly namespace: string;
  readonly pods: LabelBox;
  readonly subject: Subject | undefined;
  readonly workloads: PlacedWorkload[];
}

export interface NamespaceDraft {
  readonly name: string;
  /** The directions in which every pod of it is isolated. */
  readonly denied: ReadonlySet<Direction>;
  /** By the text of their selectors. */
  readonly services: Map<string, ServiceDraft>;
}

/** The services of the namespaces that have policies: pods that policies isolate or name as peers, and workloads. */
export function draftsOf(cluster: Cluster, subjects: readonly Subject[]): Map<string, NamespaceDraft> {
  const drafts = new Map<string, NamespaceDraft>();
  for (const name of [...new Set(cluster.policies.map(({ namespace }) => namespace))].sort()) {
    const everyPod = subjects.find((subject) => subject.namespace === name && subject.pods.isEverything);
    drafts.set(name, { name, denied: everyPod?.isolates ?? new Set(), services: new Map() });
  }
  const bySelector = new Map(subjects.map((subject) => [`${subject.namespace} ${subject.pods}`, subject] as const));
  const add = (namespace: NamespaceDraft, pods: LabelBox) => {
    const key = pods.toString();
    let draft = namespace.services.get(key);
    if (!draft) {
      draft = { namespace: namespace.name, pods, subject: bySelector.get(`${namespace.name} ${key}`), workloads: [] };
      namespace.services.set(key, draft);
    }
    return draft;
  };
  for (const subject of subjects) {
    const namespace = drafts.get(subject.namespace)!;
    const opens = subject.openings.ingress.length + subject.openings.egress.length > 0;
    // What the default deny isolates anyway needs no service.
    if (opens || [...subject.isolates].some((direction) => !namespace.denied.has(direction))) {
      add(namespace, subject.pods);
    }
    for (const direction of ['ingress', 'egress'] as const) {
      for (const { peer } of subject.openings[direction]) {
        if (peer.kind !== 'pods') continue;
        const name = managedName(namespacesOf(peer.box), drafts);
        const pods = podsOf(peer.box);
        // Every pod of a namespace may be a caller as that namespace; to be a callee it has to be a service.
        if (name !== undefined && (!pods.isEverything || direction === 'egress')) add(drafts.get(name)!, pods);
      }
    }
  }
  addWorkloads(cluster.workloads, drafts, add);
  return drafts;
}

/** Of a cluster without policies: each namespace that has workloads denies everything, and each workload is a service. */
export function draftsOfWorkloads(cluster: Cluster): Map<string, NamespaceDraft> {
  // Those run the cluster itself, and are nothing to close without knowing why.
  const own = cluster.workloads.filter(({ namespace }) => !namespace.startsWith('kube-'));
  const names = [...new Set(own.map(({ namespace }) => namespace))].sort();
  const denied: ReadonlySet<Direction> = new Set(['ingress', 'egress']);
  const drafts = new Map(names.map((name) => [name, { name, denied, services: new Map() } as NamespaceDraft] as const));
  addWorkloads(cluster.workloads, drafts, (namespace, pods) => {
    const draft = { namespace: namespace.name, pods, subject: undefined, workloads: [] };
    namespace.services.set(pods.toString(), draft);
    return draft;
  });
  return drafts;
}

/** The namespace of the app that a selector names, and nothing but names. */
export function managedName(namespaces: LabelBox, drafts: { has(name: string): boolean }): string | undefined {
  const [name, ...more] = namespaces.valuesOf(namespaceNameKey) ?? [];
  return name !== undefined && more.length === 0 && drafts.has(name) ? name : undefined;
}

/** Workloads are services: the one that has their selector, else the narrowest that has their pods alone, else one of their own. */
function addWorkloads(
  workloads: readonly PlacedWorkload[],
  drafts: ReadonlyMap<string, NamespaceDraft>,
  add: (namespace: NamespaceDraft, pods: LabelBox) => ServiceDraft,
): void {
  const byNamespace = new Map<NamespaceDraft, PlacedWorkload[]>();
  for (const workload of workloads) {
    const namespace = drafts.get(workload.namespace);
    if (!namespace || isUnlabelled(workload)) continue;
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), workload]);
  }
  for (const [namespace, own] of byNamespace) {
    const given = [...namespace.services.values()].filter(({ pods }) => !pods.isEverything);
    const index = new SupersetIndex(given.map((draft) => [draft.pods, draft] as const));
    const selecting = new Map(own.map((workload) => [workload, index.matching(workload.podLabels)] as const));
    const shared = sharingSelectors(own);
    const counts = new Map<ServiceDraft, number>();
    for (const found of selecting.values()) for (const draft of found) counts.set(draft, (counts.get(draft) ?? 0) + 1);
    for (const [workload, found] of selecting) {
      const pods = podsOfWorkload(workload, shared);
      const alone = found.filter((draft) => counts.get(draft) === 1);
      const narrowest = alone.sort((a, b) => b.pods.keys.length - a.pods.keys.length || byText(a.pods, b.pods))[0];
      const draft = namespace.services.get(pods.toString()) ?? narrowest ?? add(namespace, pods);
      draft.workloads.push(workload);
    }
  }
}

/** Pods without labels can be named by nobody. */
function isUnlabelled({ selector }: PlacedWorkload): boolean {
  return boxOf(selector).isEverything;
}

/** Workloads of the namespaces that no service can be made of. */
export function unlabelledIn({ workloads }: Cluster, namespaces: ReadonlySet<string>): string[] {
  return workloads
    .filter((workload) => namespaces.has(workload.namespace) && isUnlabelled(workload))
    .map(
      ({ kind, namespace, name }) =>
        `${kind} ${namespace}/${name}: its pods carry no labels, so that no policy can name them; give its pod template some, as \`app.kubernetes.io/name: ${name}\``,
    );
}

/** The workloads whose selector picks the pods of another one too: controllers tell them apart by owner, which policies cannot. */
function sharingSelectors(workloads: readonly PlacedWorkload[]): ReadonlySet<PlacedWorkload> {
  const index = new SupersetIndex(workloads.map((workload) => [boxOf(workload.selector), workload] as const));
  const shared = new Set<PlacedWorkload>();
  for (const workload of workloads) {
    for (const other of index.matching(workload.podLabels)) if (other !== workload) shared.add(other).add(workload);
  }
  return shared;
}

/** By all labels that stay from release to release, where the selector alone does not tell its pods from those of others. */
function podsOfWorkload(workload: PlacedWorkload, shared: ReadonlySet<PlacedWorkload>): LabelBox {
  return shared.has(workload) ? LabelBox.ofLabels(stableLabels(workload.podLabels)) : boxOf(workload.selector);
}

function byText(a: LabelBox, b: LabelBox): number {
  return a.toString() < b.toString() ? -1 : 1;
}

/** Policies of a service that tierwall may have written. */
export function policiesOf({ subject }: ServiceDraft): readonly Policy[] {
  return subject?.policies ?? [];
}
