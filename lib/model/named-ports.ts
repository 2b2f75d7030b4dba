import { PortSet } from '../sets/port-set';
import type { PodPort } from './workload';

/**
 * The ports as numbers, at a destination with these: a name that none of them has, with its protocol, is no port; one of which the number is not
 * known stays a name.
 */
export function resolveNames(ports: PortSet, own: readonly PodPort[]): PortSet {
  const items = ports.items();
  if (items.every((item) => 'first' in item)) return ports;
  return PortSet.of(
    items.flatMap((item) => {
      if ('first' in item) return [item];
      const { name, protocol } = item;
      return own
        .filter((port) => port.name === name && port.protocol === protocol)
        .map(({ number }) => (number === undefined ? item : { protocol, first: number, last: number }));
    }),
  );
}
