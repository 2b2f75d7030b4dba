import { policy } from '../examples';
import type { LintRule } from '../rule';
import { defaultBounds } from '../settings';
import { timeBoxes } from '../time-boxes';

const until = (reason: string) =>
  policy('support', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]').replace(
    'namespace: shop }',
    `namespace: shop, annotations: { tierwall.dev/because: "${reason}" } }`,
  );
const settings = { today: '2026-06-01', bounds: { ...defaultBounds, expirySoon: 14 } };

export const noExpiringAccess: LintRule = {
  id: 'no-expiring-access',
  group: 'consistency',
  severity: 'info',
  wrong: 'access ends soon',
  why: 'Whoever uses it is cut off with the next synthesis after its last day: better to know of it before.',
  todo: 'let it end, or agree on another last day',
  todoInCode: 'let it end, or agree on another `until`',
  references: [],
  good: [{ yaml: until('debugging, until 2026-07-31 (from console)'), settings }],
  bad: [
    {
      yaml: until('debugging, until 2026-06-10 (from console)'),
      settings,
      at: ['metadata.annotations["tierwall.dev/because"]'],
    },
  ],
  *check(context) {
    const { today, bounds } = context.settings;
    const last = new Date(Date.parse(today) + bounds.expirySoon * 86_400_000).toISOString().slice(0, 10);
    for (const { what, until, place } of timeBoxes(context)) {
      if (until >= today && until <= last) yield { message: `${what} ends on ${until}`, place };
    }
  },
};
