import type { Place } from './issue';
import type { LabelSelector } from './network-policy';

export const workloadKinds = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Pod',
] as const;

export type WorkloadKind = (typeof workloadKinds)[number];

export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

/** A port of containers whose number is not known. */
export type PortName = Required<Omit<ContainerPort, 'number'>>;

/** Something that runs pods. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace?: string;
  readonly podLabels: Readonly<Record<string, string>>;
  /** `spec.selector`; where there is none (Pod, Job, CronJob), the pod labels that do not change from release to release. */
  readonly selector: LabelSelector;
  readonly ports: readonly ContainerPort[];
  /** Of a service of an app: ports of which it gives the name alone. @default none */
  readonly portNames?: readonly PortName[];
  /** Pods on the host's network: the API does not say whether selectors pick them. */
  readonly network: 'pod' | 'host';
  /** Of a Pod that runs: its addresses, from its status. */
  readonly addresses: readonly string[];
  /** Of a Pod: what made it (`metadata.ownerReferences`, the controller). */
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly place: Place;
}

/** As in `Deployment redis`. */
export function workloadToString({ kind, name }: Workload): string {
  return `${kind} ${name}`;
}

export function isWorkloadKind(kind: string): kind is WorkloadKind {
  return (workloadKinds as readonly string[]).includes(kind);
}
