import { flowsOf } from '../model/flow';
import {
  defaultDenyOf,
  type EnvironmentModel,
  type Intent,
  isGroup,
  isolatesIn,
  type NamespaceModel,
  namespaceOf,
  type Program,
} from '../model/program';
import { namespaceNameKey } from '../model/selector';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';

/** DNS servers of an environment in a namespace of this app, to which nobody is let in. */
export interface DeniedDns {
  readonly environment: EnvironmentModel;
  readonly namespace: NamespaceModel;
  /** Who answers, as in `kube-dns`. */
  readonly description: string;
}

/** Egress to the DNS servers is implied, and ingress at them is not: a namespace of this app denies it until a service is opened. */
export function deniedDns(program: Program, active: readonly Intent[]): DeniedDns[] {
  return program.environments.flatMap((environment) => {
    const { servers, port } = environment.dns;
    const ports = PortSet.of((['TCP', 'UDP'] as const).map((protocol) => ({ protocol, first: port, last: port })));
    return servers.flatMap((server) => {
      if (server.kind !== 'pods') return [];
      const homes = program.namespaces.filter((namespace) => {
        const { name, labels } = namespace;
        const here = namespace.environment.cluster === environment.cluster;
        return (
          here && isolates(namespace, server.pods) && server.namespaces.matches({ ...labels, [namespaceNameKey]: name })
        );
      });
      return homes
        .filter(
          (namespace) =>
            !isOpened(active, namespace, (flow) => flow.ports.mayMeet(ports) && flow.subject.pods.meets(server.pods)),
        )
        .map((namespace) => ({ environment, namespace, description: server.description }));
    });
  });
}

/** Whether some of the pods are denied ingress that nobody declares. */
function isolates(namespace: NamespaceModel, pods: LabelBox): boolean {
  const isolated = namespace.services.filter((service) => isolatesIn(service.isolates, 'ingress'));
  return isolatesIn(defaultDenyOf(namespace), 'ingress') || isolated.some((service) => service.pods.meets(pods));
}

type Flow = ReturnType<typeof flowsOf> extends Generator<infer F> ? F : never;

function isOpened(active: readonly Intent[], namespace: NamespaceModel, holds: (flow: Flow) => boolean): boolean {
  return active.some(({ callee, ...intent }) => {
    if (!isGroup(callee) || namespaceOf(callee) !== namespace) return false;
    return [...flowsOf({ callee, ...intent })].some((flow) => flow.direction === 'ingress' && holds(flow));
  });
}
