import type { CniProfile } from './cni-profile';
import type {
  ListedAddresses,
  ListedExposure,
  ListedPlace,
  ListedReason,
  ListedUnread,
  WorkloadRef,
} from './connectivity-listing';
import type { Direction } from './policy';

interface ReachHead {
  readonly cni: Pick<CniProfile, 'id' | 'name'>;
  /** Of the whole input. */
  readonly totals: { readonly namespaces: number; readonly workloads: number; readonly policies: number };
  /** All of the input that have workloads or policies. */
  readonly namespaces: readonly {
    readonly name: string;
    readonly workloads: number;
    /** `assumed`: no Namespace object is given, so that only the label with its name is known. */
    readonly labels: 'given' | 'assumed';
  }[];
  /** Policies of kinds that are not read: what they could change is unknown. */
  readonly unread: readonly ListedUnread[];
}

/**
 * Ports are written as in `8080/TCP` and `8000-8999/TCP`; `*` is every port of every protocol, `other` those protocols that have no ports, as
 * ICMP. `unknownPorts` are further ports, on which the API or the plugin leaves it open.
 */
interface ListedConnection {
  readonly ports: readonly string[];
  readonly unknownPorts: readonly string[];
}

/** Workloads that are reached from the start over the same last stop, on the same ports. */
export interface ReachRow extends ListedConnection {
  /** Connections that it takes; 1 is direct. */
  readonly hops: number;
  /**
   * `allowed`: by connections that are all allowed. `unknown`: some connection of every way that is so short is left open; the workload may
   * be in another row too, reached with certainty over more hops.
   */
  readonly decision: 'allowed' | 'unknown';
  /**
   * The last stop before the targets: it is itself a target with one hop less, or the start, and so the whole of a shortest way can be
   * followed. Undefined where an address of the start connects.
   */
  readonly via?: WorkloadRef;
  readonly targets: readonly WorkloadRef[];
  /** Why the last connection is unknown on its `unknownPorts`; empty where there are none. */
  readonly because: readonly ListedReason[];
}

/** Addresses outside the cluster that workloads may send to. */
export interface ReachedAddresses {
  /** Connections to the address from the start, by the nearest of the workloads. */
  readonly hops: number;
  /** `unknown`: this connection, or some connection of every way to the workloads, is left open. */
  readonly decision: 'allowed' | 'unknown';
  readonly addresses: ListedAddresses;
  readonly workloads: readonly WorkloadRef[];
  readonly ports: readonly string[];
  readonly because: readonly ListedReason[];
}

/** What somebody who is in one of some workloads, or at some addresses, can reach. */
export interface BlastRadius extends ReachHead {
  readonly mode: 'from';
  readonly from: {
    readonly text: string;
    readonly workloads: readonly WorkloadRef[];
    readonly addresses?: ListedAddresses;
  };
  readonly maxHops?: number;
  /** Workloads that are reached: with certainty, and as far as is known only perhaps. The start itself is not counted. */
  readonly reached: { readonly allowed: number; readonly unknown: number };
  readonly rows: readonly ReachRow[];
  readonly addresses: readonly ReachedAddresses[];
  /** How one gets at the start from outside the cluster: addresses that its policies let in, and Ingresses and routes that lead to it. */
  readonly entrances: {
    readonly addresses: readonly ReachedAddresses[];
    readonly exposures: readonly ListedExposure[];
  };
}

export interface ReachCount {
  readonly allowed: number;
  /** Beside those, workloads that perhaps are reached. */
  readonly unknown: number;
}

/** Workloads with the same figures. */
export interface RankedWorkloads {
  readonly workloads: readonly WorkloadRef[];
  /** Other workloads that each of them reaches directly. */
  readonly direct: ReachCount;
  /** Other workloads that each of them reaches over any number of connections. */
  readonly all: ReachCount;
  /** Whether some address outside the cluster may connect to it, as its policies have it. */
  readonly fromOutside: 'allowed' | 'unknown' | 'denied';
  /** Whether it may connect to some address outside the cluster. */
  readonly toOutside: 'allowed' | 'unknown' | 'denied';
  /** Ingresses and routes that lead to it, as in `Ingress shop/web`. */
  readonly exposedBy: readonly string[];
}

/** All workloads by how far somebody gets who breaks in there: the farthest first. */
export interface ReachRanking extends ReachHead {
  readonly mode: 'ranking';
  readonly rows: readonly RankedWorkloads[];
}

export interface ListedRule {
  /** As in `shop/cart ingress[0]`. */
  readonly name: string;
  readonly place: ListedPlace;
}

/** One way for a pod whose labels can be chosen freely. */
export interface StolenRow {
  /** `egress`: the pod connects. `ingress`: the others connect to it. */
  readonly direction: Direction;
  /** Empty where it is about addresses. */
  readonly workloads: readonly WorkloadRef[];
  readonly addresses?: ListedAddresses;
  readonly ports: readonly string[];
  /** Labels that the pod needs for it, as in `app=frontend,!debug`; empty: it has whatever labels. */
  readonly labels: string;
  readonly decision: 'allowed' | 'unknown';
  /** Rules that let it through; a side on which nothing isolates the pods has none. */
  readonly rules: readonly ListedRule[];
  readonly because: readonly ListedReason[];
}

/** What makes it possible, and what to do about it. */
export interface StolenAdvice {
  readonly text: string;
  readonly rules: readonly (ListedRule & {
    /** The labels by which the rule lets the pod in, as in `app=frontend`; none where it asks for no labels. */
    readonly labels: readonly string[];
  })[];
}

/** What a pod in a namespace could reach, and who it, if whoever creates it chooses its labels. */
export interface StolenReachListing extends ReachHead {
  readonly mode: 'stolen';
  readonly namespace: string;
  /** Workloads that the pod could reach, each under some labels; of those, the ones that need no particular labels. */
  readonly reached: ReachCount & { readonly withAnyLabels: number };
  readonly rows: readonly StolenRow[];
  readonly advice: readonly StolenAdvice[];
}

/** What `tierwall reach` answers: plain data in an order that does not depend on that of the input. */
export type ReachListing = BlastRadius | ReachRanking | StolenReachListing;
