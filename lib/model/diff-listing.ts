import type { CniProfile } from './cni-profile';
import type {
  ListedAddresses,
  ListedExposure,
  ListedIsolation,
  ListedPlace,
  ListedReason,
  ListedUnread,
  WorkloadRef,
} from './connectivity-listing';
import type { ListedPods } from './exposure-listing';
import type { Direction } from './policy';
import type { Risk, RiskId, RiskyRow } from './risk';

/** What made a difference. */
export interface Cause {
  /**
   * `rule`: it lets through. `isolation`: a policy that selects the pods, without which nothing isolates them. `workload`: it is new, or gone.
   * `pods`: they have other labels, ports or addresses. `namespace`: it has other labels. `unread`: a policy of a kind that is not read.
   */
  readonly kind: 'rule' | 'isolation' | 'workload' | 'pods' | 'namespace' | 'unread';
  /** `after`: it is there now, and was not before, or not so. `before`: it was there, and is gone or changed. */
  readonly side: 'before' | 'after';
  /** As in `shop/cart ingress[0]`, `shop/default-deny` or `Deployment shop/cart`. */
  readonly name: string;
  readonly place: ListedPlace;
}

/** Ports as in a listing of connectivity; both empty: nothing is let through. */
export interface PortsAtOnce {
  readonly allowed: readonly string[];
  /** Left open by the API, on ports that are not allowed. */
  readonly unknown: readonly string[];
}

interface PortChange {
  /** `added`: nothing was let through before. `removed`: nothing is now. `changed`: other ports, or with another certainty. */
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: PortsAtOnce;
  readonly after: PortsAtOnce;
  /** `allowed`: were denied or unknown. `unknown`: were denied. */
  readonly gained: PortsAtOnce;
  /** `denied`: were allowed or unknown. `unknown`: were allowed. */
  readonly lost: { readonly denied: readonly string[]; readonly unknown: readonly string[] };
  /** Why something is unknown, on either side. */
  readonly because: readonly ListedReason[];
  /** At least one; sorted. */
  readonly causes: readonly Cause[];
}

/** Whether more is let through than was, perhaps. */
export function isWider({ gained }: Pick<PortChange, 'gained'>): boolean {
  return gained.allowed.length + gained.unknown.length > 0;
}

/** Whether less is let through than was, perhaps. */
export function isNarrower({ lost }: Pick<PortChange, 'lost'>): boolean {
  return lost.denied.length + lost.unknown.length > 0;
}

/**
 * From each of the sources to each of the destinations, the ports on the one side became those on the other. A pair of workloads is in one row
 * at most. A workload on both sides means its pods among each other; a row says nothing of one pod and itself.
 */
export interface ConnectionChange extends PortChange {
  readonly sources: readonly WorkloadRef[];
  readonly destinations: readonly WorkloadRef[];
  /** How many pairs of workloads the row holds. */
  readonly pairs: number;
  /** Pairs of the row of which it does not hold. Only in rows of very many pairs; smaller ones are split instead. */
  readonly except: readonly { readonly source: WorkloadRef; readonly destinations: readonly WorkloadRef[] }[];
}

/** Between each of the workloads and each address outside the cluster. */
export interface OutsideChange extends PortChange {
  readonly direction: Direction;
  readonly addresses: ListedAddresses;
  /** Which of the addresses are public. */
  readonly internet: 'all' | 'some' | 'none';
  readonly workloads: readonly WorkloadRef[];
}

export interface IsolationChange {
  readonly direction: Direction;
  readonly before: ListedIsolation;
  readonly after: ListedIsolation;
  readonly workloads: readonly WorkloadRef[];
  readonly causes: readonly Cause[];
}

/** An Ingress or route that leads to a workload now and did not, or no longer does, or gets in there by other policies. */
export interface ExposureChange
  extends Pick<ListedExposure, 'kind' | 'namespace' | 'name' | 'service' | 'workload' | 'ports'> {
  /** Whom the policies let in there, as in a listing of connectivity; `none`: the Ingress or route does not lead there. */
  readonly before: ListedExposure['admits'] | 'none';
  readonly after: ListedExposure['admits'] | 'none';
  readonly peers: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly place: ListedPlace;
}

/**
 * What one rule, or the lack of isolation, lets through in one state only: over every pod that could exist, one direction by itself. The other end
 * has to let it through as well.
 */
export interface PossibleChange {
  readonly kind: 'gained' | 'lost';
  readonly direction: Direction;
  /** The pods whose own policies these are. */
  readonly pods: ListedPods;
  /** Workloads whose labels the pods have to have; empty where the rule is for others too, as for all pods of a namespace. */
  readonly workloads: readonly WorkloadRef[];
  /**
   * At least one of these. `nodes`, with the words for them: nodes, and pods on their network, of which plugins differ whether selectors and ipBlocks pick
   * them; only if it is about nobody else.
   */
  readonly peers: {
    readonly pods?: readonly ListedPods[];
    readonly addresses?: ListedAddresses;
    readonly nodes?: string;
  };
  /** Which of the addresses are public. */
  readonly internet: 'all' | 'some' | 'none';
  /** Named ports stay names: they resolve on pods that only could exist. */
  readonly ports: readonly string[];
  /** `workload`: both ends are pods with the labels of workloads of the input, so that rows of workloads show it. `stranger`: all others. */
  readonly are: 'stranger' | 'workload';
  /** `part`: of these pods, peers and ports only some, as in `example`. */
  readonly extent: 'whole' | 'part';
  /** One connection of it, as in `pod {app=web} of shop → 203.0.113.7 on 443/TCP`. */
  readonly example: string;
  readonly causes: readonly Cause[];
}

