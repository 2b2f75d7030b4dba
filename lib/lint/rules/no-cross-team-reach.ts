import { across } from '../across';
import { documents, namespace, policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const label = (value: string) => `tierwall.dev/team: ${value}`;
const namespaces = [namespace('shop', label('storefront')), namespace('other', label('payments'))] as const;
const from = (selector: string) =>
  policy('web', `podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ namespaceSelector: ${selector} }] }]`);

export const noCrossTeamReach: LintRule = {
  id: 'no-cross-team-reach',
  group: 'consistency',
  severity: 'info',
  wrong: 'a rule joins namespaces of different teams',
  why: 'What another team may reach is that team’s to change: it should be known to both, and as narrow as can be.',
  todo: 'narrow the entry to the pods that are meant, or suppress the finding with the reason',
  demands: [demands.namespaces],
  references: [],
  good: [{ yaml: documents(...namespaces, from(`{ matchLabels: { ${label('storefront')} } }`)) }],
  bad: [
    {
      yaml: documents(...namespaces, from('{ matchLabels: { kubernetes.io/metadata.name: other } }')),
      at: ['spec.ingress[0].from[0]'],
    },
    { yaml: documents(...namespaces, from('{}')), at: ['spec.ingress[0].from[0]'] },
  ],
  check: (context) => across('team', context),
};
