import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { Found, LintRule } from '../rule';
import { demands } from '../standards';

export const noEmptyList: LintRule = {
  id: 'no-empty-list',
  group: 'width',
  severity: 'warning',
  wrong: 'a rule has an empty list of peers or ports, which means all of them',
  why: '`from: []` reads as nobody and means everybody; it is often what a template leaves when its list of values is empty.',
  todo: 'name the peers or ports; leave the rule out if nothing is to be allowed, or the list if everything is',
  demands: [demands.permitted],
  references: [
    {
      name: 'NetworkPolicyIngressRule',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [
    { yaml: policy('deny', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: []') },
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]') },
  ],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [], ports: [] }]'),
      at: ['spec.ingress[0].from', 'spec.ingress[0].ports'],
    },
  ],
  *check({ policies }) {
    for (const { policy, rules, at } of policies) {
      for (const { direction, field, peers, ports, peersName, read } of rules) {
        if (!read) continue;
        const found = (list: string, means: string): Found => ({
          message: `policy \`${policyToString(policy)}\` has an ${direction} rule with \`${list}: []\`, which means ${means}`,
          place: at(`${field}.${list}`),
        });
        if (peers?.length === 0) yield found(peersName, 'every pod and address');
        if (ports?.length === 0) yield found('ports', 'every port');
      }
    }
  },
};
