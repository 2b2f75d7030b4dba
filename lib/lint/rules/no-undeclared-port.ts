import { constructOf } from '../../analysis/drift/ownership';
import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import { policyToString } from '../../model/policy';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';
import { undeclaredPorts } from '../undeclared-ports';

const onPort = (port: number) =>
  policy(
    'cart',
    `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress]
ingress: [{ from: [{ podSelector: {} }], ports: [{ port: ${port} }] }]`,
  );

/** Of each workload that many are shown. */
const mostPorts = 4;

export const noUndeclaredPort: LintRule = {
  id: 'no-undeclared-port',
  group: 'matching',
  severity: 'warning',
  wrong: 'a rule opens a port that no container there declares, though they declare others',
  why: 'Most likely nobody listens on it, and the port that somebody listens on stays closed: each of the two says another number.',
  todo: 'write the port that the containers listen on; or have them declare it, if they do',
  todoInCode: 'correct it in the `ports` of the service; or have the containers declare it, if they listen on it',
  declaredBy: 'service',
  references: [
    {
      name: 'Kubernetes, ports of a container',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
    },
  ],
  good: [
    { yaml: documents(deployment('cart', '{ name: grpc, containerPort: 7070 }'), onPort(7070)) },
    // Containers need not declare their ports.
    { yaml: documents(deployment('cart'), onPort(7070)) },
  ],
  bad: [
    {
      yaml: documents(deployment('cart', '{ name: grpc, containerPort: 7071 }'), onPort(7070)),
      at: ['spec.ingress[0].ports[0]'],
    },
  ],
  *check(context) {
    for (const { policy, rule, protocol, first, last, place, destinations, service } of undeclaredPorts(context)) {
      // The other side of the same connection, or the port of a Service, which is another rule's.
      if (rule.direction === 'egress' || service) continue;
      // What an app gives a service, no container said.
      if (destinations.some((pods) => pods.place.construct !== undefined)) continue;
      const asked = `${first}${last === first ? '' : `-${last}`}/${protocol}`;
      yield {
        message: `policy \`${policyToString(policy)}\` opens port ${asked} of ${whose(destinations)}`,
        place,
        related: destinations.slice(0, 1).map((pods) => ({ text: 'the pods are declared here', place: pods.place })),
        // Of a policy that no app wrote nobody said that these are all the ports that there are.
        ...(constructOf(policy) === '' ? { severity: 'info' as const } : {}),
      };
    }
  },
};

/** As in `` `shop/cart`, whose containers declare 7071/TCP (`grpc`) ``. */
function whose(workloads: readonly PlacedWorkload[]): string {
  const [first, ...others] = workloads as readonly [PlacedWorkload, ...PlacedWorkload[]];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const declared = new Set(
    workloads.flatMap(({ ports }) =>
      ports.map(({ name, number, protocol }) => `${number}/${protocol}${name ? ` (\`${name}\`)` : ''}`),
    ),
  );
  const shown = [...declared].slice(0, mostPorts).join(', ');
  return `\`${workloadToString(first)}\`${more}, whose containers declare ${shown}${declared.size > mostPorts ? ', …' : ''}`;
}
