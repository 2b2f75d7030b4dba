import type { Exposure } from './cluster';
import type { CniProfile } from './cni-profile';
import type { Direction } from './policy';
import type { WorkloadKind } from './workload';

export interface WorkloadRef {
  /** `namespace/name`; with the kind before it where workloads of two kinds share that, as in `Job/shop/import`. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: WorkloadKind;
}

/** The same for two that are one workload. */
export function refKey({ kind, id }: Pick<WorkloadRef, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

/** Why something is unknown. */
export interface ListedReason {
  /** As in `does an ipBlock match the address of a pod?`. */
  readonly question: string;
  /** Rules and policies that decide once the question is answered, as in `shop/cart ingress[0]`: at most three of them. */
  readonly examples: readonly string[];
}

interface ListedPorts {
  /** As in `8080/TCP` and `8000-8999/TCP`; `*` is every port of every protocol, `other` those protocols that have no ports, as ICMP. */
  readonly ports: readonly string[];
  /** `unknown`: left open by the API, on ports that no other row allows. */
  readonly decision: 'allowed' | 'unknown';
  /** Empty where it is allowed. */
  readonly because: readonly ListedReason[];
}

/**
 * Each of the sources may reach each of the destinations on these ports. Rows may meet: what two workloads may say to each other is
 * what all rows with both of them hold together. A workload on both sides means its pods among each other; a row says nothing of
 * one pod and itself, which is always allowed.
 */
export interface ConnectionRow extends ListedPorts {
  readonly sources: readonly WorkloadRef[];
  readonly destinations: readonly WorkloadRef[];
}

export interface ListedAddresses {
  /** For a person, as in `any address` or `0.0.0.0/0 except 10.0.0.0/8`. */
  readonly text: string;
  /** CIDRs, or `first-last` where that is shorter; `any address` for all of both families. */
  readonly ranges: readonly string[];
}

/** Each of the workloads may be reached from each address outside the cluster (`ingress`), or may reach it (`egress`). */
export interface OutsideRow extends ListedPorts {
  readonly direction: Direction;
  readonly addresses: ListedAddresses;
  readonly workloads: readonly WorkloadRef[];
}

/** `open`: nothing isolates it, so all is allowed. `unknown`: a policy may isolate it, or a kind that is not read decides. */
export type ListedIsolation = 'open' | 'isolated' | 'unknown';

export interface ListedWorkload extends WorkloadRef {
  readonly network: 'pod' | 'host';
  readonly ingress: ListedIsolation;
  readonly egress: ListedIsolation;
  /** Policies that select its pods, as in `shop/default-deny`. */
  readonly selectedBy: readonly string[];
}

export interface ListedPlace {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly field?: string;
}

/** One workload behind an Ingress or route. Whether its controller gets there depends on who the controller is. */
export interface ListedExposure {
  readonly kind: Exposure['kind'];
  readonly namespace: string;
  readonly name: string;
  readonly service: string;
  /** Undefined where the Service is not in the input, or selects none of its workloads. */
  readonly workload?: WorkloadRef;
  /** Where the Service leads at the pod, as in `8080/TCP`; empty where no such port can be found. */
  readonly ports: readonly string[];
  /**
   * Whom the workload's policies let in on those ports. `anyone`: every pod and address, and so the controller. `some`: those in
   * `peers`. `nobody`: the controller stays out, unless it is on the pod's own node. `unknown`: the pods are not known, or a policy that is not read decides.
   */
  readonly admits: 'anyone' | 'some' | 'nobody' | 'unknown';
  readonly peers: readonly string[];
  readonly place: ListedPlace;
}

export interface ListedUnread {
  readonly kind: string;
  readonly name: string;
  /** Undefined: it is about the whole cluster. */
  readonly namespace?: string;
  readonly place: ListedPlace;
}

/** Who may talk to whom, as commands show it: plain data in an order that does not depend on that of the input. */
export interface ConnectivityListing {
  readonly cni: Pick<CniProfile, 'id' | 'name'>;
  /** Of the whole input. */
  readonly totals: { readonly namespaces: number; readonly workloads: number; readonly policies: number };
  /** As they were given; none: everything is listed. */
  readonly filters: { readonly from?: string; readonly to?: string; readonly focus?: string; readonly ports?: string };
  readonly connections: readonly ConnectionRow[];
  readonly outside: readonly OutsideRow[];
  /** Those that a filter names or a row holds; without filters all. */
  readonly workloads: readonly ListedWorkload[];
  /** All of the input that have workloads or policies. */
  readonly namespaces: readonly {
    readonly name: string;
    readonly workloads: number;
    /** `assumed`: no Namespace object is given, so that only the label with its name is known. */
    readonly labels: 'given' | 'assumed';
  }[];
  /** How many rules select namespaces by other labels than the name, which assumed labels cannot answer. */
  readonly rulesByNamespaceLabels: number;
  /** Shown workloads that rules open to pods of which the input has none: who they are is for the listing of exposure to tell. */
  readonly strangers: { readonly ingress: readonly WorkloadRef[]; readonly egress: readonly WorkloadRef[] };
  /** Policies that select no workload of the input, as in `shop/cart`: they change nothing here, perhaps because of a mistaken label. */
  readonly idlePolicies: readonly string[];
  readonly exposures: readonly ListedExposure[];
  /** Policies of kinds that are not read: what they could change is unknown. */
  readonly unread: readonly ListedUnread[];
  /** Objects of other kinds, as in `v1 ConfigMap`, which are not read; those of custom kinds may make pods that are missing. */
  readonly skipped: readonly { readonly what: string; readonly count: number }[];
}
