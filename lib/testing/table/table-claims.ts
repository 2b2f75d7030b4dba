import type { Issue, Place } from '../../model/issue';
import { PortSet } from '../../sets/port-set';
import { bothOutside } from '../both-outside';
import type { Claim, ClaimEnd } from '../claim';
import type { Network } from '../network';
import { declaredPortsAt, portsAt } from '../ports-at';
import { endsNamed } from '../term';
import type { ConnectivityTable, PlaceOf } from './table';

/** A claim of a table, and the row that makes it; undefined for what the default says. */
export interface TableClaim {
  readonly claim: Extract<Claim, { kind: 'allowed' | 'denied' }>;
  readonly row: number | undefined;
}

/** Ports of one pair, and what is stated of them. */
interface Part {
  readonly ports: PortSet;
  /** Ports of later rows: where names are among them or these, either may be the other. */
  readonly but: PortSet;
  readonly verdict: 'allowed' | 'denied';
  readonly row: number | undefined;
}

/**
 * What a table says of each pair, later rows in place of earlier ones.
 * @param report receives what cannot be read, and what names nothing
 */
export function tableClaims(table: ConnectivityTable, network: Network, report: (issue: Issue) => void): TableClaim[] {
  const { cluster } = network;
  const { place = {}, placeOf = () => place } = table;
  const reportAt = (own: Place) => (issue: Issue) => report({ ...issue, place: own });
  const named = (texts: readonly string[], field: 'among' | 'from' | 'to', at: PlaceOf) =>
    texts.flatMap((text, i) => endsNamed(text, cluster, '', reportAt(at(field, i))));
  const portsOf = (end: ClaimEnd, asked: readonly string[] | undefined, at: PlaceOf) =>
    asked
      ? asked
          .map((port, i) => portsAt([port], end, cluster, reportAt(at('ports', i))))
          .reduce((all, ports) => all.union(ports), PortSet.empty)
      : declaredPortsAt(end, cluster);
  const ends = named(table.among, 'among', placeOf);
  const pairs = new Map<string, { source: ClaimEnd; destination: ClaimEnd; parts: Part[] }>();
  for (const destination of ends) {
    const ports = portsOf(destination, table.ports, placeOf);
    for (const source of ends) {
      if (keyOf(source) === keyOf(destination) || (source.kind === 'addresses' && destination.kind === 'addresses'))
        continue;
      const parts = [{ ports, but: PortSet.empty, verdict: table.default, row: undefined }];
      pairs.set(`${keyOf(source)} ${keyOf(destination)}`, { source, destination, parts });
    }
  }
  for (const [row, written] of table.rows.entries()) {
    const { from, to, ports: asked, verdict, place: rowPlace = place, placeOf: at = () => rowPlace } = written;
    const sources = named(from, 'from', at);
    for (const destination of named(to, 'to', at)) {
      const ports = asked ? portsOf(destination, asked, at) : portsOf(destination, table.ports, placeOf);
      for (const source of sources) {
        if (bothOutside(source, destination, reportAt(rowPlace))) continue;
        // A pattern on both sides names some workloads twice.
        if (keyOf(source) === keyOf(destination) && sources.length > 1) continue;
        const key = `${keyOf(source)} ${keyOf(destination)}`;
        const pair = pairs.get(key) ?? { source, destination, parts: [] };
        const parts = pair.parts.map((part) => {
          return { ...part, ports: part.ports.subtract(ports), but: part.but.union(ports) };
        });
        pairs.set(key, { ...pair, parts: [...parts, { ports, but: PortSet.empty, verdict, row }] });
      }
    }
  }
  if (pairs.size === 0 && ends.length > 0 && table.rows.length === 0) {
    const message = `the table states nothing: \`among\` names ${ends.length === 1 ? `only ${ends[0]!.text}` : 'no two ends of a connection'}, and there are no exceptions`;
    report({ code: 'no-statements', message, place, hint: 'name more under `among`, or add an exception' });
  }
  return [...pairs.values()].flatMap(({ source, destination, parts }) =>
    parts
      .filter(({ ports }) => !ports.isEmpty)
      .map(({ ports, but, verdict, row }): TableClaim => {
        const ends = { source, destination, ports };
        return { claim: verdict === 'allowed' ? { kind: verdict, ...ends } : { kind: verdict, ...ends, but }, row };
      }),
  );
}

function keyOf(end: ClaimEnd): string {
  return end.kind === 'workload' ? `${end.workload.kind}/${end.text}` : end.text;
}
