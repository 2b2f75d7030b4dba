import type { PlacedWorkload } from '../../model/cluster';
import { policyToString } from '../../model/policy';
import { documents, policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const agent = (network: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { ${network}containers: [{ name: agent, image: agent }] }
`;
const own = policy('agent', 'podSelector: { matchLabels: { app: agent } }\npolicyTypes: [Ingress]');
const fromAgent = policy(
  'web',
  `podSelector: { matchLabels: { app: web } }
policyTypes: [Ingress]
ingress: [{ from: [{ podSelector: { matchLabels: { app: agent } } }] }]`,
);

export const noHostNetworkSelection: LintRule = {
  id: 'no-host-network-selection',
  group: 'workability',
  severity: 'warning',
  wrong: 'a selector is meant for pods on the host’s network',
  why: 'They have the node’s address and are not told from the node by most network plugins: policies that select them have no effect, and peers that select them match nothing.',
  todo: 'take the pods off the host’s network, or open to the nodes’ addresses by an ipBlock',
  todoInCode: 'take the pods off the host’s network, or name the nodes’ addresses by `Peer.cidr()`',
  demands: [demands.selection],
  references: [
    {
      name: 'Kubernetes, NetworkPolicy and hostNetwork pods',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods',
    },
  ],
  good: [
    { yaml: documents(agent(''), own, fromAgent) },
    { yaml: documents(agent('hostNetwork: true, '), policy('deny', 'podSelector: {}\npolicyTypes: [Ingress]')) },
  ],
  bad: [
    { yaml: documents(agent('hostNetwork: true, '), own), at: ['spec.podSelector'] },
    { yaml: documents(agent('hostNetwork: true, '), fromAgent), at: ['spec.ingress[0].from[0].podSelector'] },
  ],
  *check({ cluster, pods, settings }) {
    if (settings.profile.facts.selectsHostNetworkPods.value === 'yes') return;
    if (!cluster.workloads.some(({ network }) => network === 'host')) return;
    for (const policy of cluster.policies) {
      const name = policyToString(policy);
      const subject = onHost(pods.selected(policy.namespace, policy.pods));
      if (subject && !policy.pods.isEverything) {
        yield {
          message: `policy \`${name}\` selects ${subject} on the host’s network`,
          place: policy.place.at('spec.podSelector'),
        };
      }
      for (const { direction, index, peers } of policy.rules) {
        for (const [i, peer] of peers.entries()) {
          if (peer.kind !== 'pods' || peer.pods.isEverything) continue;
          const found = onHost(pods.ofPeer(peer));
          if (!found) continue;
          yield {
            message: `policy \`${name}\` names ${found} on the host’s network`,
            place: policy.place.at(
              `spec.${direction}[${index}].${direction === 'ingress' ? 'from' : 'to'}[${i}].podSelector`,
            ),
          };
        }
      }
    }
  },
};

/** Those on the host's network, where all are: a selector for many pods is not meant for them. */
function onHost(workloads: readonly PlacedWorkload[]): string | undefined {
  if (workloads.length === 0 || workloads.some(({ network }) => network === 'pod')) return undefined;
  const [first] = workloads;
  const more = workloads.length > 1 ? ` and ${workloads.length - 1} more` : '';
  return `\`${first!.namespace}/${first!.name}\`${more}`;
}
