import { deployment, documents, policy } from '../examples';
import { namespacesWithout } from '../not-isolated';
import type { LintRule } from '../rule';
import { demands } from '../standards';

export const requireDefaultDenyIngress: LintRule = {
  id: 'require-default-deny-ingress',
  group: 'coverage',
  severity: 'warning',
  wrong: 'a namespace has no default deny for ingress',
  why: 'A pod that no policy isolates can be reached by every pod of the cluster; so is each one that is added later.',
  todo: 'add a policy with `podSelector: {}` and `policyTypes: [Ingress]`, without rules',
  todoInCode:
    "leave out `unnamedPods: 'open'` of the namespace, and have its `isolates` be `'ingress'` or `'both'`, the default",
  demands: [demands.cisNamespaces, demands.defaultDeny],
  references: [
    {
      name: 'Kubernetes, default policies',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies',
    },
  ],
  good: [
    { yaml: documents(deployment('web'), policy('deny', 'podSelector: {}\npolicyTypes: [Ingress]')) },
    {
      yaml: documents(
        policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]'),
        policy(
          'rest',
          'podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }\npolicyTypes: [Ingress]',
        ),
      ),
    },
  ],
  bad: [
    { yaml: deployment('web'), at: [''] },
    { yaml: policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]'), at: [''] },
  ],
  check: (context) => namespacesWithout('ingress', context),
};