/** A workload that is gone from one namespace and new in another, with the same kind, name and labels. */
export interface MovedWorkload {
  readonly before: WorkloadRef;
  readonly after: WorkloadRef;
  /** Of both states, those to or from which something else is let through than was before; one that moved as it is called now. */
  readonly others: readonly WorkloadRef[];
  /** Whether the same is let through to and from addresses outside. */
  readonly outside: 'same' | 'other';
}

/** A guarantee (`Never`) of an app. */
export interface GuaranteeChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Construct path. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly place: ListedPlace;
}

export interface DiffTotals {
  readonly namespaces: number;
  readonly workloads: number;
  readonly policies: number;
}

/** That a risk was looked at and is taken, by whom it may concern. */
export interface Approval {
  readonly risk: RiskId;
  /** Workloads at either end, as in `shop/web`, or `shop/*` for whatever is in that namespace. @default the whole change */
  readonly at?: string;
  readonly because: string;
  /** The last day on which it holds, `2026-12-31`. @default no end: it is about this change only */
  readonly until?: string;
  readonly place: ListedPlace;
}

/** Where approvals are kept, unless the settings name another file. */
export const usualApprovalsFile = 'tierwall.approvals.yaml';

/** What of the risks is more than is allowed. */
export interface DiffGate {
  readonly verdict: 'passed' | 'failed';
  /** Where approvals are kept. @default tierwall.approvals.yaml */
  readonly approvalsFile?: string;
  /** `any`: the meaning is another one, or it is unknown whether it is. */
  readonly failures: readonly { readonly risk: RiskId | 'any'; readonly count: number; readonly budget: number }[];
  /** Approvals that hold, with what they cover: rows as a whole or in part. */
  readonly approved: readonly {
    readonly approval: Approval;
    readonly count: number;
    readonly rows: readonly RiskyRow[];
  }[];
  /** What no approval covers of each risk. */
  readonly open: readonly {
    readonly risk: RiskId;
    readonly count: number;
    /** With what of it is left, where approvals cover a part. */
    readonly rows: readonly RiskyRow[];
  }[];
  /** Of no effect: their day is over, or the change has no such risk at what they name that others do not cover. */
  readonly idle: readonly {
    readonly approval: Approval;
    readonly why: 'ended' | 'unused';
    /** A question: what its `at` may be a slip of. */
    readonly nearest?: string;
  }[];
}

/** What a change means: plain data in an order that does not depend on that of the input. */
export interface DiffListing {
  /** Of an app that has several. */
  readonly cluster?: string;
  /** What of the sources is not what a reader would take it for. */
  readonly notes?: readonly string[];
  readonly cni: Pick<CniProfile, 'id' | 'name'>;
  /**
   * `equal`: proved, for the workloads given and for every pod, namespace, port and address that could exist. `unknown`: no difference was
   * found, but there are policies of kinds that are not read.
   */
  readonly verdict: 'equal' | 'different' | 'unknown';
  readonly totals: { readonly before: DiffTotals; readonly after: DiffTotals };
  readonly connections: readonly ConnectionChange[];
  readonly outside: readonly OutsideChange[];
  readonly workloads: {
    readonly added: readonly WorkloadRef[];
    readonly removed: readonly WorkloadRef[];
    /** Each of them is among those that are added, and those that are removed, too. */
    readonly moved: readonly MovedWorkload[];
  };
  readonly isolation: readonly IsolationChange[];
  readonly exposures: readonly ExposureChange[];
  readonly possible: readonly PossibleChange[];
  readonly guarantees: readonly GuaranteeChange[];
  /** Those that there are, in the order of their list. */
  readonly risks: readonly Risk[];
  /** Where somebody asks whether it may pass. */
  readonly gate?: DiffGate;
  /** Policies by name, whether their meaning is another or not. */
  readonly policies: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** Of the same name with other rules. */
    readonly changed: readonly string[];
  };
  /** What the verdict rests on. `alike`: namespaces with the same rules on both sides. */
  readonly compared: { readonly boxes: number; readonly namespaces: number; readonly alike: number };
  readonly unread: {
    readonly before: readonly ListedUnread[];
    readonly after: readonly (ListedUnread & { readonly change: 'added' | 'changed' | 'same' })[];
  };
  /** Of the union of both sides: all namespaces that have workloads or policies. */
  readonly namespaces: readonly { readonly name: string; readonly workloads: number }[];
}
