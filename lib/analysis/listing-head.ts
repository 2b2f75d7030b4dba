import type { Cluster } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { listedUnread } from './connectivity/listing';
import { byKey } from './grouping';

export { byKey, groupedBy } from './grouping';

/** What every listing says of the input. */
export function listingHead({ namespaces, workloads, policies, unread }: Cluster, profile: CniProfile) {
  const counts = new Map<string, number>();
  for (const { namespace } of workloads) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return {
    cni: { id: profile.id, name: profile.name },
    totals: { namespaces: namespaces.length, workloads: workloads.length, policies: policies.length },
    namespaces: namespaces
      .map(({ name, source }) => ({ name, workloads: counts.get(name) ?? 0, labels: source }))
      .sort(byKey(({ name }) => name)),
    unread: unread.map(listedUnread).sort(byKey((u) => `${u.kind}\0${u.namespace ?? ''}\0${u.name}`)),
  };
}
