import { profileOf } from '../../model/cni-profiles';
import { unenforcedFeature } from '../../model/enforcement';
import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const ports = (text: string) =>
  policy(
    'web',
    `podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }], ports: [${text}] }]`,
  );
const settings = { profile: profileOf('weave-net')! };

export const noUnenforcedFeature: LintRule = {
  id: 'no-unenforced-feature',
  group: 'workability',
  severity: 'error',
  wrong: 'a policy uses what the network plugin does not enforce',
  why: 'The API server accepts it, and the plugin ignores it, in part or as a whole: it may open more than is written, or less.',
  todo: 'write it without, or change the plugin; `--cni` and the setting `cni` say which it is',
  todoInCode: 'state the intent without, or change the plugin; `--cni` and the setting `cni` say which it is',
  demands: [demands.cisPlugin, demands.plugin],
  references: [],
  good: [{ yaml: ports('{ port: 8000 }'), settings }, { yaml: ports('{ port: 8000, endPort: 8999 }') }],
  bad: [{ yaml: ports('{ port: 8000, endPort: 8999 }'), settings, at: ['spec'] }],
  *check({ cluster, settings: { profile } }) {
    for (const policy of cluster.policies) {
      const without = policy.isolates.includes('egress') && profile.facts.enforcesEgress.value === 'no';
      const feature = without ? 'egress' : unenforcedFeature(policy, profile);
      if (!feature) continue;
      yield {
        message: `policy \`${policyToString(policy)}\` uses ${feature}, which ${profile.name} does not enforce`,
        place: policy.place.at('spec'),
      };
    }
  },
};
