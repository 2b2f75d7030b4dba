import { policyToString } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';

const from = (selector: string) =>
  policy(
    'web',
    `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]\ningress: [{ from: [{ namespaceSelector: ${selector} }] }]`,
  );

export const requireNamespaceName: LintRule = {
  id: 'require-namespace-name',
  group: 'consistency',
  severity: 'info',
  wrong: 'namespaces are picked by labels that whoever may edit a namespace can set',
  why: 'Such a label lets its namespace in, wherever it comes from. `kubernetes.io/metadata.name` is set by the API server, and cannot be anything but the name.',
  todo: 'pick the namespaces by `kubernetes.io/metadata.name`, or see to it that only their owners may set the labels',
  todoInCode: 'name the namespaces, as by `Peer.namespace()`, or see to it that only their owners may set the labels',
  demands: [demands.namespaces],
  references: [
    {
      name: 'Kubernetes, targeting a namespace by its name',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name',
    },
  ],
  good: [
    { yaml: from('{ matchLabels: { kubernetes.io/metadata.name: ingress } }') },
    // Every namespace: for another rule.
    { yaml: from('{}') },
  ],
  bad: [
    { yaml: from('{ matchLabels: { team: storefront } }'), at: ['spec.ingress[0].from[0].namespaceSelector'] },
    {
      yaml: from('{ matchExpressions: [{ key: env, operator: NotIn, values: [dev] }] }'),
      at: ['spec.ingress[0].from[0].namespaceSelector'],
    },
  ],
  *check({ cluster, pods }) {
    for (const policy of cluster.policies) {
      for (const { direction, index, peers } of policy.rules) {
        for (const [i, peer] of peers.entries()) {
          if (peer.kind !== 'pods' || peer.namespaces.isEverything) continue;
          if (peer.namespaces.valuesOf(namespaceNameKey) !== undefined) continue;
          const names = pods.namespaces(peer.namespaces);
          const list = direction === 'ingress' ? 'from' : 'to';
          const known = `of those that are known these are ${names.map((name) => `\`${name}\``).join(', ')}`;
          yield {
            message: `policy \`${policyToString(policy)}\` picks namespaces by \`${peer.namespaces}\``,
            place: policy.place.at(`spec.${direction}[${index}].${list}[${i}].namespaceSelector`),
            ...(names.length > 0 && names.length <= 5
              ? {
                  hint: `${known}: name them by \`${namespaceNameKey}\``,
                  hintInCode: `${known}: name them, as by \`Peer.namespace()\``,
                }
              : {}),
          };
        }
      }
    }
  },
};
