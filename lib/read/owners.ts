import type { PlacedWorkload } from '../model/cluster';

/**
 * Leaves out the Pods, ReplicaSets and Jobs of a workload that is in the input too, since they are that workload. The addresses of
 * its pods become its own. A pod that somebody labelled otherwise is kept: policies may no longer tell it by its workload's labels.
 *
 * @param asked the label keys that some policy asks for
 */
export function withoutOwned(workloads: readonly PlacedWorkload[], asked: () => ReadonlySet<string>): PlacedWorkload[] {
  if (workloads.every(({ owner }) => owner === undefined)) return [...workloads];
  const known = byKey(workloads);
  const keys = [...asked()];
  const addresses = new Map<PlacedWorkload, string[]>();
  const kept: PlacedWorkload[] = [];
  for (const workload of workloads) {
    const top = topOwner(workload, known);
    if (top === workload || keys.some((key) => labelOf(workload, key) !== labelOf(top, key))) kept.push(workload);
    else addresses.set(top, [...(addresses.get(top) ?? []), ...workload.addresses]);
  }
  return kept.map((workload) => {
    const more = addresses.get(workload);
    return more ? { ...workload, addresses: [...new Set([...workload.addresses, ...more])] } : workload;
  });
}

/** What made each of them, as far as that is among them: of a Pod its Deployment, and not the ReplicaSet between. */
export function ownersOf(workloads: readonly PlacedWorkload[]): ReadonlyMap<PlacedWorkload, PlacedWorkload> {
  const known = byKey(workloads);
  const owned = workloads.filter(({ owner }) => owner !== undefined);
  return new Map(
    owned.flatMap((workload) => {
      const top = topOwner(workload, known);
      return top === workload ? [] : [[workload, top] as const];
    }),
  );
}

function byKey(workloads: readonly PlacedWorkload[]): ReadonlyMap<string, PlacedWorkload> {
  return new Map(workloads.map((workload) => [keyOf(workload.namespace, workload.kind, workload.name), workload]));
}

function topOwner(workload: PlacedWorkload, known: ReadonlyMap<string, PlacedWorkload>): PlacedWorkload {
  let top = workload;
  for (const seen = new Set([top]); ; seen.add(top)) {
    const next = ownerOf(top, known);
    if (!next) return top;
    // What owns each other has no owner: none of it may get lost.
    if (seen.has(next)) return workload;
    top = next;
  }
}

/** Also the Deployment of a ReplicaSet, and the CronJob of a Job, that is itself not given: their names follow from its own. */
function ownerOf(
  { namespace, owner, podLabels }: PlacedWorkload,
  known: ReadonlyMap<string, PlacedWorkload>,
): PlacedWorkload | undefined {
  if (!owner) return undefined;
  const given = known.get(keyOf(namespace, owner.kind, owner.name));
  if (given) return given;
  const hash = podLabels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)) {
    return known.get(keyOf(namespace, 'Deployment', owner.name.slice(0, -hash.length - 1)));
  }
  // A CronJob's Jobs are named after the minute for which they were scheduled.
  const scheduled = owner.kind === 'Job' ? /^(.+)-\d{8,}$/.exec(owner.name) : null;
  return scheduled?.[1] === undefined ? undefined : known.get(keyOf(namespace, 'CronJob', scheduled[1]));
}

function labelOf({ podLabels }: PlacedWorkload, key: string): string | undefined {
  return Object.hasOwn(podLabels, key) ? podLabels[key] : undefined;
}

function keyOf(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}
