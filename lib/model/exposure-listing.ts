import type { CniProfile } from './cni-profile';
import type { ListedReason, ListedUnread, WorkloadRef } from './connectivity-listing';
import type { Direction } from './policy';

/** Pods that are not in the input but could be, by the labels of their namespace and their own. */
export interface ListedPods {
  /** For a person, as in `pods with {app=x} of namespaces with {team=y}`. */
  readonly text: string;
  /** Namespaces by name, sorted: those of the input whose pods these are, and others that a rule names. */
  readonly known: readonly string[];
  /**
   * Labels that a namespace outside the input has to have, as in `team=y,!legacy`; empty: any such namespace. Undefined: no namespace
   * outside the input.
   */
  readonly elsewhere?: string;
  /** Labels that the pods have to have, as in `app=a|b,!debug,tier`; empty: any pod. */
  readonly labels: string;
  /** For a person, in place of `text`: what all pods of the row with this text are together. */
  readonly together?: string;
}

/**
 * Each of the workloads could be reached by each of the pods (`ingress`), or could reach them (`egress`), on these ports, if such
 * pods were there. Policies of the pods' own namespaces are counted in, as far as the input has them.
 */
export interface ExposureRow {
  readonly direction: Direction;
  readonly workloads: readonly WorkloadRef[];
  readonly pods: readonly ListedPods[];
  /**
   * `workload`: pods with the labels of workloads in the input, which the rule is for; whoever may create pods there can give them.
   * `stranger`: all others.
   */
  readonly are: 'stranger' | 'workload';
  /** As in `8080/TCP`, or `grpc/TCP` where the port is the one that the pod calls so; `*` for every port. */
  readonly ports: readonly string[];
  readonly decision: 'allowed' | 'unknown';
  /** Empty where it is allowed. */
  readonly because: readonly ListedReason[];
}

/** To whom workloads are open beside the workloads of the input: plain data in an order that does not depend on that of the input. */
export interface ExposureListing {
  readonly cni: Pick<CniProfile, 'id' | 'name'>;
  /** Of the whole input. */
  readonly totals: { readonly namespaces: number; readonly workloads: number; readonly policies: number };
  readonly rows: readonly ExposureRow[];
  /**
   * Pods that carry just the labels that a policy selects, as in `shop{app=web}`, in namespaces without workloads in the input: they are in rows as
   * workloads are.
   */
  readonly standIns: readonly WorkloadRef[];
  /** Workloads that no pod outside the input could reach, and that could reach none. */
  readonly closed: readonly WorkloadRef[];
  readonly namespaces: readonly { readonly name: string; readonly workloads: number }[];
  /** Namespaces with no Namespace object in the input: rules by other labels than the name may match them in the cluster. */
  readonly assumed: readonly string[];
  readonly unread: readonly ListedUnread[];
}
