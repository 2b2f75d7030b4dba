import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

export const noAllowAllPorts: LintRule = {
  id: 'no-allow-all-ports',
  group: 'width',
  severity: 'warning',
  wrong: 'a rule allows every port',
  why: 'It opens what the pods listen on today and whatever they listen on later: debuggers, metrics, the ports of sidecars.',
  todo: 'name the ports',
  todoInCode: "name ports of the service in place of `anyPort()`, as `ports: ['http']`",
  demands: [demands.permitted],
  references: [
    {
      name: 'NetworkPolicyIngressRule, ports',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [
    {
      yaml: policy(
        'web',
        'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }]',
      ),
    },
  ],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]'),
      at: ['spec.ingress[0]'],
    },
    {
      yaml: policy(
        'web',
        'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }], ports: [{ protocol: TCP }] }]',
      ),
      at: ['spec.ingress[0].ports[0]'],
    },
  ],
  *check({ policies }) {
    for (const { policy, rules, at } of policies) {
      for (const { direction, field, peers, ports, read } of rules) {
        // A rule that allows everybody everything is told of as such, and an empty list as that.
        if (!read || !peers || peers.length === 0) continue;
        const whose = `policy \`${policyToString(policy)}\` allows ${direction}`;
        if (!ports) yield { message: `${whose} on every port: the rule has no \`ports\``, place: at(field) };
        for (const [i, entry] of (ports ?? []).entries()) {
          const protocol = entry?.protocol ?? 'TCP';
          const isAll =
            entry?.port === undefined || entry.port === null || (entry.port === 1 && entry.endPort === 65535);
          if (isAll)
            yield { message: `${whose} on every port of protocol ${protocol}`, place: at(`${field}.ports[${i}]`) };
        }
      }
    }
  },
};
