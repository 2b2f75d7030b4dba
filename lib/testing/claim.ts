import type { PodSpace } from '../analysis/open-world/meetings';
import type { PlacedWorkload } from '../model/cluster';
import type { Direction } from '../model/policy';
import type { AddressSet } from '../sets/address-set';
import type { PortSet } from '../sets/port-set';

/** Who is at one end of what a test states. */
export type ClaimEnd =
  | { readonly kind: 'workload'; readonly text: string; readonly workload: PlacedWorkload }
  /** Every pod that could exist with such labels, whatever others it has. */
  | { readonly kind: 'pods'; readonly text: string; readonly space: PodSpace }
  | { readonly kind: 'addresses'; readonly text: string; readonly addresses: AddressSet };

/** What a list of the only peers leaves out of a denial: these peers, on these ports. */
export interface Excepted {
  readonly end: ClaimEnd;
  readonly ports: PortSet;
}

/** What a test states, taken apart: it holds if each of its claims does. */
export type Claim =
  /** Each connection is allowed, whatever the API leaves open. */
  | {
      readonly kind: 'allowed';
      readonly source: ClaimEnd;
      readonly destination: ClaimEnd;
      readonly ports: PortSet;
      /** The only side that has to let it through: of a list of peers that only could exist, the other side is not what is stated. */
      readonly side?: Direction;
    }
  /** No connection is allowed, under any reading of what the API leaves open. */
  | {
      readonly kind: 'denied';
      readonly source: ClaimEnd;
      readonly destination: ClaimEnd;
      readonly ports: PortSet;
      /** Of a list of the only peers: which end it lists, and who is on it. Pods are then told by their labels alone, and not by addresses. */
      readonly only?: { readonly of: 'source' | 'destination'; readonly listed: readonly Excepted[] };
      /** Ports that are left out, where names cannot be taken from numbers: they may be any of these. */
      readonly but?: PortSet;
    }
  /** Policies isolate it in that direction. */
  | { readonly kind: 'isolated'; readonly who: ClaimEnd; readonly direction: Direction };

export type ConnectionClaim = Exclude<Claim, { kind: 'isolated' }>;

/** A claim that does not hold, and one connection that shows it. */
export type Breach =
  | {
      readonly kind: 'connection';
      readonly claim: Exclude<Claim, { kind: 'isolated' }>;
      readonly decision: 'allowed' | 'denied' | 'unknown';
      readonly source: ClaimEnd;
      readonly destination: ClaimEnd;
      readonly ports: PortSet;
    }
  | {
      readonly kind: 'isolation';
      readonly claim: Extract<Claim, { kind: 'isolated' }>;
      readonly decision: 'open' | 'unknown';
    };
