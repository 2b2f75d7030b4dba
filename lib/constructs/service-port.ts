import { Port } from '../model/port';
import type { PortRef } from '../model/program';
import type { Protocol } from '../sets/port-set';

/** A Kubernetes Service, from cdk8s-plus or from `Manifests`. */
export interface ServiceWithPorts {
  readonly name: string;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    /** @default port */
    readonly targetPort?: number | string;
    /** @default TCP */
    readonly protocol?: string;
  }[];
}

/**
 * The port of the pods that a Kubernetes Service's port leads to: policies are judged after the Service has translated it. A target
 * port that is a name stays one, and is looked up among the callee's ports.
 *
 * @param port the Service's port, by number or name
 * @throws RangeError if the Service has no such port
 */
export function servicePort(service: ServiceWithPorts, port: number | string): PortRef {
  const found = service.ports.find((candidate) =>
    typeof port === 'number' ? candidate.port === port : candidate.name === port,
  );
  if (!found) {
    const known = service.ports.map((p) => `\`${p.name ? `${p.name} ` : ''}${p.port}\``).join(', ') || 'none';
    throw new RangeError(`service \`${service.name}\` has no port \`${port}\`; it has ${known}`);
  }
  const target = found.targetPort ?? found.port;
  return typeof target === 'string' ? target : Port.range(target, target, (found.protocol ?? 'TCP') as Protocol);
}
