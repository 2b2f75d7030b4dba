import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { defaultBounds } from '../settings';

export const noLongPolicy: LintRule = {
  id: 'no-long-policy',
  group: 'minimality',
  severity: 'warning',
  wrong: 'a policy is too long to be read',
  why: 'Nobody reviews a list of a hundred peers: what should not be in it stays in it.',
  todo: 'state what the peers have in common, as one selector or range; or divide the policy by what its pods are for',
  todoInCode:
    'name a tier or namespace in place of its services, or one range in place of several; or divide the service by what its pods are for',
  references: [{ name: 'tierwall, `lint.bounds.mostEntries`' }],
  good: [
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]') },
  ],
  bad: [
    {
      yaml: policy(
        'web',
        'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }, { port: 81 }] }]',
      ),
      at: ['spec'],
      settings: { bounds: { ...defaultBounds, mostEntries: 2 } },
    },
  ],
  *check({ policies, settings: { bounds } }) {
    for (const { policy, rules, at } of policies) {
      const entries = rules.reduce((sum, { peers, ports }) => sum + (peers?.length ?? 0) + (ports?.length ?? 0), 0);
      if (entries <= bounds.mostEntries) continue;
      yield {
        message: `policy \`${policyToString(policy)}\` has ${entries} peers and ports, more than ${bounds.mostEntries}`,
        place: at('spec'),
      };
    }
  },
};
