import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import { boxOf } from '../../model/selector';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';
import { demands } from '../standards';
import { labelledText, namePlace, selectorText, serviceText } from '../workload-labels';

const noNamespace =
  '; where its manifest names no namespace, say in the settings which it is applied to: `workloads: { path: …, namespace: … }`';

export const noUnselectedWorkload: LintRule = {
  id: 'no-unselected-workload',
  group: 'coverage',
  severity: 'warning',
  wrong: 'no policy selects a workload',
  why: 'Whatever runs in the cluster can reach it on any port, and it can reach everything: a pod is isolated only once a policy selects it.',
  todo: 'write a policy for it, or a default deny for its namespace',
  todoInCode: "leave out `isolates: 'none'` of the service, or `unnamedPods: 'open'` of its namespace",
  demands: [demands.cisNamespaces, demands.defaultDeny],
  references: [
    {
      name: 'Kubernetes, the two sorts of pod isolation',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
    },
  ],
  good: [
    {
      yaml: documents(
        deployment('web'),
        policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]'),
      ),
    },
  ],
  bad: [
    {
      yaml: documents(
        deployment('web'),
        deployment('api'),
        policy('web', 'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]'),
      ),
      at: ['metadata.name'],
    },
  ],
  *check({ cluster, pods, app }) {
    const selected = new Set(cluster.policies.flatMap((policy) => pods.selected(policy.namespace, policy.pods)));
    const unread = new Set(cluster.unread.map(({ namespace }) => namespace));
    for (const workload of cluster.workloads) {
      const { namespace, network, kind, selector, place } = workload;
      // No workload: what an app calls every pod of a namespace.
      if (boxOf(selector).isEverything && place.construct !== undefined) continue;
      // Nobody knows whether a policy of a kind that is not read selects it; and none can select a pod on the host's network.
      if (selected.has(workload) || network === 'host' || unread.has(namespace) || unread.has(undefined)) continue;
      const message = `no policy selects ${kind} \`${workloadToString(workload)}\``;
      yield {
        message,
        place: namePlace(workload),
        ...(place.construct === undefined
          ? { hint: `${labelledText(workload)}; ${app ? inApp(workload) : inPolicy(workload)}` }
          : {}),
      };
    }
  },
};

function inApp(workload: PlacedWorkload): string {
  const unsure = workload.namespace === 'default' ? noNamespace : '';
  return `declare its namespace in the app, and a service for it, as ${serviceText(workload)}${unsure}`;
}

function inPolicy(workload: PlacedWorkload): string {
  const selector = selectorText(workload);
  const own = selector
    ? `write a policy for it, with \`podSelector: { matchLabels: ${selector} }\``
    : 'label them and write a policy for that label';
  return `${own}, or a default deny for its namespace`;
}
