import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const names = { ingress: 'Ingress', egress: 'Egress' } as const;

export const noIgnoredRules: LintRule = {
  id: 'no-ignored-rules',
  group: 'validity',
  severity: 'error',
  wrong: 'a policy has rules for a direction that its policyTypes leave out',
  why: 'The API server accepts them and no plugin looks at them: egress rules without `Egress` restrict nothing.',
  todo: 'add the direction to policyTypes, or leave the rules out',
  demands: [demands.defaultDeny],
  references: [
    {
      name: 'NetworkPolicySpec, policyTypes',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 443 }] }]') }],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\negress: [{ ports: [{ port: 443 }] }]'),
      at: ['spec.egress'],
    },
  ],
  *check({ policies }) {
    for (const { policy, rules, at } of policies) {
      for (const direction of ['ingress', 'egress'] as const) {
        if (!rules.some((rule) => rule.direction === direction && !rule.read)) continue;
        const name = names[direction];
        yield {
          message: `policy \`${policyToString(policy)}\` has ${direction} rules, and \`policyTypes\` without \`${name}\`: they are ignored`,
          place: at(`spec.${direction}`),
          related: [{ text: 'the directions in which it isolates', place: at('spec.policyTypes') }],
          hint: `add \`${name}\` to \`policyTypes\`, which isolates the pods, or leave the rules out`,
        };
      }
    }
  },
};
