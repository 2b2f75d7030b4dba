import type { Ends } from '../../analysis/open-world/meetings';
import { shownPort } from '../../analysis/open-world/shown-port';
import { namespaceNameKey } from '../../model/selector';
import { specialAddresses } from '../../model/special-addresses';
import { addressesOf, cidrsOfAddresses } from '../../sets/address-set';
import { addressToString } from '../../sets/cidr';
import { IntervalSet } from '../../sets/interval-set';
import type { PortSet } from '../../sets/port-set';
import type { Network } from '../network';

const special = IntervalSet.union(specialAddresses.map((cidr) => addressesOf({ cidr, except: [] })));

/** How a test names some of the ends: a workload that is among them, else all pods that are, or one address. */
export function endText(ends: Ends, { cluster }: Network, named: 'known' | 'possible'): string {
  if ('addresses' in ends) {
    const usual = ends.addresses.subtract(special);
    const [first] = cidrsOfAddresses(usual.isEmpty ? ends.addresses : usual);
    return first ? addressToString({ family: first.family, value: first.first }) : '';
  }
  const labels = new Map(cluster.namespaces.map((n) => [n.name, n.labels] as const));
  const known = cluster.workloads.find(
    ({ namespace, podLabels }) => ends.namespaces.matches(labels.get(namespace) ?? {}) && ends.pods.matches(podLabels),
  );
  if (known && named === 'known') return `${known.namespace}/${known.name}`;
  if (ends.namespaces.keys.some((key) => key !== namespaceNameKey)) return `{${ends.namespaces}}{${ends.pods}}`;
  const [name] = ends.namespaces.valuesOf(namespaceNameKey) ?? [];
  return name === undefined
    ? `${unusedName(cluster.namespaces.map((n) => n.name))}{${ends.pods}}`
    : `${name}{${ends.pods}}`;
}

/** A namespace that is not in the input. */
function unusedName(taken: readonly string[]): string {
  let name = 'other';
  for (let n = 2; taken.includes(name); n++) name = `other-${n}`;
  return name;
}

/** Some of the ports, as in `8080/TCP`; undefined for all of every protocol. A pod that could exist may call any number by a name. */
export function witnessPorts(ports: PortSet): (string | undefined)[] {
  const items = ports.items();
  if (items.length === 0) return [undefined];
  const texts = [shownPort(ports)!, ...items].flatMap((item) =>
    'name' in item ? [`1/${item.protocol}`] : [`${item.first}/${item.protocol}`, `${item.last}/${item.protocol}`],
  );
  return [...new Set(texts)].slice(0, 6);
}
