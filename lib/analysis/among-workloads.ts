import type { Cluster, KnownNamespace, PlacedWorkload } from '../model/cluster';
import { boxOf } from '../model/selector';
import { groupedBy } from './grouping';
import { overlay } from './overlay';

/**
 * An app in the cluster that manifests tell of. Manifests know which pods there are, and a service of an app only which ones it picks: its own
 * pods stand in just where it picks none of them.
 */
export function amongWorkloads(app: Cluster, manifests: Cluster): Cluster {
  const known = groupedBy(manifests.workloads, ({ namespace }) => namespace);
  const isThere = ({ kind, namespace, name, selector }: PlacedWorkload) => {
    const picked = boxOf(selector);
    const isSame = (other: PlacedWorkload) => other.kind === kind && other.name === name;
    return known.get(namespace)?.some((other) => isSame(other) || picked.matches(other.podLabels)) ?? false;
  };
  return overlay(manifests, {
    ...app,
    namespaces: app.namespaces.map((own) => withLabelsOf(own, manifests)),
    workloads: app.workloads.filter((workload) => !isThere(workload)),
  });
}

/** Labels that an app does not give stay where it is applied. */
function withLabelsOf(own: KnownNamespace, { namespaces }: Cluster): KnownNamespace {
  const other = namespaces.find(({ name }) => name === own.name);
  return { ...own, labels: { ...other?.labels, ...own.labels } };
}
