import { sameMeaning } from '../../analysis/same-meaning';
import { policyToString } from '../../model/policy';
import { documents, policy } from '../examples';
import type { LintRule } from '../rule';

const web =
  'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]';

export const noDuplicatePolicy: LintRule = {
  id: 'no-duplicate-policy',
  group: 'minimality',
  severity: 'warning',
  wrong: 'a policy means exactly the same as another one',
  why: 'Who changes or deletes one of them to end the access ends nothing, as long as the other one is there.',
  todo: 'delete one of them',
  todoInCode: 'leave one of the services or raw policies out',
  references: [{ name: 'tierwall, redundancy over every pod that could exist' }],
  good: [{ yaml: documents(policy('web', web), policy('api', web.replace('web', 'api'))) }],
  bad: [{ yaml: documents(policy('web', web), policy('web-copy', web)), at: [''] }],
  *check({ redundancy, universe }) {
    for (const { policy, coveredBy } of redundancy.policies) {
      const same = coveredBy.find((other) => sameMeaning(policy, other, universe));
      if (!same) continue;
      yield {
        message: `policy \`${policyToString(policy)}\` means exactly what \`${policyToString(same)}\` means`,
        place: policy.place,
        related: [{ text: `policy \`${policyToString(same)}\``, place: same.place }],
      };
    }
  },
};
