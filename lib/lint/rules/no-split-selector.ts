import { policyToString } from '../../model/policy';
import { policy } from '../examples';
import type { LintRule } from '../rule';
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
    for (const { policy, podPeers, at } of policies) {
      for (const [i, peer] of podPeers.entries()) {
        const before = podPeers[i - 1];
        if (before?.rule !== peer.rule || before.has.podSelector === 'written') continue;
        if (peer.has.namespaceSelector === 'written' || peer.pods.isEverything) continue;
        const { namespace } = policy;
        // In the code of an app each is an intent of its own.
        if (app && app.intentsOf(peer.rule).length > 0) continue;
        // Where such pods are in the own namespace, either may well be meant.
        const isMeant = pods.selected(namespace, peer.pods).length > 0;
        yield {
          message: `policy \`${policyToString(policy)}\` allows every pod of the namespaces \`${before.namespaces}\`, or pods \`${peer.pods}\` of \`${namespace}\`: the selectors stand in two entries`,
          place: at(`${peer.field}.podSelector`),
          related: [{ text: 'the entry for namespaces', place: at(`${before.field}.namespaceSelector`) }],
          ...(isMeant ? { severity: 'info' as const } : {}),
        };
      }
    }
  },
};
