import type { Cluster } from '../model/cluster';

/** What a cluster comes to once the objects of manifests are applied to it: those of a name that is there take its place, and nothing is removed. */
export function overlay(cluster: Cluster, applied: Cluster): Cluster {
  type Placed = { readonly namespace?: string | undefined; readonly name: string; readonly kind?: string };
  const over = <T extends Placed>(there: readonly T[], given: readonly T[]): T[] => {
    const keyOf = ({ kind = '', namespace = '', name }: Placed) => `${kind}/${namespace}/${name}`;
    const names = new Set(given.map(keyOf));
    return [...there.filter((one) => !names.has(keyOf(one))), ...given];
  };
  // A namespace that is only named says nothing of the labels of the one that is there.
  const known = new Set(cluster.namespaces.filter(({ source }) => source === 'given').map(({ name }) => name));
  const namespaces = applied.namespaces.filter(({ name, source }) => source === 'given' || !known.has(name));
  return {
    namespaces: over(cluster.namespaces, namespaces).sort((a, b) => (a.name < b.name ? -1 : 1)),
    workloads: over(cluster.workloads, applied.workloads),
    services: over(cluster.services, applied.services),
    exposures: over(cluster.exposures, applied.exposures),
    policies: over(cluster.policies, applied.policies),
    unread: over(cluster.unread, applied.unread),
    skipped: cluster.skipped,
  };
}
