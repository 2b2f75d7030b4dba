import { type PortItem, PortSet } from '../../sets/port-set';

/** That a reader knows, the best known first. */
const familiar: readonly PortItem[] = [
  { protocol: 'TCP', first: 80, last: 80 },
  { protocol: 'TCP', first: 443, last: 443 },
  { protocol: 'TCP', first: 8080, last: 8080 },
  { protocol: 'UDP', first: 53, last: 53 },
];

/** The one of the ports to show for all of them, always the same one: a familiar one if it is among them; undefined if it is every port of every protocol, or none. */
export function shownPort(ports: PortSet): PortItem | undefined {
  const [first] = ports.items();
  return first && (familiar.find((item) => PortSet.of([item]).isSubsetOf(ports)) ?? first);
}
