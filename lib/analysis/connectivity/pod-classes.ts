import type { Cluster, PlacedWorkload } from '../../model/cluster';
import type { PodEnd } from '../../model/connection';
import { podPorts } from '../../model/workload';
import { parseAddress } from '../../sets/cidr';

/** Workloads that no policy can tell apart: same namespace, labels, named ports, network and addresses. */
export interface PodClass {
  readonly index: number;
  /** Equal for classes of two clusters whose pods differ in nothing but perhaps the labels of their namespace. */
  readonly key: string;
  readonly end: PodEnd;
  /** At least one, in the order of the input. */
  readonly workloads: readonly PlacedWorkload[];
}

/** One class for each kind of pod, in the order in which the cluster lists them. */
export function podClasses(cluster: Cluster): PodClass[] {
  const namespaceLabels = new Map(cluster.namespaces.map((n) => [n.name, n.labels] as const));
  const classes = new Map<string, PodClass & { readonly workloads: PlacedWorkload[] }>();
  for (const workload of cluster.workloads) {
    const key = classKey(workload);
    const known = classes.get(key);
    if (known) {
      known.workloads.push(workload);
    } else {
      const end = podEnd(workload, namespaceLabels.get(workload.namespace) ?? {});
      classes.set(key, { index: classes.size, key, end, workloads: [workload] });
    }
  }
  return [...classes.values()];
}

export function podEnd(workload: PlacedWorkload, namespaceLabels: Readonly<Record<string, string>>): PodEnd {
  return {
    kind: 'pod',
    namespace: workload.namespace,
    namespaceLabels,
    labels: workload.podLabels,
    ports: podPorts(workload),
    network: workload.network,
    addresses: workload.addresses.map(parseAddress).filter((address) => address !== undefined),
  };
}

/** The same text for workloads that no policy can tell apart. */
export function classKey(workload: PlacedWorkload): string {
  const { namespace, podLabels, network, addresses } = workload;
  const labels = Object.keys(podLabels)
    .sort()
    .map((key) => `${key}=${podLabels[key]}`);
  const named = podPorts(workload)
    .filter((p) => p.name !== undefined)
    .map((p) => `${p.name}:${p.number}/${p.protocol}`);
  return [namespace, labels.join(), named.sort().join(), network, addresses.join()].join('\0');
}
