import type { Place } from './issue';
import type { Policy } from './policy';
import type { ServiceObject } from './service-object';
import type { Workload } from './workload';

export interface KnownNamespace {
  readonly name: string;
  /** Always with `kubernetes.io/metadata.name`. */
  readonly labels: Readonly<Record<string, string>>;
  /** `assumed`: no Namespace object was given, so that labels other than its name are not known. */
  readonly source: 'given' | 'assumed';
  readonly place?: Place;
}

/** A workload in its namespace, `default` where the manifest names none. */
export type PlacedWorkload = Workload & { readonly namespace: string };

/** What makes pods reachable from outside the cluster: evidence, not a rule. */
export interface Exposure {
  readonly kind: 'Ingress' | 'HTTPRoute' | 'Route';
  readonly namespace: string;
  readonly name: string;
  /** Kubernetes Services and their ports, by number or name; undefined: every port. */
  readonly backends: readonly {
    readonly namespace: string;
    readonly service: string;
    readonly port: number | string | undefined;
  }[];
  readonly place: Place;
}

/** A policy of a kind that is not read: whatever it could change is unknown. */
export interface UnreadPolicy {
  readonly kind: string;
  readonly name: string;
  /** The namespace whose pods it is about; undefined: it is about the whole cluster. */
  readonly namespace: string | undefined;
  /** The same for two that say the same. */
  readonly content: string;
  readonly place: Place;
}

type UnreadName = Pick<UnreadPolicy, 'kind' | 'name'> & Partial<Pick<UnreadPolicy, 'namespace'>>;

/** As in `CiliumNetworkPolicy shop/l7`. */
export function unreadToString({ kind, namespace, name }: UnreadName): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** What manifests say of a cluster: the one model that every analysis reads. */
export interface Cluster {
  /** Every namespace that an object is in or that is given itself; sorted by name. */
  readonly namespaces: readonly KnownNamespace[];
  readonly workloads: readonly PlacedWorkload[];
  readonly services: readonly (ServiceObject & { readonly namespace: string })[];
  readonly exposures: readonly Exposure[];
  readonly policies: readonly Policy[];
  readonly unread: readonly UnreadPolicy[];
  /** Objects of kinds that say nothing of the network, counted by `apiVersion` and kind, as in `apps/v1 ControllerRevision`. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** As in `shop/frontend`, as commands name a workload. */
export function workloadToString(workload: PlacedWorkload): string {
  return `${workload.namespace}/${workload.name}`;
}
