import type { LabelBox } from '../sets/label-box';
import type { Port } from './port';

/** A CIDR without the CIDRs inside it that are left out. */
export interface AddressBlock {
  readonly cidr: string;
  readonly except: readonly string[];
}

/** Pods that this app does not manage, by the labels of their namespace and their own. */
export interface OutsidePods {
  readonly kind: 'pods';
  readonly namespaces: LabelBox;
  readonly pods: LabelBox;
  readonly description: string;
  /** Ports that stand for the peer if none are given. */
  readonly ports?: readonly Port[];
}

export interface OutsideAddresses {
  readonly kind: 'addresses';
  readonly blocks: readonly AddressBlock[];
  readonly description: string;
  readonly ports?: readonly Port[];
}

/** Public addresses, as the environment of the other side delimits them. */
export interface Internet {
  readonly kind: 'internet';
  readonly description: string;
  /** How clients of the internet arrive; needed where the internet is the source. */
  readonly via: 'direct' | OutsidePods | OutsideAddresses | undefined;
}

/** The API server of the other side's environment. */
export interface ApiServer {
  readonly kind: 'api-server';
  readonly description: string;
}

/** Every pod and every address. */
export interface Everyone {
  readonly kind: 'everyone';
  readonly description: string;
}

/** A peer that this app does not isolate. */
export type Outside = OutsidePods | OutsideAddresses | Internet | ApiServer | Everyone;
