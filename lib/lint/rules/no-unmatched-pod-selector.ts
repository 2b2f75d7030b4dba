import { policyToString } from '../../model/policy';
import { deployment, documents, policy } from '../examples';
import { labelsToString, nearestSelector } from '../label-distance';
import { unmatched } from '../operators';
import type { LintRule } from '../rule';
import { demands } from '../standards';

export const noUnmatchedPodSelector: LintRule = {
  id: 'no-unmatched-pod-selector',
  group: 'matching',
  severity: 'warning',
  wrong: 'a policy selects no workload of its namespace, though some are known',
  why: 'It protects nobody: the pods that it was written for keep whatever the other policies allow, or everything.',
  todo: 'correct the labels, or delete the policy',
  todoInCode: 'correct the labels or the selector of the service, or leave it out',
  demands: [demands.selection],
  references: [
    {
      name: 'Kubernetes, labels and selectors',
      url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
    },
  ],
  good: [
    {
      yaml: documents(
        deployment('web'),
        policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]'),
      ),
    },
    { yaml: policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]') },
  ],
  bad: [
    {
      yaml: documents(
        deployment('web'),
        policy('web', 'podSelector: { matchLabels: { app: wbe } }\npolicyTypes: [Ingress]'),
      ),
      at: ['spec.podSelector'],
    },
  ],
  *check({ policies, pods, cluster }) {
    for (const { policy, at } of policies) {
      const known = pods.in(policy.namespace);
      if (known.length === 0 || pods.selected(policy.namespace, policy.pods).length > 0) continue;
      const labels = known.map(({ podLabels }) => podLabels);
      const there = labelsToString(known, policy.pods.keys) || labelsToString(known, []);
      const slip = nearestSelector(policy.pods, labels);
      yield {
        message: `policy \`${policyToString(policy)}\` selects \`${policy.pods}\`, and no workload of \`${policy.namespace}\` has these labels`,
        place: at('spec.podSelector'),
        ...(slip ? { hint: slip } : unmatched(`pods there are labelled ${there}`, cluster, policy.pods)),
      };
    }
  },
};
