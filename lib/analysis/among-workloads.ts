import type { Cluster, KnownNamespace, PlacedWorkload } from '../model/cluster';
import { boxOf } from '../model/selector';
import { groupedBy } from './grouping';
import { overlay } from './overlay';

/**
 * An app in the cluster that manifests tell of: its policies in place of theirs. Manifests know which pods there are, and a service of an app
 * only which ones it picks: its own pods stand in just where it picks none of them.
 */
export function amongWorkloads(app: Cluster, manifests: Cluster): Cluster {
  const known = groupedBy(manifests.workloads, ({ namespace }) => namespace);
  const isThere = ({ namespace, selector }: PlacedWorkload) => {
    const picked = boxOf(selector);
    return known.get(namespace)?.some(({ podLabels }) => picked.matches(podLabels)) ?? false;
  };
  return overlay(
    { ...manifests, policies: [] },
    {
      ...app,
      namespaces: app.namespaces.map((own) => withLabelsOf(own, manifests)),
      workloads: app.workloads.filter((workload) => !isThere(workload)),
    },
  );
}

/** Labels that an app does not give stay where it is applied. */
function withLabelsOf(own: KnownNamespace, { namespaces }: Cluster): KnownNamespace {
  const other = namespaces.find(({ name }) => name === own.name);
  return { ...own, labels: { ...other?.labels, ...own.labels } };
}
