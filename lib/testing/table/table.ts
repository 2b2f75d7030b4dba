import type { Place } from '../../model/issue';

export const verdicts = ['allowed', 'denied'] as const;

/** Where a name or a port of a table or row is written: by its field, and its position there. */
export type PlaceOf = (field: 'among' | 'from' | 'to' | 'ports', position: number) => Place;

/** One exception of a table, and the reason for it. */
export interface TableRow {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** @default those of the table */
  readonly ports?: readonly string[];
  readonly verdict: 'allowed' | 'denied';
  readonly because?: string;
  readonly place?: Place;
  /** @default `place` */
  readonly placeOf?: PlaceOf;
}

/**
 * Who may talk to whom, as data: a verdict for all pairs, then exceptions, of which a later one overrides an earlier one.
 *
 * It is about every pair of different workloads among those named, and every connection that a row names.
 */
export interface ConnectivityTable {
  readonly name: string;
  readonly default: 'allowed' | 'denied';
  /** @default every workload of the input */
  readonly among: readonly string[];
  /** @default all that each destination declares, every port of one that declares none */
  readonly ports?: readonly string[];
  readonly rows: readonly TableRow[];
  readonly place?: Place;
  /** @default `place` */
  readonly placeOf?: PlaceOf;
}
