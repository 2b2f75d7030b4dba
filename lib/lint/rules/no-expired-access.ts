import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';
import { timeBoxes } from '../time-boxes';

const until = (day: string) =>
  policy('support', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]').replace(
    'namespace: shop }',
    `namespace: shop, annotations: { tierwall.dev/until: "${day}" } }`,
  );

export const noExpiredAccess: LintRule = {
  id: 'no-expired-access',
  group: 'consistency',
  severity: 'error',
  wrong: 'access that was to end is still written',
  why: 'Nothing in a cluster ends it: what was opened for a day stays open until the policy is changed.',
  todo: 'remove it, or give it another last day with whoever granted it',
  todoInCode: 'remove it, or give it another `until`, with whoever granted it',
  demands: [demands.permitted],
  references: [],
  good: [{ yaml: until('2099-12-31') }],
  bad: [{ yaml: until('2020-12-31'), at: ['metadata.annotations["tierwall.dev/until"]'] }],
  *check(context) {
    for (const { what, until, place } of timeBoxes(context)) {
      if (until < context.settings.today) yield { message: `${what} ended on ${until}`, place };
    }
  },
};
