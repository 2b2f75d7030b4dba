import type { Place } from '../model/issue';
import type { ServiceObject } from '../model/service-object';
import type { KubernetesObject } from './documents';

/** `targetPort` defaults to `port`, and `protocol` to TCP, as in the API. */
export function readServiceObject(object: KubernetesObject, place: Place): ServiceObject {
  const { name, namespace } = object.metadata;
  const { ports, selector } = (object['spec'] ?? {}) as { ports?: unknown; selector?: Record<string, string> };
  return {
    name,
    ...(namespace ? { namespace } : {}),
    ...(selector && Object.keys(selector).length > 0 ? { selector } : {}),
    ports: (Array.isArray(ports) ? (ports as Partial<ServiceObject['ports'][number]>[]) : []).flatMap((port) => {
      if (typeof port?.port !== 'number') return [];
      const { targetPort = port.port, protocol = 'TCP' } = port;
      return [{ ...(port.name ? { name: port.name } : {}), port: port.port, targetPort, protocol }];
    }),
    place,
  };
}
