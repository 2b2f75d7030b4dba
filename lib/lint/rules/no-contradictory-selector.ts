import { policyToString } from '../../model/policy';
import type { LabelBox } from '../../sets/label-box';
import { policy } from '../examples';
import type { Found, LintRule } from '../rule';

export const noContradictorySelector: LintRule = {
  id: 'no-contradictory-selector',
  group: 'matching',
  severity: 'error',
  wrong: 'a selector contradicts itself, and so can match nothing',
  why: 'A policy with such a podSelector protects nobody, and a rule with such a peer allows nothing.',
  todo: 'leave out one of the requirements that contradict each other',
  references: [
    {
      name: 'Kubernetes, labels and selectors',
      url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
    },
  ],
  good: [
    {
      yaml: policy(
        'web',
        'podSelector: { matchLabels: { app: web }, matchExpressions: [{ key: debug, operator: DoesNotExist }] }\npolicyTypes: [Ingress]',
      ),
    },
  ],
  bad: [
    {
      yaml: policy(
        'web',
        'podSelector: { matchLabels: { app: web }, matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }\npolicyTypes: [Ingress]',
      ),
      at: ['spec.podSelector'],
    },
  ],
  *check({ policies }) {
    for (const { policy, podPeers, at } of policies) {
      const found = (box: LabelBox, field: string): Found => {
        const key = box.keys.find((name) => box.valuesOf(name)?.length === 0);
        return {
          message: `selector of policy \`${policyToString(policy)}\` can match nothing: its requirements on \`${key}\` contradict each other`,
          place: at(field),
        };
      };
      if (policy.pods.isEmpty) yield found(policy.pods, 'spec.podSelector');
      for (const { field, namespaces, pods } of podPeers) {
        if (namespaces.isEmpty) yield found(namespaces, `${field}.namespaceSelector`);
        if (pods.isEmpty) yield found(pods, `${field}.podSelector`);
      }
    }
  },
};
