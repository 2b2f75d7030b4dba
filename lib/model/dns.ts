import type { OutsideAddresses, OutsidePods } from './outside';

/** Where pods ask for names, on UDP and TCP. */
export interface Dns {
  readonly servers: readonly (OutsidePods | OutsideAddresses)[];
  /** The port on which the server pods listen: 53, and 5353 on OpenShift. */
  readonly port: number;
}
