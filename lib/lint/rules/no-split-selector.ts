import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { podPeersOf } from '../selectors';
import { demands } from '../standards';

const ingress = (from: string) => policy('api', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from:\n${from}`);

export const noSplitSelector: LintRule = {
  id: 'no-split-selector',
  group: 'width',
  severity: 'warning',
  wrong: 'a namespaceSelector and a podSelector stand in two entries of the list, so that either is enough',
  why: 'Two entries mean or: every pod of those namespaces, and these pods of the own one. One dash more than was meant opens whole namespaces.',
  todo: 'write both selectors in one entry if both are to hold; put a podSelector first in its own rule if either is enough',
  demands: [demands.selection],
  references: [
    {
      name: 'Kubernetes, behavior of to and from selectors',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
    },
  ],
  good: [
    {
      yaml: ingress(
        '  - namespaceSelector: { matchLabels: { team: storefront } }\n    podSelector: { matchLabels: { app: web } }',
      ),
    },
  ],
  bad: [
    {
      yaml: ingress(
        '  - namespaceSelector: { matchLabels: { team: storefront } }\n  - podSelector: { matchLabels: { app: web } }',
      ),
      at: ['spec.ingress[0].from[1].podSelector'],
    },
  ],
  *check({ policies, pods, app }) {
    for (const written of policies) {
      const peers = podPeersOf(written);
      for (const [i, peer] of peers.entries()) {
        const before = peers[i - 1];
        if (before?.rule !== peer.rule || before.has.podSelector === 'written') continue;
        if (peer.has.namespaceSelector === 'written' || peer.pods.isEverything) continue;
        const { namespace, rules } = written.policy;
        // In the code of an app each is an intent of its own.
        const { direction, index } = peer.rule;
        const read = app && rules.find((rule) => rule.direction === direction && rule.index === index);
        if (read && app.intentsOf(read).length > 0) continue;
        // Where such pods are in the own namespace, either may well be meant.
        const isMeant = pods.selected(namespace, peer.pods).length > 0;
        yield {
          message: `policy \`${policyToString(written.policy)}\` allows every pod of the namespaces \`${before.namespaces}\`, or pods \`${peer.pods}\` of \`${namespace}\`: the selectors stand in two entries`,
          place: written.at(`${peer.field}.podSelector`),
          related: [{ text: 'the entry for namespaces', place: written.at(`${before.field}.namespaceSelector`) }],
          ...(isMeant ? { severity: 'info' as const } : {}),
        };
      }
    }
  },
};
