import type { ConnectionChange, DiffListing, OutsideChange } from '../../model/diff-listing';
import { csvOf } from '../connectivity/csv';
import { Terms } from '../connectivity/ends';
import { counted } from '../connectivity/visible-text';
import { causeText, possibleEnds, shownPossible, termSource } from './words';

const header = ['change', 'from', 'to', 'before', 'unknown before', 'after', 'unknown after', 'because', 'causes'];

/** For spreadsheets: a record for each two ends that a row joins, where `shop/*` is all that the input has in that namespace; then those for pods that could exist. RFC 4180. */
export function diffToCsv(listing: DiffListing): string {
  const terms = new Terms(termSource(listing), 'exact');
  const texts = (refs: Parameters<Terms['of']>[0]) =>
    terms.of(refs).map(({ text }) => (text === 'every workload' ? '*' : text));
  const records = [
    ...listing.connections.flatMap((row) => product(texts(row.sources), texts(row.destinations), row)),
    ...listing.outside.flatMap((row) => {
      const [own, addresses] = [texts(row.workloads), row.addresses.ranges];
      return row.direction === 'egress' ? product(own, addresses, row) : product(addresses, own, row);
    }),
    ...shownPossible(listing).flatMap((row) => {
      const { from, to } = possibleEnds(row);
      const ports = row.ports.join(' ');
      const rest = [
        ...(row.kind === 'gained' ? ['', '', ports, ''] : [ports, '', '', '']),
        `any pod that could exist, ${row.direction} alone${row.extent === 'part' ? `; in part, as ${row.example}` : ''}`,
        row.causes.map(causeText).join('; '),
      ];
      return from.flatMap((source) =>
        to.map((destination) => [row.kind === 'gained' ? 'added' : 'removed', source, destination, ...rest]),
      );
    }),
  ];
  return csvOf([header, ...records]);
}

function product(
  from: readonly string[],
  to: readonly string[],
  row: ConnectionChange | OutsideChange,
): (readonly string[])[] {
  const { change, before, after, because, causes } = row;
  const holes = 'except' in row ? row.except.reduce((sum, { destinations }) => sum + destinations.length, 0) : 0;
  const rest = [
    ...[before.allowed, before.unknown, after.allowed, after.unknown].map((ports) => ports.join(' ')),
    [
      ...because.map(({ question }) => question),
      ...(holes > 0 ? [`not for ${counted(holes, 'pair')} of it`] : []),
    ].join('; '),
    causes.map(causeText).join('; '),
  ];
  return from.flatMap((source) => to.map((destination) => [change, source, destination, ...rest]));
}
