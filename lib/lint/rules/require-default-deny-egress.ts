import { deployment, documents, policy } from '../examples';
import { namespacesWithout } from '../not-isolated';
import type { LintRule } from '../rule';
import { demands } from '../standards';

export const requireDefaultDenyEgress: LintRule = {
  id: 'require-default-deny-egress',
  group: 'coverage',
  severity: 'warning',
  wrong: 'a namespace has no default deny for egress',
  why: 'A pod that no policy isolates can send to every pod and address; whoever takes it over can load tools and carry data off.',
  todo: 'add a policy with `podSelector: {}` and `policyTypes: [Egress]`, without rules',
  todoInCode:
    "leave out `unnamedPods: 'open'` of the namespace, and have its `isolates` be `'egress'` or `'both'`, the default",
  demands: [demands.cisNamespaces, demands.defaultDeny],
  references: [
    {
      name: 'Kubernetes, default policies',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies',
    },
  ],
  good: [
    { yaml: documents(deployment('web'), policy('deny', 'podSelector: {}\npolicyTypes: [Egress]')) },
    {
      yaml: documents(
        policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]'),
        policy(
          'rest',
          'podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }\npolicyTypes: [Egress]',
        ),
      ),
    },
  ],
  bad: [
    { yaml: deployment('web'), at: [''] },
    { yaml: policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]'), at: [''] },
  ],
  check: (context) => namespacesWithout('egress', context),
};
