import { workloadToString } from '../../model/cluster';
import { policyToString } from '../../model/policy';
import { deployment, documents, policy } from '../examples';
import { namedPorts } from '../named-ports';
import type { LintRule } from '../rule';

const twoWith = (number: number) =>
  documents(
    deployment('web', '{ name: http, containerPort: 8080 }'),
    deployment('api', `{ name: http, containerPort: ${number} }`),
    policy('http', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ ports: [{ port: http }] }]'),
  );

export const noAmbiguousNamedPort: LintRule = {
  id: 'no-ambiguous-named-port',
  group: 'matching',
  severity: 'info',
  wrong: 'a port by name is a different number on different pods',
  why: 'Each pod opens its own number, which nobody sees in the policy; some network plugins then ignore the name.',
  todo: 'see that all of these ports are meant; a policy for each of the pods, with numbers, says so',
  todoInCode: 'see that all of these ports are meant; an intent for each service, with numbers, says so',
  references: [
    {
      name: 'NetworkPolicyPort, port',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [{ yaml: twoWith(8080) }],
  bad: [{ yaml: twoWith(9090), at: ['spec.ingress[0].ports[0].port'] }],
  *check(context) {
    for (const { policy, name, protocol, place, destinations } of namedPorts(context)) {
      const byNumber = new Map<number, string>();
      for (const workload of destinations) {
        for (const port of workload.ports) {
          if (port.name === name && port.protocol === protocol && !byNumber.has(port.number))
            byNumber.set(port.number, workloadToString(workload));
        }
      }
      if (byNumber.size < 2) continue;
      const shown = [...byNumber].sort(([a], [b]) => a - b).slice(0, 4);
      const numbers = shown.map(([number, who]) => `${number} on \`${who}\``).join(', ');
      yield {
        message: `port \`${name}/${protocol}\` of policy \`${policyToString(policy)}\` is ${numbers}${byNumber.size > 4 ? ', …' : ''}`,
        place,
      };
    }
  },
};
