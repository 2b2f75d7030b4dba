import type { PlacedWorkload } from '../../model/cluster';
import { policyToString, type Rule } from '../../model/policy';
import type { ServiceObject } from '../../model/service-object';
import { PortSet } from '../../sets/port-set';
import type { LintContext } from '../context';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';

const service = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 7070 }] }
`;
const cart = (port: number) =>
  policy(
    'cart',
    `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress]
ingress: [{ from: [{ podSelector: {} }], ports: [{ port: ${port} }] }]`,
  );
const workload = deployment('cart', '{ name: grpc, containerPort: 7070 }');

export const noServicePort: LintRule = {
  id: 'no-service-port',
  group: 'workability',
  severity: 'warning',
  wrong: 'a rule names the port of a Service instead of the port of its pods',
  why: 'Policies are judged at the pods, after the Service’s port was translated to its target port. A rule for the Service’s port lets nothing through.',
  todo: 'write the target port',
  todoInCode: 'name the port on which the pods listen',
  references: [
    {
      name: 'Kubernetes, port definitions of a Service',
      url: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    },
  ],
  good: [{ yaml: documents(workload, service, cart(7070)) }],
  bad: [{ yaml: documents(workload, service, cart(80)), at: ['spec.ingress[0].ports[0]'] }],
  *check(context) {
    const services = new ServicesOfPods(context);
    for (const { policy, rules, at } of context.policies) {
      for (const { direction, index, field, ports, effect } of rules) {
        const rule =
          effect === 'counts' ? policy.rules.find((r) => r.direction === direction && r.index === index) : undefined;
        if (!rule) continue;
        for (const [i, { port, protocol = 'TCP', endPort }] of (ports ?? []).entries()) {
          if (typeof port !== 'number' || endPort !== undefined || !isProtocol(protocol)) continue;
          const target = services.targetOf(rule, PortSet.of([{ protocol, first: port, last: port }]), port);
          if (!target) continue;
          const { namespace, name, targetPort } = target;
          yield {
            message: `policy \`${policyToString(policy)}\` names port ${port}, which is the one of Service \`${namespace}/${name}\`; its pods listen on \`${targetPort}\``,
            place: at(`${field}.ports[${i}]`),
            hint: `write \`port: ${targetPort}\``,
            hintInCode: `write \`ports: [${targetPort}]\``,
          };
        }
      }
    }
  },
};

function isProtocol(text: string | null): text is 'TCP' | 'UDP' | 'SCTP' {
  return text === 'TCP' || text === 'UDP' || text === 'SCTP';
}

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly targetPort: number | string;
}

class ServicesOfPods {
  private readonly byNamespace = new Map<string, (ServiceObject & { readonly namespace: string })[]>();

  constructor(private readonly context: LintContext) {
    for (const service of context.cluster.services) {
      const list = this.byNamespace.get(service.namespace);
      if (list) list.push(service);
      else this.byNamespace.set(service.namespace, [service]);
    }
  }

  /** The port of a Service that the rule means: all known destinations declare ports, none of them this one, and it is such a Service's. */
  targetOf(rule: Rule, asked: PortSet, port: number): Target | undefined {
    if (this.byNamespace.size === 0) return undefined;
    const destinations = this.destinationsOf(rule);
    if (destinations.length === 0) return undefined;
    if (destinations.some(({ ports }) => ports.length === 0 || declares(ports, asked))) return undefined;
    for (const { namespace, podLabels } of destinations) {
      for (const { name, selector, ports } of this.byNamespace.get(namespace) ?? []) {
        if (!selector || !Object.entries(selector).every(([key, value]) => podLabels[key] === value)) continue;
        const own = ports.find((p) => p.port === port && `${p.targetPort}` !== `${port}`);
        if (own) return { namespace, name, targetPort: own.targetPort };
      }
    }
    return undefined;
  }

  private destinationsOf({ policy, direction, peers }: Rule): readonly PlacedWorkload[] {
    const { pods } = this.context;
    if (direction === 'ingress') return pods.selected(policy.namespace, policy.pods);
    return peers.flatMap((peer) => (peer.kind === 'pods' && !peer.pods.isEverything ? pods.ofPeer(peer) : []));
  }
}

function declares(ports: PlacedWorkload['ports'], asked: PortSet): boolean {
  const own = PortSet.of(ports.map(({ number, protocol }) => ({ protocol, first: number, last: number })));
  return !own.intersect(asked).isEmpty;
}
