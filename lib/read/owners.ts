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
    if (top === workload) kept.push(workload);
    // What is between the two is left out, so that it is to be said here whose it is.
    else if (keys.some((key) => labelOf(workload, key) !== labelOf(top, key)))
      kept.push({ ...workload, owner: { kind: top.kind, name: top.name } });
    else addresses.set(top, [...(addresses.get(top) ?? []), ...workload.addresses]);
  }
  return kept.map((workload) => {
    const more = addresses.get(workload);
    return more ? { ...workload, addresses: [...new Set([...workload.addresses, ...more])] } : workload;
  });
}

/**
 * What made each of them, as far as that is among them: of a Pod its Deployment, and not the ReplicaSet between. Also of a pod that is
 * its own by now: controllers let go of a pod once its labels are not those that they ask for.
 */
export function makersOf(workloads: readonly PlacedWorkload[]): ReadonlyMap<PlacedWorkload, PlacedWorkload> {
  const known = byKey(workloads);
  return new Map(
    workloads.flatMap((workload) => {
      const top = topOwner(workload, known);
      const maker = top === workload ? formerOwnerOf(workload, known) : top;
      return maker ? [[workload, maker] as const] : [];
    }),
  );
}

/** By its name, and the labels that its controller gave it beside those that it asks for. */
function formerOwnerOf(
  { kind, namespace, name, owner, podLabels }: PlacedWorkload,
  known: ReadonlyMap<string, PlacedWorkload>,
): PlacedWorkload | undefined {
  if (kind !== 'Pod' || owner) return undefined;
  const [, before, last = ''] = /^(.+)-([a-z0-9]+)$/.exec(name) ?? [];
  const hash = podLabels['pod-template-hash'];
  const job = podLabels['batch.kubernetes.io/job-name'];
  const named = (ownerKind: string, ownerName: string | undefined) =>
    ownerName === undefined ? undefined : known.get(keyOf(namespace, ownerKind, ownerName));
  if (job) return ownerOf({ namespace, owner: { kind: 'Job', name: job }, podLabels }, known);
  if (hash) return before?.endsWith(`-${hash}`) ? named('Deployment', before.slice(0, -hash.length - 1)) : undefined;
  if (!podLabels['controller-revision-hash']) return undefined;
  return named(
    /^\d+$/.test(last) && podLabels['statefulset.kubernetes.io/pod-name'] ? 'StatefulSet' : 'DaemonSet',
    before,
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
  { namespace, owner, podLabels }: Pick<PlacedWorkload, 'namespace' | 'owner' | 'podLabels'>,
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
