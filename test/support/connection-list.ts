import { type AddressSet, addressesOf, addressRanges } from '../../lib/sets/address-set';
import { addressToString, parseAddress } from '../../lib/sets/cidr';
import { IntervalSet } from '../../lib/sets/interval-set';
import { PortSet, type Protocol, protocols } from '../../lib/sets/port-set';

export const ipv4: AddressSet = addressesOf({ cidr: '0.0.0.0/0', except: [] });

export interface Piece {
  readonly addresses: AddressSet;
  readonly ports: PortSet;
}

/**
 * Who may connect to whom on what, as np-guard's analyser lists it: workloads by name, and IPv4 addresses outside by range. Canonical, so
 * that neither order nor the way in which ranges are cut matters.
 */
export class ConnectionList {
  /** By `source => destination`, with `*` for addresses, and by the ports as text. A pair of workloads has all addresses. */
  private readonly added = new Map<
    string,
    Map<string, { readonly addresses: AddressSet[]; readonly ports: PortSet }>
  >();

  addPods(source: string, destination: string, ports: PortSet): void {
    if (source !== destination) this.add(`${source} => ${destination}`, { addresses: ipv4, ports });
  }

  addOutside(workload: string, direction: 'ingress' | 'egress', { addresses, ports }: Piece): void {
    const key = direction === 'ingress' ? `* => ${workload}` : `${workload} => *`;
    this.add(key, { addresses: addresses.intersect(ipv4), ports });
  }

  /** @param source a workload, or a range as in `0.0.0.0-9.255.255.255[External]`, as may be the destination */
  addLine(source: string, destination: string, ports: string): void {
    const [from, to] = [rangeOf(source), rangeOf(destination)];
    if (from) this.addOutside(destination, 'ingress', { addresses: from, ports: portsOf(ports) });
    else if (to) this.addOutside(source, 'egress', { addresses: to, ports: portsOf(ports) });
    else this.addPods(source, destination, portsOf(ports));
  }

  /** What each of two lists says where they differ. */
  static difference(old: ConnectionList, current: ConnectionList): [ConnectionList, ConnectionList] {
    const [before, after] = [new ConnectionList(), new ConnectionList()];
    for (const key of new Set([...old.added.keys(), ...current.added.keys()])) {
      for (const a of old.cover(key)) {
        for (const b of current.cover(key)) {
          const addresses = a.addresses.intersect(b.addresses);
          if (addresses.isEmpty || textOf(a.ports) === textOf(b.ports)) continue;
          before.add(key, { addresses, ports: a.ports });
          after.add(key, { addresses, ports: b.ports });
        }
      }
    }
    return [before, after];
  }

  /** Lines as in `demo/a[Deployment] => * on 80/TCP: 0.0.0.0-9.255.255.255`, sorted. */
  lines(): string[] {
    const lines = [...this.added.keys()].flatMap((key) => {
      const byPorts = new Map<string, AddressSet[]>();
      for (const { addresses, ports } of this.pieces(key)) {
        const text = textOf(ports);
        byPorts.set(text, [...(byPorts.get(text) ?? []), addresses]);
      }
      byPorts.delete('');
      return [...byPorts].map(([ports, sets]) => {
        const addresses = IntervalSet.union(sets);
        return `${key} on ${ports}${addresses.equals(ipv4) ? '' : `: ${rangesOf(addresses)}`}`;
      });
    });
    return lines.sort();
  }

  private add(key: string, { addresses, ports }: Piece): void {
    const byPorts = this.added.get(key) ?? new Map();
    this.added.set(key, byPorts);
    const known = byPorts.get(textOf(ports));
    if (known) known.addresses.push(addresses);
    else byPorts.set(textOf(ports), { addresses: [addresses], ports });
  }

  /** All that was added for a pair, as disjoint pieces. */
  private pieces(key: string): readonly Piece[] {
    let pieces: Piece[] = [];
    for (const { addresses: sets, ports } of this.added.get(key)?.values() ?? []) {
      const addresses = IntervalSet.union(sets);
      const rest = addresses.subtract(IntervalSet.union(pieces.map((piece) => piece.addresses)));
      pieces = pieces.flatMap((piece) => [
        { addresses: piece.addresses.subtract(addresses), ports: piece.ports },
        { addresses: piece.addresses.intersect(addresses), ports: piece.ports.union(ports) },
      ]);
      pieces = [...pieces, { addresses: rest, ports }].filter((piece) => !piece.addresses.isEmpty);
    }
    return pieces;
  }

  /** The pieces of a pair, and all other addresses with no ports. */
  private cover(key: string): readonly Piece[] {
    const pieces = this.pieces(key);
    const rest = ipv4.subtract(IntervalSet.union(pieces.map(({ addresses }) => addresses)));
    return [...pieces, { addresses: rest, ports: PortSet.empty }];
  }
}

const everything = PortSet.of(protocols.map((protocol) => ({ protocol, first: 1, last: 65535 })));

/** Every port of every protocol is one thing, however it is written. */
function textOf(ports: PortSet): string {
  return everything.isSubsetOf(ports) ? 'everything' : `${ports}`;
}

function rangesOf(addresses: AddressSet): string {
  return addressRanges(addresses)
    .map(({ first, last }) => `${addressToString(first)}-${addressToString(last)}`)
    .join();
}

/** `All Connections`, `No Connections`, or as in `TCP 1-79,8080,UDP 53`. */
function portsOf(text: string): PortSet {
  if (text === 'All Connections') return PortSet.all;
  if (text === 'No Connections') return PortSet.empty;
  let protocol: Protocol | undefined;
  return PortSet.of(
    text.split(/[ ,]/).flatMap((word) => {
      const known = protocols.find((p) => p === word);
      if (known) {
        protocol = known;
        return [];
      }
      const found = /^(\d+)(?:-(\d+))?$/.exec(word);
      if (!found || !protocol) throw new Error(`\`${text}\` cannot be read as ports`);
      return [{ protocol, first: Number(found[1]), last: Number(found[2] ?? found[1]) }];
    }),
  );
}

/** Undefined for a workload. */
function rangeOf(text: string): AddressSet | undefined {
  const found = /^([\d.]+)-([\d.]+)\[External\]$/.exec(text);
  if (found) return IntervalSet.of(parseAddress(found[1]!)!.value, parseAddress(found[2]!)!.value);
  if (/^[^/\s]+\/\S+\[[A-Z][A-Za-z]+\]$/.test(text)) return undefined;
  throw new Error(`\`${text}\` is neither a range of addresses nor a workload`);
}
