import { across } from '../across';
import { documents, namespace, policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const label = (value: string) => `tierwall.dev/environment: ${value}`;
const namespaces = [namespace('shop', label('production')), namespace('other', label('development'))] as const;
const from = (selector: string) =>
  policy('web', `podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ namespaceSelector: ${selector} }] }]`);

export const noCrossEnvironmentReach: LintRule = {
  id: 'no-cross-environment-reach',
  group: 'consistency',
  severity: 'warning',
  wrong: 'a rule joins namespaces of different environments',
  why: 'Environments are kept apart so that what happens in one stays there. A policy that joins production and development makes the weaker one the way into the other.',
  todo: 'narrow the selector to namespaces of the same environment',
  demands: [demands.namespaces],
  references: [],
  good: [{ yaml: documents(...namespaces, from(`{ matchLabels: { ${label('production')} } }`)) }],
  bad: [
    {
      yaml: documents(...namespaces, from('{ matchLabels: { kubernetes.io/metadata.name: other } }')),
      at: ['spec.ingress[0].from[0]'],
    },
    { yaml: documents(...namespaces, from('{}')), at: ['spec.ingress[0].from[0]'] },
  ],
  check: (context) => across('environment', context),
};
