import { policy } from '../examples';
import type { LintRule } from '../rule';

export const noOldVersion: LintRule = {
  id: 'no-old-version',
  group: 'validity',
  severity: 'error',
  wrong: 'a policy is of an API version that Kubernetes no longer serves',
  why: 'The API server does not know it: applying it fails. `extensions/v1beta1` also meant other things, as that egress was never isolated.',
  todo: 'write `networking.k8s.io/v1`, and see that its fields mean the same there',
  references: [
    {
      name: 'Kubernetes, deprecated API migration guide, v1.16',
      url: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-16',
    },
  ],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]') }],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}').replace('networking.k8s.io/v1', 'extensions/v1beta1'),
      at: ['apiVersion'],
    },
  ],
  *check({ issues }) {
    for (const { code, message, place } of issues) if (code === 'old-version') yield { message, place };
  },
};
