import { policyToString } from '../../model/policy';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';
import { undeclaredPorts } from '../undeclared-ports';

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
    if (context.cluster.services.length === 0) return;
    for (const { policy, first, place, service } of undeclaredPorts(context)) {
      if (!service) continue;
      const { namespace, name, targetPort } = service;
      yield {
        message: `policy \`${policyToString(policy)}\` names port ${first}, which is the one of Service \`${namespace}/${name}\`; its pods listen on \`${targetPort}\``,
        place,
        hint: `write \`port: ${targetPort}\``,
        hintInCode: `write \`ports: [${targetPort}]\``,
      };
    }
  },
};
