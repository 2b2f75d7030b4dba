import { deployment, documents, policy } from '../examples';
import { namespacesWithout } from '../not-isolated';
import type { LintRule } from '../rule';

export const requireDefaultDenyEgress: LintRule = {
  id: 'require-default-deny-egress',
  group: 'coverage',
  severity: 'warning',
  wrong: 'a namespace has no default deny for egress',
  why: 'A pod that no policy isolates can send to every pod and address; whoever takes it over can load tools and carry data off.',
  todo: 'add a policy with `podSelector: {}` and `policyTypes: [Egress]`, without rules',
  references: [
    { name: 'CIS Kubernetes Benchmark 5.3.2' },
    {
      name: 'NSA/CISA Kubernetes Hardening Guide, network separation: network policies',
      url: 'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF',
    },
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
