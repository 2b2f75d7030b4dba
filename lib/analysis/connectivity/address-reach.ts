import type { CniProfile } from '../../model/cni-profile';
import type { Direction } from '../../model/policy';
import type { PodPort } from '../../model/workload';
import { type AddressSet, addressesOf, everyAddress } from '../../sets/address-set';
import { IntervalSet } from '../../sets/interval-set';
import { PortSet } from '../../sets/port-set';
import { allPorts, noPorts, type PortId, type PortTable, RulePorts } from './port-table';
import type { Side } from './sides';

/** Addresses outside the cluster that are treated alike. */
export interface AddressReach {
  readonly addresses: AddressSet;
  readonly certain: PortSet;
  readonly possible: PortSet;
}

const everyIpv6Address = addressesOf({ cidr: '::/0', except: [] });

/**
 * What one side lets through to or from addresses outside the cluster: disjoint sets of addresses with their ports, by first
 * address; addresses with no port are left out.
 * @param ports of the pod, where it is the destination; none where the address is, since no name resolves there
 */
export function addressReach(
  side: Side,
  direction: Direction,
  ports: readonly PodPort[],
  table: PortTable,
  { facts }: CniProfile,
): AddressReach[] {
  if (side.isolation === 'none') return [{ addresses: everyAddress, certain: PortSet.all, possible: PortSet.all }];
  if (side.isolation === 'unread') return [{ addresses: everyAddress, certain: PortSet.empty, possible: PortSet.all }];
  const known = knownReach(side, direction, ports, table);
  const rest = everyAddress.subtract(IntervalSet.union(known.map(([addresses]) => addresses)));
  const isJudged = facts.enforcesIpv6.value !== 'no';
  return [...known, [rest, noPorts] as const]
    .flatMap(([addresses, id]): AddressReach[] => {
      const certain = table.setOf(id);
      if (side.isolation !== 'certain') return [{ addresses, certain, possible: PortSet.all }];
      if (isJudged) return [{ addresses, certain, possible: certain }];
      return [
        { addresses: addresses.subtract(everyIpv6Address), certain, possible: certain },
        { addresses: addresses.intersect(everyIpv6Address), certain, possible: PortSet.all },
      ];
    })
    .filter(({ addresses, possible }) => !addresses.isEmpty && !possible.isEmpty);
}

function knownReach(
  side: Side,
  direction: Direction,
  ports: readonly PodPort[],
  table: PortTable,
): [AddressSet, PortId][] {
  let everyone: PortId = noPorts;
  const blocks: { readonly first: bigint; readonly last: bigint; readonly id: PortId }[] = [];
  for (const rule of side.enforced.flatMap(({ rules }) => rules)) {
    if (rule.direction !== direction || rule.peers.every(({ kind }) => kind === 'pods')) continue;
    const id = new RulePorts(rule.ports, table).at(direction === 'ingress' ? ports : []);
    for (const peer of rule.peers) {
      if (peer.kind === 'everyone') everyone = table.union(everyone, id);
      if (peer.kind !== 'addresses') continue;
      for (const { first, last } of addressesOf(peer.block).intervals) blocks.push({ first, last, id });
    }
  }
  if (everyone === allPorts) return [[everyAddress, allPorts]];
  const byPorts = new Map<PortId, AddressSet[]>();
  const collect = (id: PortId, addresses: AddressSet) => byPorts.set(id, [...(byPorts.get(id) ?? []), addresses]);
  const cut = [...pieces(blocks, table)].map(({ first, last, id }) => ({ addresses: IntervalSet.of(first, last), id }));
  for (const { addresses, id } of cut) collect(table.union(id, everyone), addresses);
  collect(everyone, everyAddress.subtract(IntervalSet.union(cut.map(({ addresses }) => addresses))));
  return [...byPorts]
    .filter(([id]) => id !== noPorts)
    .map(([id, sets]): [AddressSet, PortId] => [IntervalSet.union(sets), id])
    .filter(([addresses]) => !addresses.isEmpty)
    .sort(([a], [b]) => (a.intervals[0]!.first < b.intervals[0]!.first ? -1 : 1));
}

/** Cuts overlapping ranges into disjoint ones, each with the ports of all ranges that hold it. */
function* pieces(
  blocks: readonly { readonly first: bigint; readonly last: bigint; readonly id: PortId }[],
  table: PortTable,
): Generator<{ readonly first: bigint; readonly last: bigint; readonly id: PortId }> {
  const cuts = [...new Set(blocks.flatMap(({ first, last }) => [first, last + 1n]))].sort((a, b) => (a < b ? -1 : 1));
  const starting = [...blocks].sort((a, b) => (a.first < b.first ? -1 : 1));
  let open: typeof starting = [];
  let next = 0;
  for (const [i, first] of cuts.entries()) {
    const end = cuts[i + 1];
    if (end === undefined) return;
    while (next < starting.length && starting[next]!.first <= first) open.push(starting[next++]!);
    open = open.filter(({ last }) => last >= first);
    const id = open.reduce((ids, block) => table.union(ids, block.id), noPorts);
    if (id !== noPorts) yield { first, last: end - 1n, id };
  }
}
