import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const names = { ingress: 'Ingress', egress: 'Egress' } as const;

export const requirePolicyTypes: LintRule = {
  id: 'require-policy-types',
  group: 'width',
  severity: 'warning',
  wrong: 'a policy does not say in which directions it isolates',
  why: 'Without policyTypes it isolates ingress always, and egress only as long as it has an egress rule: taking the last one away opens all egress. In a cluster that depends on the past: kubectl apply keeps what the server filled in before, so that a first egress rule isolates nothing.',
  todo: 'write policyTypes',
  demands: [demands.defaultDeny],
  references: [
    {
      name: 'NetworkPolicySpec, policyTypes',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{ ports: [{ port: 443 }] }]') },
  ],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\negress: [{ ports: [{ port: 443 }] }]'),
      at: ['spec'],
      fixed: policy('web', 'podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{ ports: [{ port: 443 }] }]'),
    },
  ],
  *check({ policies }) {
    for (const { policy, spec, at } of policies) {
      if (spec.policyTypes && spec.policyTypes.length > 0) continue;
      const value = policy.isolates.map((direction) => names[direction]);
      yield {
        message: `policy \`${policyToString(policy)}\` has no \`policyTypes\`: it is taken for \`[${value.join(', ')}]\``,
        place: at(spec.policyTypes === undefined ? 'spec' : 'spec.policyTypes'),
        hint: `write \`policyTypes: [${value.join(', ')}]\``,
        fix: [{ kind: 'set', object: policy.place, field: 'spec.policyTypes', value }],
      };
    }
  },
};
