import { type Flow, flowsOf } from '../model/flow';
import type { NetworkPolicy } from '../model/network-policy';
import type { Intent, NamespaceModel, Program, ServiceModel } from '../model/program';
import { defaultDeny, type NamespaceObject, namespaceObject, rawPolicy } from './namespace-objects';
import { servicePolicy } from './service-policy';

/** What is written for one namespace: its service policies in the order of their names, and then those that are kept as they are. */
export interface CompiledNamespace {
  readonly namespace: NamespaceModel;
  readonly object: NamespaceObject | undefined;
  readonly defaultDeny: NetworkPolicy | undefined;
  readonly policies: readonly NetworkPolicy[];
}

/**
 * The objects of a program without mistakes, as of a day: namespaces by environment and name, and one policy for each service that
 * has an intent, or is isolated where its namespace is not. The result does not depend on the order of declaration.
 */
export function compile(program: Program, active: readonly Intent[]): CompiledNamespace[] {
  const flows = new Map<ServiceModel, Flow[]>();
  for (const intent of active) {
    for (const flow of flowsOf(intent)) {
      const list = flows.get(flow.subject);
      if (list) list.push(flow);
      else flows.set(flow.subject, [flow]);
    }
  }
  return [...program.namespaces].sort(byPath).map((namespace) => {
    const services = [...namespace.services].sort(byName);
    // One that is every pod looks up names for all of them: no other policy has to say it again.
    const everyPod = services.find(
      (service) => service.pods.isEverything && flows.get(service)?.some(({ direction }) => direction === 'egress'),
    );
    const dnsOf = (service: ServiceModel) => (everyPod && service !== everyPod ? 'given' : 'implied');
    return {
      namespace,
      object: namespaceObject(namespace),
      defaultDeny: defaultDeny(namespace),
      policies: [
        ...services
          .map((service) => servicePolicy(service, flows.get(service) ?? [], dnsOf(service)))
          .filter((policy) => policy !== undefined),
        ...[...namespace.rawPolicies].sort(byName).map(rawPolicy),
      ],
    };
  });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function byPath(a: NamespaceModel, b: NamespaceModel): number {
  const [x, y] = [`${a.environment.name}/${a.name}`, `${b.environment.name}/${b.name}`];
  return x < y ? -1 : 1;
}
