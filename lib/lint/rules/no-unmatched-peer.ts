import { type Policy, policyToString } from '../../model/policy';
import { deployment, documents, policy } from '../examples';
import { labelsToString, nearestSelector } from '../label-distance';
import { unmatched } from '../operators';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const fromApp = (app: string) =>
  documents(
    deployment('web'),
    deployment('api'),
    policy(
      'api',
      `podSelector: { matchLabels: { app: api } }\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: { matchLabels: { app: ${app} } } }] }]`,
    ),
  );

export const noUnmatchedPeer: LintRule = {
  id: 'no-unmatched-peer',
  group: 'matching',
  severity: 'warning',
  wrong: 'a peer matches no workload, though some are known in its namespaces',
  why: 'The connection that it is for stays denied, or whoever takes these labels later gets in.',
  todo: 'correct the labels, or leave the peer out',
  todoInCode: 'correct the labels of the peer, or leave it out',
  demands: [demands.selection],
  references: [
    {
      name: 'Kubernetes, labels and selectors',
      url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
    },
  ],
  good: [
    { yaml: fromApp('web') },
    // Pods of namespaces that are not in the input are meant, as those of kube-system.
    {
      yaml: documents(
        deployment('api'),
        policy(
          'api',
          'podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }] }]',
        ),
      ),
    },
    // Of a namespace of which nothing is known, nothing can be said.
    {
      yaml: documents(
        deployment('api'),
        policy(
          'api',
          'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }, podSelector: { matchLabels: { app: prometheus } } }] }]',
        ),
      ),
    },
  ],
  bad: [{ yaml: fromApp('wbe'), at: ['spec.ingress[0].from[0].podSelector'] }],
  *check({ policies, pods, cluster, app }) {
    for (const { policy, podPeers, at } of policies) {
      for (const { field, namespaces, pods: labels, has } of podPeers) {
        if (has.podSelector === 'absent' || labels.isEverything || labels.isEmpty) continue;
        if (pods.ofPeer({ kind: 'pods', namespaces, pods: labels }).length > 0) continue;
        const names = pods.namespaces(namespaces);
        const known = names.flatMap((name) => pods.in(name));
        if (known.length === 0) continue;
        // Services that are meant say so themselves, and one mistake is enough.
        const isMeant = (own: Policy) => names.includes(own.namespace) && own.pods.isSubsetOf(labels);
        if (app && cluster.policies.some(isMeant)) continue;
        const where =
          names.length === 1 ? `namespace \`${names[0]}\`` : `the ${names.length} namespaces that it is about`;
        const there = labelsToString(known, labels.keys) || labelsToString(known, []);
        const slip = nearestSelector(
          labels,
          known.map(({ podLabels }) => podLabels),
        );
        if (!slip && !pods.areKnownIn(namespaces)) continue;
        yield {
          message: `policy \`${policyToString(policy)}\` allows pods labelled \`${labels}\`, and no workload of ${where} is`,
          place: at(`${field}.podSelector`),
          ...(slip
            ? { hint: slip }
            : unmatched(
                `correct the labels, or leave the peer out; pods there are labelled ${there}`,
                cluster,
                labels,
              )),
        };
      }
    }
  },
};
