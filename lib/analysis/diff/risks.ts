import type { ListedExposure } from '../../model/connectivity-listing';
import {
  type Cause,
  type ConnectionChange,
  type ExposureChange,
  isNarrower,
  isWider,
  type OutsideChange,
  type PossibleChange,
} from '../../model/diff-listing';
import { type Risk, type RiskId, type RiskyRow, riskIds } from '../../model/risk';
import { type Found, weightOfPart, wholeRow } from './approved-part';
import type { Owner, Owners } from './owners';
import type { PossibleEnds } from './possible-changes';

/**
 * What the rows of a difference may bring about.
 * @param ends of the rows of pods that could exist
 */
export function risksOf(found: Found, ends: readonly PossibleEnds[], owners: Owners): Risk[] {
  const { connections, outside, isolation, exposures, possible, guarantees, unread } = found;
  const rowsOf: Readonly<Record<RiskId, () => RiskyRow[]>> = {
    widened: () => [
      ...picked('connections', connections, isWider),
      ...picked('outside', outside, isWider),
      ...picked('possible', possible, isGained),
    ],
    internet: () => [
      ...picked('outside', outside, (row) => row.internet !== 'none' && isWider(row)),
      ...picked('possible', possible, (row) => row.internet !== 'none' && isGained(row)),
    ],
    'cross-team': () => crossing('team', found, ends, owners),
    'cross-environment': () => crossing('environment', found, ends, owners),
    exposure: () => [
      ...picked('exposures', exposures, isMoreExposed),
      ...picked(
        'possible',
        possible,
        (row) => isGained(row) && row.direction === 'ingress' && row.are === 'stranger' && row.peers.pods !== undefined,
      ),
    ],
    'isolation-lost': () => [
      ...picked('isolation', isolation, ({ before }) => before === 'isolated'),
      ...picked('possible', possible, (row) => isGained(row) && row.causes.some(({ kind }) => kind === 'isolation')),
    ],
    'guarantee-lost': () => picked('guarantees', guarantees, ({ change }) => change !== 'added'),
    unknown: () => [
      ...picked('connections', connections, isLessKnown),
      ...picked('outside', outside, isLessKnown),
      ...picked('unread', unread.after, ({ change }) => change !== 'same'),
    ],
    narrowed: () => [
      ...picked('connections', connections, isNarrower),
      ...picked('outside', outside, isNarrower),
      ...picked('possible', possible, ({ kind }) => kind === 'lost'),
    ],
  };
  return riskIds
    .map((id) => ({ id, rows: withoutTold(rowsOf[id](), found) }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ id, rows }) => ({ id, count: rows.reduce((sum, row) => sum + weightOfRow(row, found), 0), rows }));
}

/**
 * Without rows of pods that could exist which other rows of the same risk tell: rules for pods with the labels of workloads show in what
 * these may do. So a cause counts once, as it is shown.
 */
function withoutTold(rows: readonly RiskyRow[], found: Found): RiskyRow[] {
  const causesOf = ({ list, index }: RiskyRow): readonly Cause[] =>
    list === 'connections' || list === 'outside' || list === 'isolation' ? found[list][index]!.causes : [];
  const told = new Set(rows.flatMap(causesOf));
  return rows.filter(({ list, index }) => {
    if (list !== 'possible') return true;
    const { are, causes } = found.possible[index]!;
    return are === 'stranger' || !causes.every((cause) => told.has(cause));
  });
}

function weightOfRow(row: RiskyRow, found: Found): number {
  return weightOfPart(wholeRow(found, row), row, found);
}

type Ported = ConnectionChange | OutsideChange;

function isLessKnown({ gained, lost }: Ported): boolean {
  return gained.unknown.length + lost.unknown.length > 0;
}

function isGained({ kind }: PossibleChange): boolean {
  return kind === 'gained';
}

const admitted: readonly (ListedExposure['admits'] | 'none')[] = ['none', 'nobody', 'unknown', 'some', 'anyone'];

function isMoreExposed({ before, after, peers }: ExposureChange): boolean {
  if (before === after) return peers.after.some((peer) => !peers.before.includes(peer));
  return admitted.indexOf(after) > admitted.indexOf(before);
}

function picked<T>(list: RiskyRow['list'], rows: readonly T[], isRisky: (row: T) => boolean): RiskyRow[] {
  return rows.flatMap((row, index) => (isRisky(row) ? [{ list, index }] : []));
}

function crossing(owner: Owner, found: Found, ends: readonly PossibleEnds[], owners: Owners): RiskyRow[] {
  const { connections, possible } = found;
  const rows = [
    ...picked('connections', connections, isWider).flatMap((row) => {
      return owners.crossing(owner, connections[row.index]!).map((part) => ({ ...row, ...part }));
    }),
    ...picked('possible', possible, isGained).map((row) => ({
      ...row,
      between: owners.betweenPossible(owner, ends[row.index]!),
    })),
  ];
  // Of a part all pairs may be exceptions of the row.
  return rows.filter((row) => row.between.length > 0 && weightOfRow(row, found) > 0);
}
