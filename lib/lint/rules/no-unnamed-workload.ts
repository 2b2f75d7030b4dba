import { groupedBy } from '../../analysis/grouping';
import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import type { Policy } from '../../model/policy';
import { boxOf } from '../../model/selector';
import { deployment, documents, policy } from '../examples';
import type { LintRule } from '../rule';
import { labelledText, namePlace, selectorText, serviceText } from '../workload-labels';

const denyAll = policy('deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]');
const ofWeb = policy(
  'web',
  'podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]',
);

export const noUnnamedWorkload: LintRule = {
  id: 'no-unnamed-workload',
  group: 'coverage',
  severity: 'warning',
  wrong: 'no policy but the default deny selects a workload',
  why: 'It is denied everything: nobody said what it may do, or the labels by which somebody did are not the ones that it has.',
  todo: 'write a policy for it, if it is to talk to anybody',
  references: [
    {
      name: 'Kubernetes, default deny all traffic',
      url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-and-all-egress-traffic',
    },
  ],
  good: [{ yaml: documents(deployment('web'), denyAll, ofWeb) }],
  bad: [{ yaml: documents(deployment('web'), deployment('api'), denyAll, ofWeb), at: ['metadata.name'] }],
  *check({ cluster, pods, app }) {
    const unread = new Set(cluster.unread.map(({ namespace }) => namespace));
    const selecting = new Map<PlacedWorkload, Policy[]>();
    for (const policy of cluster.policies) {
      for (const workload of pods.selected(policy.namespace, policy.pods)) {
        const list = selecting.get(workload);
        if (list) list.push(policy);
        else selecting.set(workload, [policy]);
      }
    }
    const services = groupedBy(app?.services ?? [], ({ namespace }) => namespace);
    for (const [workload, policies] of selecting) {
      const { namespace, network, kind, podLabels } = workload;
      if (network === 'host' || unread.has(namespace) || unread.has(undefined)) continue;
      if (policies.some((policy) => !policy.pods.isEverything || policy.rules.length > 0)) continue;
      if (services.get(namespace)?.some(({ selector }) => boxOf(selector).matches(podLabels))) continue;
      const denied = new Set(policies.flatMap(({ isolates }) => isolates));
      // Of manifests nobody said that whatever runs there is to be named.
      if (!app && denied.size < 2) continue;
      yield {
        message: `${app ? 'no service names' : 'no policy but the default deny selects'} ${kind} \`${workloadToString(workload)}\`: it is denied ${denied.size > 1 ? 'everything' : `all ${[...denied]}`}`,
        place: namePlace(workload),
        hint: `${labelledText(workload)}; ${app ? inCode(workload) : inPolicy(workload)}`,
        ...(app ? {} : { severity: 'info' as const }),
      };
    }
  },
};

function inCode(workload: PlacedWorkload): string {
  return `declare a service for it, also if it is to talk to nobody, as ${serviceText(workload)}; or correct the labels, if one is meant for it`;
}

function inPolicy(workload: PlacedWorkload): string {
  const selector = selectorText(workload);
  return `if it is to talk to anybody, ${selector ? `write a policy for it, with \`podSelector: { matchLabels: ${selector} }\`` : 'label them, and write a policy for that label'}`;
}
