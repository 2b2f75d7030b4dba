import { sameMeaning } from '../../analysis/same-meaning';
import { policyToString } from '../../model/policy';
import { documents, policy } from '../examples';
import { isImpliedPolicy } from '../implied';
import type { LintRule } from '../rule';

const deny = policy('deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]');
const web = (rules: string) =>
  policy('web', `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]${rules}`);

export const noRedundantPolicy: LintRule = {
  id: 'no-redundant-policy',
  group: 'minimality',
  severity: 'warning',
  wrong: 'a policy can be deleted without changing what is allowed',
  why: 'Others isolate its pods and allow what it allows: it reads as protection or access that it does not give.',
  todo: 'delete it, or narrow what covers it',
  todoInCode: 'leave out the service or raw policy that it is written for, or narrow what covers it',
  references: [{ name: 'tierwall, redundancy over every pod that could exist' }],
  good: [{ yaml: documents(deny, web('\ningress: [{ from: [{ podSelector: {} }] }]')) }],
  bad: [{ yaml: documents(deny, web('')), at: [''] }],
  *check({ redundancy, universe }) {
    for (const { policy, coveredBy } of redundancy.policies) {
      if (
        isImpliedPolicy(policy) ||
        coveredBy.length === 0 ||
        coveredBy.some((other) => sameMeaning(policy, other, universe))
      )
        continue;
      const shown = coveredBy.slice(0, 3).map((other) => `\`${policyToString(other)}\``);
      const rest = coveredBy.length > 3 ? ` and ${coveredBy.length - 3} more` : '';
      yield {
        message: `policy \`${policyToString(policy)}\` changes nothing: ${shown.join(', ')}${rest} isolate${coveredBy.length > 1 ? '' : 's'} its pods and allow${coveredBy.length > 1 ? '' : 's'} all that it allows`,
        place: policy.place,
        related: coveredBy.map((other) => ({ text: `policy \`${policyToString(other)}\``, place: other.place })),
      };
    }
  },
};
