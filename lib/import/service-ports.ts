import type { Cluster, PlacedWorkload } from '../model/cluster';
import { type PortItem, PortSet } from '../sets/port-set';

type Services = Cluster['services'];
export type Ports = ReadonlyMap<string, PortItem>;

/** So many numbers in a row are named one by one. */
const few = 3;

/**
 * The ports of a workload's containers by name, and those that intents ask for beside them. Empty for pods of which no container is known, or
 * none that declares a port: intents then give the ports themselves.
 */
export function declaredPorts(
  workloads: readonly PlacedWorkload[],
  asked: readonly PortSet[],
  services: Services,
): Ports {
  const ports = new Map<string, PortItem>();
  const items = asked.filter((set) => !set.isEverything).flatMap((set) => set.items());
  for (const workload of workloads) {
    for (const { name, number, protocol } of workload.ports) {
      const item: PortItem = { protocol, first: number, last: number };
      if ([...ports.values()].some((other) => sameItem(other, item))) continue;
      const known = name ?? nameIn(services, workload, number, protocol);
      const byName =
        known !== undefined && items.find((i) => 'name' in i && i.name === known && i.protocol === protocol);
      const free = known !== undefined && !ports.has(known) ? known : unnamedPort(item);
      ports.set(free, byName || item);
    }
  }
  if (ports.size === 0) return ports;
  let declared = PortSet.of(ports.values());
  for (const item of items.flatMap((item) => expanded(item, declared))) {
    const set = PortSet.of([item]);
    if (set.isSubsetOf(declared)) continue;
    ports.set('name' in item && !ports.has(item.name) ? item.name : unnamedPort(item), item);
    declared = declared.union(set);
  }
  return ports;
}

/** What a port is called that has no name, as in `udp-53`. */
export function unnamedPort(item: PortItem): string {
  const { protocol } = item;
  if ('name' in item) return `${protocol.toLowerCase()}-${item.name}`;
  return `${protocol.toLowerCase()}-${item.first}${item.last > item.first ? `-${item.last}` : ''}`;
}

/** A range as the ports in it, where these are declared one by one or few. */
export function expanded(item: PortItem, declared: PortSet): readonly PortItem[] {
  if ('name' in item || item.first === item.last) return [item];
  const { protocol, first, last } = item;
  const single = (port: number): PortItem => ({ protocol, first: port, last: port });
  const length = last - first + 1;
  const known = length <= 64 && PortSet.of([item]).isSubsetOf(declared);
  return known || length <= few ? Array.from({ length }, (_, i) => single(first + i)) : [item];
}

export function sameItem(a: PortItem, b: PortItem): boolean {
  return PortSet.of([a]).equals(PortSet.of([b]));
}

/** The name that a Kubernetes Service in front of the pods gives the port. */
function nameIn(services: Services, workload: PlacedWorkload, number: number, protocol: string): string | undefined {
  for (const { namespace, selector, ports } of services) {
    if (namespace !== workload.namespace || !selector) continue;
    if (!Object.entries(selector).every(([key, value]) => workload.podLabels[key] === value)) continue;
    const port = ports.find((p) => p.targetPort === number && p.protocol === protocol && p.name !== undefined);
    if (port) return port.name;
  }
  return undefined;
}
