import type { Cluster } from '../model/cluster';

/**
 * Whether the input holds objects of kinds that others than Kubernetes define: their controllers may run workloads that no manifest
 * names, as the operator of a `Prometheus` does, so that what is known of a namespace may not be all.
 */
export function mayHoldMore({ skipped }: Pick<Cluster, 'skipped'>): boolean {
  return [...skipped.keys()].some((kind) => {
    const [, group] = /^([^/ ]+\.[^/ ]+)\//.exec(kind) ?? [];
    return group !== undefined && !group.endsWith('.k8s.io') && !group.endsWith('.kubernetes.io');
  });
}
