import { type Flow, flowsOf } from '../model/flow';
import type { NetworkPolicy } from '../model/network-policy';
import type { Intent, NamespaceModel, Program, ServiceModel } from '../model/program';
import { defaultDeny, type NamespaceObject, namespaceObject } from './namespace-objects';
import { servicePolicy } from './service-policy';

/** What is written for one namespace, its service policies in the order of their names. */
export interface CompiledNamespace {
  readonly namespace: NamespaceModel;
  readonly object: NamespaceObject | undefined;
  readonly defaultDeny: NetworkPolicy;
  readonly policies: readonly NetworkPolicy[];
}

/**
 * The objects of a program without mistakes, as of a day: namespaces by environment and name, and one policy for each service that
 * has an intent. The result does not depend on the order of declaration.
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
  return [...program.namespaces].sort(byPath).map((namespace) => ({
    namespace,
    object: namespaceObject(namespace),
    defaultDeny: defaultDeny(namespace),
    policies: [...namespace.services]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((service) => servicePolicy(service, flows.get(service) ?? []))
      .filter((policy) => policy !== undefined),
  }));
}

function byPath(a: NamespaceModel, b: NamespaceModel): number {
  const [x, y] = [`${a.environment.name}/${a.name}`, `${b.environment.name}/${b.name}`];
  return x < y ? -1 : 1;
}
