import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

export const requirePodSelector: LintRule = {
  id: 'require-pod-selector',
  group: 'validity',
  severity: 'warning',
  wrong: 'a policy has no podSelector, and so selects every pod of its namespace',
  why: 'The API server accepts it without a word: a selector that was forgotten, or lost in a template, isolates and opens all pods.',
  todo: 'write `podSelector: {}` if every pod is meant',
  demands: [demands.selection],
  references: [
    {
      name: 'NetworkPolicySpec, podSelector',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [{ yaml: policy('deny', 'podSelector: {}\npolicyTypes: [Ingress]') }],
  bad: [
    {
      yaml: policy('deny', 'policyTypes: [Ingress]'),
      at: ['spec'],
      fixed: policy('deny', 'podSelector: {}\npolicyTypes: [Ingress]'),
    },
  ],
  *check({ policies }) {
    for (const { policy, spec, at } of policies) {
      if (spec.podSelector) continue;
      yield {
        message: `policy \`${policyToString(policy)}\` has no \`podSelector\`: it selects every pod of \`${policy.namespace}\``,
        place: at(spec.podSelector === null ? 'spec.podSelector' : 'spec'),
        fix: [{ kind: 'set', object: policy.place, field: 'spec.podSelector', value: {} }],
      };
    }
  },
};
