import { PortSet, type Protocol, protocols } from '../sets/port-set';

/** Ports that both sets allow at a pod that may call its ports anything: a name could be any number of its protocol. */
export function portsInCommon(a: PortSet, b: PortSet): PortSet {
  const common = a.intersect(b);
  const loose = protocols.flatMap((protocol) => [
    ...(hasNames(b, protocol) ? itemsOf(a, protocol) : []),
    ...(hasNames(a, protocol) ? itemsOf(b, protocol).filter((item) => 'first' in item) : []),
  ]);
  return loose.length === 0 ? common : common.union(PortSet.of(loose));
}

function itemsOf(set: PortSet, protocol: Protocol) {
  return set.items().filter((item) => item.protocol === protocol);
}

function hasNames(set: PortSet, protocol: Protocol): boolean {
  return itemsOf(set, protocol).some((item) => 'name' in item);
}
