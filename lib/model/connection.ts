import type { Address } from '../sets/cidr';
import type { Protocol } from '../sets/port-set';
import type { PodPort } from './workload';

/** A pod, known or only possible, as policies see it. */
export interface PodEnd {
  readonly kind: 'pod';
  readonly namespace: string;
  /** Always with `kubernetes.io/metadata.name`. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PodPort[];
  readonly network: 'pod' | 'host';
  /** Empty if not known. */
  readonly addresses: readonly Address[];
}

/** An address outside the cluster. */
export interface AddressEnd {
  readonly kind: 'address';
  readonly address: Address;
}

export type End = PodEnd | AddressEnd;

/** A new connection, judged after Service translation: at the pod's address and its own port. */
export interface Connection {
  readonly source: End;
  readonly destination: End;
  readonly protocol: Protocol;
  /** 1–65535. */
  readonly port: number;
}

export type Decision = 'allowed' | 'denied' | 'unknown';
