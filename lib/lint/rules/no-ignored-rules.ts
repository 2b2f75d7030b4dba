import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const names = { ingress: 'Ingress', egress: 'Egress' } as const;

export const noIgnoredRules: LintRule = {
  id: 'no-ignored-rules',
  group: 'validity',
  severity: 'error',
  wrong: 'a policy has rules, or an empty list of them, for a direction that its policyTypes leave out',
  why: 'The API server accepts them and no plugin looks at them: egress rules without `Egress` restrict nothing, and `egress: []` denies nothing.',
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
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\negress: []'), at: ['spec.egress'] },
  ],
  *check({ policies }) {
    for (const { policy, spec, at } of policies) {
      for (const direction of ['ingress', 'egress'] as const) {
        const rules = spec[direction];
        if (!rules || policy.isolates.includes(direction)) continue;
        const name = names[direction];
        const types = spec.policyTypes?.length ? `\`policyTypes\` without \`${name}\`` : 'no `policyTypes`';
        const add = spec.policyTypes?.length
          ? `add \`${name}\` to \`policyTypes\``
          : 'write `policyTypes: [Ingress, Egress]`';
        const text = `policy \`${policyToString(policy)}\` has`;
        yield {
          place: at(`spec.${direction}`),
          related: [{ text: 'the directions in which it isolates', place: at('spec.policyTypes') }],
          ...(rules.length > 0
            ? {
                message: `${text} ${direction} rules, and ${types}: they are ignored`,
                hint: `${add}, which isolates the pods, or leave the rules out`,
              }
            : {
                message: `${text} an empty list of ${direction} rules, and ${types}: it denies no ${direction}`,
                hint: `if all ${direction} is to be denied, ${add}; else leave the list out`,
                // Not an error: what fills in templates writes such lists too.
                severity: 'warning' as const,
              }),
        };
      }
    }
  },
};
