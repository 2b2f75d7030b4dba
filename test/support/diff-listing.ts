import type { DiffListing, PortsAtOnce } from '../../lib/model/diff-listing';
import { type AddressSet, addressesOf, everyAddress } from '../../lib/sets/address-set';
import { IntervalSet } from '../../lib/sets/interval-set';
import { PortSet, type Protocol } from '../../lib/sets/port-set';

/** What a listing says of one pair of workloads. */
export interface ListedPair {
  readonly before: { readonly certain: PortSet; readonly possible: PortSet };
  readonly after: { readonly certain: PortSet; readonly possible: PortSet };
}

/** Every pair of workloads that some row holds, by `source => destination`. @throws Error where two rows hold one */
export function pairsOf({ connections }: DiffListing): Map<string, ListedPair> {
  const pairs = new Map<string, ListedPair>();
  for (const row of connections) {
    const except = new Set(
      row.except.flatMap(({ source, destinations }) =>
        destinations.map((d) => `${source.kind} ${source.id} => ${d.kind} ${d.id}`),
      ),
    );
    for (const source of row.sources) {
      for (const destination of row.destinations) {
        const key = `${source.kind} ${source.id} => ${destination.kind} ${destination.id}`;
        if (except.has(key)) continue;
        if (pairs.has(key)) throw new Error(`two rows hold ${key}`);
        pairs.set(key, { before: reachOf(row.before), after: reachOf(row.after) });
      }
    }
  }
  return pairs;
}

export function reachOf({ allowed, unknown }: PortsAtOnce) {
  const certain = portsOf(allowed);
  return { certain, possible: certain.union(portsOf(unknown)) };
}

/** The opposite of `portTexts`. */
export function portsOf(texts: readonly string[]): PortSet {
  if (texts.includes('*')) return PortSet.all;
  const numbered = PortSet.of(
    texts.flatMap((text) => {
      const found = /^(\d+)(?:-(\d+))?\/(TCP|UDP|SCTP)$/.exec(text);
      if (!found) return [];
      return [{ protocol: found[3] as Protocol, first: Number(found[1]), last: Number(found[2] ?? found[1]) }];
    }),
  );
  const everyNumber = PortSet.of(
    (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({ protocol, first: 1, last: 65535 })),
  );
  return texts.includes('other') ? numbered.union(PortSet.all.subtract(everyNumber)) : numbered;
}

/** The opposite of how a listing writes ranges. */
export function addressesIn(ranges: readonly string[]): AddressSet {
  if (ranges.includes('any address')) return everyAddress;
  return IntervalSet.union(
    ranges.map((range) => {
      const [from, to] = range.split('-') as [string, string?];
      if (to === undefined) return addressesOf({ cidr: from, except: [] });
      const [first, last] = [from, to].map((text) =>
        addressesOf({ cidr: `${text}/${text.includes(':') ? 128 : 32}`, except: [] }),
      );
      return IntervalSet.of(first!.intervals[0]!.first, last!.intervals[0]!.first);
    }),
  );
}
