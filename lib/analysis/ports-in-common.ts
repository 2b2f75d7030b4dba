import { PortSet, type Protocol, protocols } from '../sets/port-set';

/** Ports that both sets allow at a pod that may call its ports anything: a name could be any number of its protocol. */
export function portsInCommon(a: PortSet, b: PortSet): PortSet {
  const common = a.intersect(b);
  const [namedA, namedB] = [protocolsOfNames(a), protocolsOfNames(b)];
  if (namedA.length === 0 && namedB.length === 0) return common;
  const loose = [
    ...a.items().filter(({ protocol }) => namedB.includes(protocol)),
    ...b.items().filter((item) => 'first' in item && namedA.includes(item.protocol)),
  ];
  return common.union(PortSet.of(loose));
}

/** Thousands of rules share a few sets. */
const known = new WeakMap<PortSet, readonly Protocol[]>();

function protocolsOfNames(set: PortSet): readonly Protocol[] {
  let found = known.get(set);
  if (!found) {
    found = protocols.filter((protocol) => set.items().some((item) => 'name' in item && item.protocol === protocol));
    known.set(set, found);
  }
  return found;
}
