import type { ListedPlace } from './connectivity-listing';

/** How many of some things a test states. */
export interface Covered {
  readonly stated: number;
  readonly total: number;
}

/** What tests state of a policy, or of the pods of a workload. */
export interface CoveredItem {
  /** As in `shop/cart`; of an app in several clusters as in `shop/cart (cluster west)`. */
  readonly name: string;
  readonly place: ListedPlace;
  /** Openings: a peer of a rule, with a port. */
  readonly allowed: Covered;
  /** Directions in which something is denied to pods: whether a test states that something is. */
  readonly denied: Covered;
}

/** One thing that a line of the code, or of a manifest, opens or closes. */
export interface CoveredPoint {
  readonly kind: 'allowed' | 'denied';
  /** As in `shop/frontend → shop/cart on 7070/TCP`, or `denials of ingress of shop/cart`. */
  readonly text: string;
  /** How many statements are about it. */
  readonly stated: number;
}

export interface CoveredLine {
  readonly file: string;
  readonly line: number;
  readonly points: readonly CoveredPoint[];
}

/** What tests state of what is allowed and of what is denied: plain data. */
export interface CoverageReport {
  readonly allowed: Covered;
  readonly denied: Covered;
  readonly policies: readonly CoveredItem[];
  readonly services: readonly CoveredItem[];
  /** Of an app: whether a test states some of what each denies, or that all is proved. */
  readonly guarantees: readonly CoveredItem[];
  /** Of the code, for an app; else of the manifests. */
  readonly lines: readonly CoveredLine[];
  /** Clusters of the app that no test is about: none of what is in them is counted. */
  readonly untested: readonly string[];
}

/** Of a hundred; all where there is nothing to state. */
export function percentOf({ stated, total }: Covered): number {
  return total === 0 ? 100 : (100 * stated) / total;
}

/** As in `63.6%`: never more than there is, so that a hundred is all. */
export function percentText({ stated, total }: Covered): string {
  return `${total === 0 ? 100 : Math.floor((1000 * stated) / total) / 10}%`;
}
