import { policyToString } from '../../model/policy';
import { coveredPeers, coveredPorts } from '../covered-entries';
import { policy } from '../examples';
import type { LintRule } from '../rule';

const ingress = (rest: string) => policy('api', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n${rest}`);

export const noRedundantEntry: LintRule = {
  id: 'no-redundant-entry',
  group: 'minimality',
  severity: 'warning',
  wrong: 'a peer or port is covered by others of the same rule',
  why: 'It reads as if it decided something: who takes it away to end the access ends nothing.',
  todo: 'leave the entry out, or narrow what covers it',
  todoInCode: 'leave out the intent that asks for it, or narrow the one that covers it',
  references: [{ name: 'tierwall, redundancy over every pod that could exist' }],
  good: [{ yaml: ingress('- from: [{ ipBlock: { cidr: 10.0.0.0/16 } }, { ipBlock: { cidr: 10.1.0.0/16 } }]') }],
  bad: [
    {
      yaml: ingress('- from: [{ podSelector: {} }, { podSelector: { matchLabels: { app: web } } }]'),
      at: ['spec.ingress[0].from[1]'],
      fixed: ingress('- from: [{ podSelector: {} }]'),
    },
    {
      yaml: ingress('- from: [{ podSelector: {} }]\n  ports:\n  - port: 8080\n  - port: 8000\n    endPort: 8999'),
      at: ['spec.ingress[0].ports[0]'],
      fixed: ingress('- from: [{ podSelector: {} }]\n  ports:\n  - port: 8000\n    endPort: 8999'),
    },
  ],
  *check({ policies, universe }) {
    for (const { policy, rules, at } of policies) {
      const name = `policy \`${policyToString(policy)}\``;
      const found = (what: string, field: string) => ({
        message: `a ${what} of ${name} is covered by other entries of its rule`,
        place: at(field),
        fix: [{ kind: 'remove' as const, object: policy.place, field }],
      });
      for (const { field, peersName, ports, read } of rules) {
        if (!read) continue;
        for (const i of coveredPeers(read, universe)) yield found('peer', `${field}.${peersName}[${i}]`);
        for (const i of coveredPorts(ports)) yield found('port', `${field}.ports[${i}]`);
      }
    }
  },
};
