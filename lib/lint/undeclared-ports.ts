import type { PlacedWorkload } from '../model/cluster';
import type { Place } from '../model/issue';
import type { Policy, Rule } from '../model/policy';
import type { ServiceObject } from '../model/service-object';
import { type ContainerPort, podPorts } from '../model/workload';
import type { Protocol } from '../sets/port-set';
import type { LintContext } from './context';

/** Ports by number of a rule, none of which any container of the pods that it opens them on declares. */
export interface UndeclaredPort {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
  readonly place: Place;
  /** For ingress those that the policy selects, for egress those that the rule's peers select: all of them declare ports. */
  readonly destinations: readonly PlacedWorkload[];
  /** The Kubernetes Service whose own port it is, where its target port is another one. */
  readonly service: Target | undefined;
}

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly targetPort: number | string;
}

/** Every one of which the destinations are known. */
export function* undeclaredPorts(context: LintContext): Generator<UndeclaredPort> {
  const services = new ServicesOfPods(context);
  for (const { policy, rules, at } of context.policies) {
    for (const { field, ports, read: rule } of rules) {
      if (!rule) continue;
      const destinations = destinationsOf(rule, context);
      if (destinations.length === 0 || !destinations.every(areKnown)) continue;
      for (const [i, entry] of (ports ?? []).entries()) {
        const { port: first, protocol = 'TCP', endPort: last = first } = entry;
        if (typeof first !== 'number' || typeof last !== 'number' || !isProtocol(protocol)) continue;
        const isAsked = (port: ContainerPort) =>
          port.protocol === protocol && first <= port.number && port.number <= last;
        if (destinations.some((workload) => workload.ports.some(isAsked))) continue;
        const service = last === first ? services.withPort(first, destinations) : undefined;
        yield { policy, rule, protocol, first, last, place: at(`${field}.ports[${i}]`), destinations, service };
      }
    }
  }
}

/** A port that is known by name alone may be any number. */
function areKnown(workload: PlacedWorkload): boolean {
  return workload.ports.length > 0 && podPorts(workload).every(({ number }) => number !== undefined);
}

function destinationsOf({ policy, direction, peers }: Rule, { pods }: LintContext): readonly PlacedWorkload[] {
  if (direction === 'ingress') return pods.selected(policy.namespace, policy.pods);
  return peers.flatMap((peer) => (peer.kind === 'pods' && !peer.pods.isEverything ? pods.ofPeer(peer) : []));
}

function isProtocol(text: string | null): text is Protocol {
  return text === 'TCP' || text === 'UDP' || text === 'SCTP';
}

class ServicesOfPods {
  private readonly byNamespace = new Map<string, (ServiceObject & { readonly namespace: string })[]>();

  constructor(context: LintContext) {
    for (const service of context.cluster.services) {
      const list = this.byNamespace.get(service.namespace);
      if (list) list.push(service);
      else this.byNamespace.set(service.namespace, [service]);
    }
  }

  /** A Service of these pods that has the port, and leads to another one. */
  withPort(port: number, destinations: readonly PlacedWorkload[]): Target | undefined {
    for (const { namespace, podLabels } of destinations) {
      for (const { name, selector, ports } of this.byNamespace.get(namespace) ?? []) {
        if (!selector || !Object.entries(selector).every(([key, value]) => podLabels[key] === value)) continue;
        const own = ports.find((p) => p.port === port && `${p.targetPort}` !== `${port}`);
        if (own) return { namespace, name, targetPort: own.targetPort };
      }
    }
    return undefined;
  }
}
