import type { PlacedWorkload } from '../../model/cluster';
import { groupedBy } from '../grouping';

/** A workload on both sides of a difference, or on one of them. */
export interface MatchedWorkload {
  readonly before: PlacedWorkload | undefined;
  readonly after: PlacedWorkload | undefined;
}

/**
 * Workloads of both sides by namespace, kind and name. What is left of pods whose owner is not in the input is matched by that owner, in the
 * order of names: a Deployment's pods have other names after each restart.
 */
export function matchedWorkloads(
  before: readonly PlacedWorkload[],
  after: readonly PlacedWorkload[],
): MatchedWorkload[] {
  const [old, fresh] = [before, after].map((list) => new Map(list.map((w) => [nameKey(w), w] as const))) as [
    Map<string, PlacedWorkload>,
    Map<string, PlacedWorkload>,
  ];
  const both = after.filter((workload) => old.has(nameKey(workload)));
  const gone = before.filter((workload) => !fresh.has(nameKey(workload)));
  const added = groupedBy(
    after.filter((workload) => !old.has(nameKey(workload))),
    ownerKey,
  );
  const matched: MatchedWorkload[] = both.map((workload) => ({ before: old.get(nameKey(workload)), after: workload }));
  for (const [owner, own] of groupedBy(gone, ownerKey)) {
    const [left, right] = [inOrder(own), inOrder(added.get(owner) ?? [])];
    for (const [i, workload] of left.entries()) matched.push({ before: workload, after: right[i] });
    added.set(owner, right.slice(left.length));
  }
  for (const workload of [...added.values()].flat()) matched.push({ before: undefined, after: workload });
  return matched;
}

function nameKey({ namespace, kind, name }: PlacedWorkload): string {
  return `${namespace}/${kind}/${name}`;
}

/** What has no owner of its own kind is matched by name alone. */
function ownerKey(workload: PlacedWorkload): string {
  const { namespace, kind, owner, podLabels } = workload;
  if (kind !== 'Pod' || !owner || owner.kind === 'Node') return nameKey(workload);
  const hash = podLabels['pod-template-hash'];
  const isHashed = owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`);
  return `${namespace}/${owner.kind} of/${isHashed ? owner.name.slice(0, -hash.length - 1) : owner.name}`;
}

function inOrder(workloads: readonly PlacedWorkload[]): PlacedWorkload[] {
  return [...workloads].sort((a, b) => (a.name < b.name ? -1 : 1));
}
