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
export interface PortName extends Required<Omit<ContainerPort, 'number'>> {
  readonly number?: undefined;
}

/** A port that pods have, by its number as far as that is known. */
export type PodPort = ContainerPort | PortName;

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

/** All ports of its pods. A name of which containers give the number is one of these. */
export function podPorts({ ports, portNames = [] }: Pick<Workload, 'ports' | 'portNames'>): readonly PodPort[] {
  const isKnown = ({ name, protocol }: PortName) =>
    ports.some((port) => port.name === name && port.protocol === protocol);
  const names = portNames.filter((port) => !isKnown(port));
  return names.length > 0 ? [...ports, ...names] : ports;
}

/** As in `Deployment redis`. */
export function workloadToString({ kind, name }: Workload): string {
  return `${kind} ${name}`;
}

export function isWorkloadKind(kind: string): kind is WorkloadKind {
  return (workloadKinds as readonly string[]).includes(kind);
}
