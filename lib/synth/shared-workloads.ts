import { sharedPodsHint } from '../analysis/check/shared-pods';
import { groupedBy } from '../analysis/grouping';
import { type Issue, placeToString } from '../model/issue';
import { boxOf } from '../model/selector';
import type { AppCluster } from './app-source';

/**
 * Workloads that two services pick, which nobody said to be meant: they may do what both are allowed, and what is proved of services is of
 * pods that are of one. The app tells the same of workloads that it knows itself.
 */
export function sharedWorkloads({ services, manifests }: AppCluster): Issue[] {
  const picking = groupedBy(
    services.map((service) => ({ ...service, path: service.place.construct ?? '', pods: boxOf(service.selector) })),
    ({ namespace }) => namespace,
  );
  const issues = new Map<string, Issue>();
  for (const { kind, namespace, name, podLabels, place } of manifests?.cluster.workloads ?? []) {
    const own = (picking.get(namespace) ?? []).filter(({ pods }) => !pods.isEverything && pods.matches(podLabels));
    for (const [i, first] of own.entries()) {
      for (const second of own.slice(i + 1)) {
        const key = `${first.path} ${second.path}`;
        const isMeant = first.sharesPodsWith.includes(second.path) || second.sharesPodsWith.includes(first.path);
        if (isMeant || issues.has(key)) continue;
        const workload = `${kind} \`${namespace}/${name}\` (${placeToString(place)})`;
        const message = `services \`${first.path}\` and \`${second.path}\` both select the pods of ${workload}`;
        issues.set(key, { code: 'shared-pods', message, place: second.place, hint: sharedPodsHint });
      }
    }
  }
  return [...issues.values()];
}
