import type { WorkloadRef } from './connectivity-listing';

/** What a change may bring about, in words that reviews and exit codes use. */
export const riskIds = [
  'widened',
  'internet',
  'cross-team',
  'cross-environment',
  'exposure',
  'isolation-lost',
  'guarantee-lost',
  'unknown',
  'narrowed',
] as const;
export type RiskId = (typeof riskIds)[number];

/** What each of them means, as help and reports say it. */
export const riskMeanings: Readonly<Record<RiskId, string>> = {
  widened: 'something is let through that was not',
  internet: 'more is let through to or from public addresses',
  'cross-team': 'more is let through between workloads of two teams',
  'cross-environment': 'more is let through between workloads of two environments',
  exposure: 'an Ingress or route leads to more, or pods that are not in the input get in at more',
  'isolation-lost': 'pods that policies isolated are open, or perhaps so',
  'guarantee-lost': 'a guarantee (Never) of the app is gone or another one',
  unknown: 'it cannot be said what is let through, where it could be said before, or whether that changed',
  narrowed: 'something is no longer let through, which may be in use',
};

/** A row of a difference that carries a risk; with ends or workloads, what of it does. */
export interface RiskyRow extends RowPart {
  readonly list: 'connections' | 'outside' | 'isolation' | 'exposures' | 'possible' | 'guarantees' | 'unread';
  /** Its position in that list. */
  readonly index: number;
  /** Whom it joins, as in `payments and storefront`: teams or environments. */
  readonly between?: readonly string[];
}

/** What of a row approvals may be about by itself: pairs of its sources and destinations, or its workloads; nothing of other rows. */
export interface RowPart {
  readonly sources?: readonly WorkloadRef[];
  readonly destinations?: readonly WorkloadRef[];
  readonly workloads?: readonly WorkloadRef[];
}

export interface Risk {
  readonly id: RiskId;
  /** Pairs of workloads, workloads where addresses or isolation are concerned, else rows. */
  readonly count: number;
  /** At least one. */
  readonly rows: readonly RiskyRow[];
}
