import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

export const noAllowAllPeers: LintRule = {
  id: 'no-allow-all-peers',
  group: 'width',
  severity: 'warning',
  wrong: 'a rule allows every pod of every namespace and every address',
  why: 'A rule without `from` or `to`, or with an empty list of them, means everybody, also who is added to the cluster later.',
  todo: 'name the peers: pods by their labels, or addresses by CIDR',
  todoInCode: 'name who is meant in place of `Peer.anywhere()`: services, tiers, namespaces, or another `Peer`',
  demands: [demands.permitted],
  references: [
    {
      name: 'NetworkPolicyIngressRule, from',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]') },
  ],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ ports: [{ port: 8080 }] }]'),
      at: ['spec.ingress[0]'],
    },
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{}]'), at: ['spec.egress[0]'] },
  ],
  *check({ policies }) {
    for (const { policy, rules, at } of policies) {
      for (const { direction, field, peers, peersName, read } of rules) {
        // An empty list is a finding of its own.
        if (!read || peers) continue;
        const way = direction === 'ingress' ? 'from every pod and address' : 'to every pod and address';
        yield {
          message: `policy \`${policyToString(policy)}\` allows ${direction} ${way}: the rule has no \`${peersName}\``,
          place: at(field),
        };
      }
    }
  },
};
