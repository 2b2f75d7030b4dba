import type { ConnectivityListing } from '../../model/connectivity-listing';
import { Terms } from './ends';
import { visible } from './visible-text';

const header = ['from', 'to', 'ports', 'decision', 'because'];

/**
 * For spreadsheets: a record for each two ends that a row joins, where `shop/*` is all that the input has in that namespace and `*` all
 * of it. RFC 4180, and no cell is taken for a formula.
 */
export function connectivityToCsv(listing: ConnectivityListing): string {
  const terms = new Terms(listing, 'exact');
  const texts = (refs: Parameters<Terms['of']>[0]) =>
    terms.of(refs).map(({ text }) => (text === 'every workload' ? '*' : text));
  const records = [
    ...listing.connections.map((row) => ({ ...row, from: texts(row.sources), to: texts(row.destinations) })),
    ...listing.outside.map((row) => {
      const [own, addresses] = [texts(row.workloads), row.addresses.ranges];
      return { ...row, ...(row.direction === 'egress' ? { from: own, to: addresses } : { from: addresses, to: own }) };
    }),
  ].flatMap(({ from, to, ports, decision, because }) => {
    const rest = [ports.join(' '), decision, because.map(({ question }) => question).join(' ')];
    return from.flatMap((source) => to.map((destination) => [source, destination, ...rest]));
  });
  return csvOf([header, ...records]);
}

/** @param records the header first */
export function csvOf(records: readonly (readonly string[])[]): string {
  return records.map((record) => `${record.map(csvCell).join(',')}\r\n`).join('');
}

/** A quote before what a spreadsheet would compute (OWASP, CSV injection); `*` alone is harmless. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${visible(text)}` : visible(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
