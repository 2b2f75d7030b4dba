import type { Ends } from '../../analysis/open-world/meetings';
import { shownPort } from '../../analysis/open-world/shown-port';
import type { Cluster, PlacedWorkload } from '../../model/cluster';
import { namespaceNameKey } from '../../model/selector';
import { specialAddresses } from '../../model/special-addresses';
import { addressesOf, cidrsOfAddresses } from '../../sets/address-set';
import { addressToString } from '../../sets/cidr';
import { IntervalSet } from '../../sets/interval-set';
import type { PortItem, PortSet } from '../../sets/port-set';
import type { Network } from '../network';
import type { PossibleConnection } from '../possible-pods';
import { isItself } from '../world';

const special = IntervalSet.union(specialAddresses.map((cidr) => addressesOf({ cidr, except: [] })));

/**
 * How a test names some of the ends: a workload that is among them, else all pods that are, or one address.
 * @param known see {@link knownBetween}
 */
export function endText(ends: Ends, { cluster }: Network, known: PlacedWorkload | undefined): string {
  if ('addresses' in ends) {
    const usual = ends.addresses.subtract(special);
    const [first] = cidrsOfAddresses(usual.isEmpty ? ends.addresses : usual);
    return first ? addressToString({ family: first.family, value: first.first }) : '';
  }
  if (known) return `${known.namespace}/${known.name}`;
  if (ends.namespaces.keys.some((key) => key !== namespaceNameKey)) return `{${ends.namespaces}}{${ends.pods}}`;
  const [name] = ends.namespaces.valuesOf(namespaceNameKey) ?? [];
  return name === undefined
    ? `${unusedName(cluster.namespaces.map((n) => n.name))}{${ends.pods}}`
    : `${name}{${ends.pods}}`;
}

/** A workload at each end, where there is one; none that reaches only itself. */
export function knownBetween(
  { source, destination, ports }: PossibleConnection,
  cluster: Cluster,
): (PlacedWorkload | undefined)[] {
  const callee = knownAmong(destination, ports, cluster);
  const workloads = cluster.workloads.filter((caller) => !callee || !isItself(caller, callee));
  return [knownAmong(source, ports, { ...cluster, workloads }), callee];
}

/** A workload that is among the ends: one that calls a port as the ports do, if there is one. */
function knownAmong(ends: Ends, ports: PortSet, { namespaces, workloads }: Cluster): PlacedWorkload | undefined {
  if ('addresses' in ends) return undefined;
  const labels = new Map(namespaces.map((n) => [n.name, n.labels] as const));
  const fitting = workloads.filter(
    ({ namespace, podLabels }) => ends.namespaces.matches(labels.get(namespace) ?? {}) && ends.pods.matches(podLabels),
  );
  const items = ports.items();
  return fitting.find((workload) => items.some((item) => 'name' in item && calledSo(item, workload))) ?? fitting[0];
}

function calledSo({ name, protocol }: PortItem & { name: string }, { ports }: PlacedWorkload) {
  return ports.find((port) => port.name === name && port.protocol === protocol);
}

/** A namespace that is not in the input. */
function unusedName(taken: readonly string[]): string {
  let name = 'other';
  for (let n = 2; taken.includes(name); n++) name = `other-${n}`;
  return name;
}

/** A port as a test asks for it, and as it is shown. */
export interface WitnessPort {
  /** Undefined for every port. */
  readonly asked: string | undefined;
  readonly shown: string;
}

/** Of ports by name, one may be this as well as any other number, and hardly a rule is for it. */
const rarelyOpen = 1;

/**
 * Some of the ports, as in `8080/TCP`. A name is the number of that port at a destination that is known; a pod that could exist may call any number
 * so: a test asks for one that somebody calls so, or by the name.
 */
export function witnessPorts(
  ports: PortSet,
  destination: PlacedWorkload | undefined,
  { workloads }: Cluster,
): WitnessPort[] {
  const items = ports.items();
  const plain = (text: string) => ({ asked: text, shown: text });
  // Some may be open by a name already, which could be any number of its protocol.
  if (items.length === 0)
    return [{ asked: undefined, shown: 'every port' }, ...['80/TCP', '53/UDP', '80/SCTP'].map(plain)];
  const found = [shownPort(ports)!, ...items].flatMap((item): WitnessPort[] => {
    const { protocol } = item;
    if (!('name' in item)) return [plain(`${item.first}/${protocol}`), plain(`${item.last}/${protocol}`)];
    const own = destination && calledSo(item, destination);
    if (own) return [plain(`${own.number}/${protocol}`)];
    const numbers = workloads.flatMap((workload) => calledSo(item, workload)?.number ?? []);
    const shown = `${item.name}/${protocol} (whatever its number)`;
    const asked = [...new Set(numbers)].slice(0, 3);
    return [...asked, item.name, rarelyOpen].map((port) => ({ asked: `${port}/${protocol}`, shown }));
  });
  return [...new Map(found.map((port) => [port.asked, port])).values()].slice(0, 6);
}
