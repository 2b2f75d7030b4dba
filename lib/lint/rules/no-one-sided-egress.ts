import { deployment, documents, policy } from '../examples';
import { oneSided } from '../one-sided';
import type { LintRule } from '../rule';

const web = policy(
  'web',
  `podSelector: { matchLabels: { app: web } }
policyTypes: [Egress]
egress: [{ to: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 7070 }] }]`,
);

export const noOneSidedEgress: LintRule = {
  id: 'no-one-sided-egress',
  group: 'workability',
  severity: 'warning',
  wrong: 'egress is open to pods whose own policies do not let it in',
  why: 'A connection needs egress at the source and ingress at the destination. With one of them it is blocked, though a policy says otherwise.',
  todo: 'open the ingress of the destination too, or delete the entry',
  todoInCode: 'name the service in place of its labels, so that its own side is opened too; or delete the intent',
  references: [
    {
      name: 'Kubernetes, the two sorts of pod isolation',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
    },
  ],
  good: [
    { yaml: documents(deployment('web'), deployment('cart'), web) },
    {
      yaml: documents(
        deployment('web'),
        deployment('cart'),
        web,
        policy(
          'cart',
          `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress]
ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]`,
        ),
      ),
    },
  ],
  bad: [
    {
      yaml: documents(
        deployment('web'),
        deployment('cart'),
        web,
        policy('cart', 'podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Ingress]'),
      ),
      at: ['spec.egress[0].to[0]'],
    },
  ],
  check: (context) => oneSided('egress', context),
};
