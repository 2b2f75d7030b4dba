import { PortSet, protocols } from '../sets/port-set';

/** Ports that both sets allow at a pod that may call its ports anything: a name that one of them lacks may be any number of the other's. */
export function portsInCommon(a: PortSet, b: PortSet): PortSet {
  const common = a.intersect(b);
  if (a.byName.isEmpty && b.byName.isEmpty) return common;
  return common.union(anyNumber(a.subtract(b)).intersect(b)).union(anyNumber(b.subtract(a)).intersect(a));
}

/** The same at a pod that is known, but for the numbers of some names: two names are two ports there. */
export function portsInCommonAt(a: PortSet, b: PortSet): PortSet {
  const common = a.intersect(b);
  if (a.byName.isEmpty && b.byName.isEmpty) return common;
  const [byNumber, other] = [a, b].map((ports) => ports.subtract(ports.byName)) as [PortSet, PortSet];
  return common.union(portsInCommon(a.byName, other)).union(portsInCommon(byNumber, b.byName));
}

/** With every port of the protocol in place of a name. */
function anyNumber(ports: PortSet): PortSet {
  const named = new Set(ports.byName.items().map(({ protocol }) => protocol));
  const whole = protocols.filter((p) => named.has(p)).map((protocol) => ({ protocol, first: 1, last: 65535 }));
  return ports.union(PortSet.of(whole));
}
