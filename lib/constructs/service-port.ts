import { Port } from '../model/port';
import type { PortRef } from '../model/program';
import type { Protocol } from '../sets/port-set';
import { show } from './options';

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
 * port that is a name stays one, and is looked up among the callee's ports. A port that the Service does not have, or has in
 * several protocols, is reported where it is used, with all other mistakes of the program.
 *
 * @param port the Service's port: by number, by name, or as `53/UDP`
 */
export function servicePort(service: ServiceWithPorts, port: number | string): PortRef {
  if (!Array.isArray(service?.ports)) {
    return Port.mistaken(`\`${show(service)}\` is no Kubernetes Service: give that of \`Manifests\`, or of cdk8s-plus`);
  }
  const found = service.ports.filter((candidate) =>
    [candidate.port, numbered(candidate), ...(candidate.name ? [candidate.name] : [])].includes(port),
  );
  const [first] = found;
  if (!first || found.length > 1) {
    const has = service.ports.map((p) => `\`${numbered(p)}\`${p.name ? ` (\`${p.name}\`)` : ''}`).join(', ') || 'none';
    const wrong = first ? `has several ports \`${port}\`` : `has no port \`${port}\``;
    return Port.mistaken(`Kubernetes Service \`${service.name}\` ${wrong}; its ports are ${has}`);
  }
  const target = first.targetPort ?? first.port;
  return typeof target === 'string' ? target : Port.range(target, target, protocolOf(first));
}

type ServicePort = ServiceWithPorts['ports'][number];

const protocolOf = ({ protocol = 'TCP' }: ServicePort) => protocol as Protocol;
const numbered = (port: ServicePort) => `${port.port}/${protocolOf(port)}`;
