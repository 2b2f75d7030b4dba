import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { selectorsOf } from '../selectors';

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
    for (const written of policies) {
      for (const { box, field } of selectorsOf(written)) {
        if (!box.isEmpty) continue;
        const key = box.keys.find((name) => box.valuesOf(name)?.length === 0);
        yield {
          message: `selector of policy \`${policyToString(written.policy)}\` can match nothing: its requirements on \`${key}\` contradict each other`,
          place: written.at(field),
        };
      }
    }
  },
};
