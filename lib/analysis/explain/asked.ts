import type { PlacedWorkload } from '../../model/cluster';
import type { ServiceObject } from '../../model/service-object';
import type { ContainerPort } from '../../model/workload';
import type { AddressSet } from '../../sets/address-set';
import type { Protocol } from '../../sets/port-set';

/** Who is at one end of the question. */
export type AskedEnd =
  | {
      readonly kind: 'workload';
      readonly workload: PlacedWorkload;
      /** The Kubernetes Service by which the question named it, whose ports are then meant. */
      readonly via?: ServiceObject;
      /** Its address, where the question named it by that. */
      readonly address?: string;
    }
  /** A pod that could exist. */
  | {
      readonly kind: 'pod';
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
      /** What its containers call their ports. @default nothing */
      readonly ports?: readonly ContainerPort[];
    }
  | { readonly kind: 'addresses'; readonly text: string; readonly addresses: AddressSet };

/** A port or range of ports by number. */
export interface AskedNumbers {
  readonly text: string;
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
}

/** A port by the name that the destination, or a Service in front of it, gives it. */
export interface AskedName {
  readonly text: string;
  /** Undefined: of any. */
  readonly protocol: Protocol | undefined;
  readonly name: string;
}

export type AskedPort = AskedNumbers | AskedName;

/** What is to be explained. */
export interface Question {
  readonly from: { readonly text: string; readonly ends: readonly AskedEnd[] };
  readonly to: { readonly text: string; readonly ends: readonly AskedEnd[] };
  /** Left out: all ports that the destination declares. */
  readonly ports?: { readonly text: string; readonly asked: readonly AskedPort[] };
}
