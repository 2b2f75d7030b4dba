import { PortSet } from '../sets/port-set';
import type { ContainerPort } from './workload';

/** The ports as numbers, at a destination with these containers: a name that none of them gives, with its protocol, is no port. */
export function resolveNames(ports: PortSet, containers: readonly ContainerPort[]): PortSet {
  const items = ports.items();
  if (items.every((item) => 'first' in item)) return ports;
  return PortSet.of(
    items.flatMap((item) => {
      if ('first' in item) return [item];
      const { name, protocol } = item;
      return containers
        .filter((port) => port.name === name && port.protocol === protocol)
        .map(({ number }) => ({ protocol, first: number, last: number }));
    }),
  );
}
