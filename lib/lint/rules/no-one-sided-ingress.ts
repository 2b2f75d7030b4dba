import { deployment, documents, policy } from '../examples';
import { oneSided } from '../one-sided';
import type { LintRule } from '../rule';

const cart = policy(
  'cart',
  `podSelector: { matchLabels: { app: cart } }
policyTypes: [Ingress]
ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 7070 }] }]`,
);

export const noOneSidedIngress: LintRule = {
  id: 'no-one-sided-ingress',
  group: 'workability',
  severity: 'warning',
  wrong: 'ingress is open from pods whose own policies do not let it out',
  why: 'A connection needs egress at the source and ingress at the destination. With one of them it is blocked, though a policy says otherwise.',
  todo: 'open the egress of the source too, or delete the entry',
  todoInCode: 'name the service in place of its labels, so that its own side is opened too; or delete the intent',
  references: [
    {
      name: 'Kubernetes, the two sorts of pod isolation',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
    },
  ],
  good: [
    { yaml: documents(deployment('web'), deployment('cart'), cart) },
    {
      yaml: documents(
        deployment('web'),
        deployment('cart'),
        cart,
        policy(
          'web',
          `podSelector: { matchLabels: { app: web } }
policyTypes: [Egress]
egress: [{ to: [{ podSelector: { matchLabels: { app: cart } } }] }]`,
        ),
      ),
    },
  ],
  bad: [
    {
      yaml: documents(
        deployment('web'),
        deployment('cart'),
        cart,
        policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]'),
      ),
      at: ['spec.ingress[0].from[0]'],
    },
  ],
  check: (context) => oneSided('ingress', context),
};
