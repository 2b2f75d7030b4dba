import { listedPlace } from '../../analysis/connectivity/listing-place';
import type { Issue } from '../../model/issue';
import type { TestCase, TestSuite } from '../../model/test-run';
import { breachToString, explanationText } from '../breach-text';
import type { Network } from '../network';
import type { ConnectivityTable, TableRow } from './table';
import type { TableClaim } from './table-claims';

/** Checks what a table says: a case for each row that says something, and one for all that the rows leave. */
export function runTable(table: ConnectivityTable, claims: readonly TableClaim[], network: Network): TestSuite {
  const byRow = new Map<number | undefined, TableClaim[]>();
  for (const claim of claims) {
    const list = byRow.get(claim.row);
    if (list) list.push(claim);
    else byRow.set(claim.row, [claim]);
  }
  const rest = byRow.get(undefined);
  const cases = table.rows.flatMap((row, i) => {
    const own = byRow.get(i);
    return own ? [caseOf(rowToString(row), own, network, row.place ?? table.place ?? {})] : [];
  });
  const others = table.rows.length > 0 ? 'everything else' : 'everything';
  return {
    name: table.name,
    place: listedPlace(table.place ?? {}),
    cases: [...cases, ...(rest ? [caseOf(`${others} is ${table.default}`, rest, network, table.place ?? {})] : [])],
  };
}

function caseOf(name: string, claims: readonly TableClaim[], network: Network, place: Issue['place']): TestCase {
  const breaches = claims.flatMap(({ claim }) => network.world.check(claim) ?? []);
  return {
    name,
    result: breaches.length === 0 ? 'passed' : 'failed',
    connections: claims.length,
    failures: breaches.map(breachToString),
    explanation: breaches[0] ? explanationText(breaches[0], network) : '',
    place: listedPlace(place),
  };
}

/** As in `shop/frontend → shop/cart on grpc is allowed`. */
function rowToString({ from, to, ports, verdict }: TableRow): string {
  return `${from.join(', ')} → ${to.join(', ')}${ports ? ` on ${ports.join(', ')}` : ''} is ${verdict}`;
}
