import { didYouMean } from '../../constructs/did-you-mean';
import { policyToString } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { documents, namespace, policy } from '../examples';
import { nearestSelector } from '../label-distance';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const from = (labels: string) =>
  policy(
    'api',
    `podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ namespaceSelector: { matchLabels: { ${labels} } } }] }]`,
  );

export const noUnmatchedNamespace: LintRule = {
  id: 'no-unmatched-namespace',
  group: 'matching',
  severity: 'warning',
  wrong: 'a namespaceSelector matches no known namespace',
  why: 'What it is for stays denied; and whoever may create a namespace, or label one, can make it match.',
  todo: 'correct the labels; a namespace is best named by `kubernetes.io/metadata.name`, which nobody can set',
  todoInCode: 'correct the labels of the peer; a namespace is best named, as by `Peer.namespace()`',
  demands: [demands.selection],
  references: [
    {
      name: 'Kubernetes, targeting a Namespace by its name',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name',
    },
  ],
  good: [
    { yaml: documents(namespace('web', 'team: storefront'), from('team: storefront')) },
    // Nothing is known of namespaces that are not in the input.
    { yaml: from('kubernetes.io/metadata.name: monitoring') },
  ],
  bad: [
    {
      yaml: documents(namespace('web', 'team: storefront'), from('team: storefrnt')),
      at: ['spec.ingress[0].from[0].namespaceSelector'],
    },
    {
      yaml: documents(namespace('web'), from('kubernetes.io/metadata.name: wbe')),
      at: ['spec.ingress[0].from[0].namespaceSelector'],
    },
  ],
  *check({ policies, pods, cluster }) {
    const given = cluster.namespaces.filter(({ source }) => source === 'given');
    const names = cluster.namespaces.map(({ name }) => name);
    for (const { policy, podPeers, at } of policies) {
      for (const { field, namespaces, has } of podPeers) {
        if (has.namespaceSelector === 'absent' || namespaces.isEmpty || pods.namespaces(namespaces).length > 0)
          continue;
        const asked = namespaces.valuesOf(namespaceNameKey);
        const slip = asked?.length === 1 ? didYouMean(asked[0]!, names) : undefined;
        // A name that is like none is of a namespace that is not in the input; so may labels be, where no Namespace is given.
        if (asked ? !slip : given.length === 0) continue;
        const labels = given.map((known) => known.labels);
        const hint = slip ?? nearestSelector(namespaces, labels);
        yield {
          message: `policy \`${policyToString(policy)}\` selects namespaces labelled \`${namespaces}\`, and no known one is`,
          place: at(`${field}.namespaceSelector`),
          ...(hint ? { hint } : { severity: 'info' as const }),
        };
      }
    }
  },
};
