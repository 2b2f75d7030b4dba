import type { Cluster, PlacedWorkload } from '../../model/cluster';
import { boxOf } from '../../model/selector';
import { isVolatileLabel, stableLabels } from '../../model/volatile-labels';
import { LabelBox } from '../../sets/label-box';
import { idOf, type JudgedEnd } from './judged-end';

/**
 * The labels by which a policy tells the pods from others of their namespace: those that its workload selects by, without what changes
 * with a release; more only where they keep other workloads out. Undefined where it has none that last.
 */
export function identityOf(end: JudgedEnd & { kind: 'pod' }, cluster: Cluster): LabelBox | undefined {
  const all = LabelBox.ofLabels(stableLabels(end.pod.labels));
  if (!end.workload) return all.isEverything ? undefined : all;
  const own = boxOf(end.workload.selector).renamed((key) => (isVolatileLabel(key) ? undefined : key));
  if (own.isEverything || !own.matches(end.pod.labels)) return all.isEverything ? undefined : all;
  const narrow = own.intersect(all);
  return selectedBy(narrow, end, cluster).length < selectedBy(own, end, cluster).length ? narrow : own;
}

/** Other workloads of the end's namespace that have the labels. */
export function selectedBy(box: LabelBox, end: JudgedEnd & { kind: 'pod' }, { workloads }: Cluster): PlacedWorkload[] {
  const { namespace } = end.pod;
  return workloads.filter((w) => w !== end.workload && w.namespace === namespace && box.matches(w.podLabels));
}

export function idsOf(workloads: readonly PlacedWorkload[], cluster: Cluster): string[] {
  return workloads.map((workload) => idOf(workload, cluster));
}
