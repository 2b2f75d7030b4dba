import { documents, policy } from '../examples';
import type { LintRule } from '../rule';

export const noConflictingObjects: LintRule = {
  id: 'no-conflicting-objects',
  group: 'validity',
  severity: 'warning',
  wrong: 'an object is given twice, with different content',
  why: 'Whichever is applied last wins, in an order that nobody has stated. Only the first one was looked at here.',
  todo: 'leave one of them out, or lint one environment at a time; overlays are rendered first, as with `kustomize build`',
  references: [
    {
      name: 'kubectl apply',
      url: 'https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/',
    },
  ],
  good: [{ yaml: documents(policy('a', 'podSelector: {}'), policy('b', 'podSelector: {}\npolicyTypes: [Egress]')) }],
  bad: [
    {
      yaml: documents(policy('a', 'podSelector: {}'), policy('a', 'podSelector: {}\npolicyTypes: [Egress]')),
      at: [''],
    },
  ],
  *check({ issues }) {
    for (const { code, message, place } of issues) if (code === 'given-twice') yield { message, place };
  },
};
