import type { Cluster } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { listedUnread } from './connectivity/listing';

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

export function byKey<T>(keyOf: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

export function groupedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
