import type { Place } from '../model/issue';
import type { KubernetesObject } from './documents';

/** A Kubernetes Service: a name and ports in front of pods. */
export interface ServiceObject {
  readonly name: string;
  readonly namespace?: string;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort: number | string;
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  }[];
  readonly place: Place;
}

/** `targetPort` defaults to `port`, and `protocol` to TCP, as in the API. */
export function readServiceObject(object: KubernetesObject, place: Place): ServiceObject {
  const { name, namespace } = object.metadata;
  const { ports } = (object['spec'] ?? {}) as { ports?: unknown };
  return {
    name,
    ...(namespace ? { namespace } : {}),
    ports: (Array.isArray(ports) ? (ports as Partial<ServiceObject['ports'][number]>[]) : []).flatMap((port) => {
      if (typeof port?.port !== 'number') return [];
      const { targetPort = port.port, protocol = 'TCP' } = port;
      return [{ ...(port.name ? { name: port.name } : {}), port: port.port, targetPort, protocol }];
    }),
    place,
  };
}
