import type { Issue } from '../../model/issue';
import type { PortSet } from '../../sets/port-set';
import type { Claim, ClaimEnd } from '../claim';
import type { Network } from '../network';
import { declaredPortsAt, portsAt } from '../ports-at';
import { endsNamed } from '../term';
import type { ConnectivityTable } from './table';

/** A claim of a table, and the row that makes it; undefined for what the default says. */
export interface TableClaim {
  readonly claim: Extract<Claim, { kind: 'allowed' | 'denied' }>;
  readonly row: number | undefined;
}

/** Ports of one pair, and what is stated of them. */
interface Part {
  readonly ports: PortSet;
  readonly verdict: 'allowed' | 'denied';
  readonly row: number | undefined;
}

/**
 * What a table says of each pair, later rows in place of earlier ones.
 * @param report receives what cannot be read, and what names nothing
 */
export function tableClaims(table: ConnectivityTable, network: Network, report: (issue: Issue) => void): TableClaim[] {
  const { cluster } = network;
  const named = (texts: readonly string[], where: string, place: Issue['place'] = table.place ?? {}) =>
    texts.flatMap((text) => endsNamed(text, cluster, where, (issue) => report({ ...issue, place })));
  const reportAt =
    (place: Issue['place'] = table.place ?? {}) =>
    (issue: Issue) =>
      report({ ...issue, place });
  const ends = named(table.among, 'among');
  const portsOf = (end: ClaimEnd, asked: readonly string[] | undefined, place?: Issue['place']) =>
    asked ? portsAt(asked, end, cluster, reportAt(place)) : declaredPortsAt(end, cluster);
  const pairs = new Map<string, { source: ClaimEnd; destination: ClaimEnd; parts: Part[] }>();
  for (const destination of ends) {
    const ports = portsOf(destination, table.ports);
    for (const source of ends) {
      if (keyOf(source) === keyOf(destination) || (source.kind === 'addresses' && destination.kind === 'addresses'))
        continue;
      const parts = [{ ports, verdict: table.default, row: undefined }];
      pairs.set(`${keyOf(source)} ${keyOf(destination)}`, { source, destination, parts });
    }
  }
  for (const [row, { from, to, ports: asked, verdict, place }] of table.rows.entries()) {
    const sources = named(from, 'from', place);
    for (const destination of named(to, 'to', place)) {
      const ports = portsOf(destination, asked ?? table.ports, place);
      for (const source of sources) {
        // A pattern on both sides names some workloads twice.
        if (keyOf(source) === keyOf(destination) && sources.length > 1) continue;
        const key = `${keyOf(source)} ${keyOf(destination)}`;
        const pair = pairs.get(key) ?? { source, destination, parts: [] };
        const parts = pair.parts.map((part) => ({ ...part, ports: part.ports.subtract(ports) }));
        pairs.set(key, { ...pair, parts: [...parts, { ports, verdict, row }] });
      }
    }
  }
  if (pairs.size === 0 && ends.length > 0) {
    const message = `the table states nothing: \`among\` names ${ends.length === 1 ? `only ${ends[0]!.text}` : 'no two ends of a connection'}, and there are no exceptions`;
    report({
      code: 'no-statements',
      message,
      place: table.place ?? {},
      hint: 'name more under `among`, or add an exception',
    });
  }
  return [...pairs.values()].flatMap(({ source, destination, parts }) =>
    parts
      .filter(({ ports }) => !ports.isEmpty)
      .map(({ ports, verdict, row }) => ({ claim: { kind: verdict, source, destination, ports }, row })),
  );
}

function keyOf(end: ClaimEnd): string {
  return end.kind === 'workload' ? `${end.workload.kind}/${end.text}` : end.text;
}
