import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import { type Policy, policyToString } from '../../model/policy';
import { ownersOf } from '../../read/owners';
import { prefix } from '../../targets/names';
import { type DriftFinding, finding } from './drift-finding';
import { driftRules } from './drift-rules';
import type { DriftWorld } from './drift-world';

/** Workloads of a managed namespace that the policies no longer pick as they were meant to, by the labels that they carry now. */
export function workloadDrift(world: DriftWorld, namespace: string): DriftFinding[] {
  const workloads = (world.workloads.get(namespace) ?? []).filter(({ network }) => network === 'pod');
  // A default deny picks everybody.
  const policies = (world.intendedPolicies.get(namespace) ?? []).filter(({ pods }) => !pods.isEverything);
  const selected = new Map(workloads.map((workload) => [workload, selecting(policies, workload)] as const));
  const owners = ownersOf(workloads);
  const lonely = policies.filter((policy) => ![...selected.values()].some((own) => own.includes(policy)));
  const found: DriftFinding[] = [];
  for (const [workload, own] of selected) {
    const owner = owners.get(workload);
    const meant = owner ? selected.get(owner)! : own.length === 0 ? lonely.filter((p) => isMeantFor(p, workload)) : own;
    found.push(...meant.filter((p) => !own.includes(p)).map((policy) => left(world, workload, policy, owner)));
    if (owner)
      found.push(...own.filter((p) => !meant.includes(p)).map((policy) => joined(world, workload, policy, owner)));
    if (own.length === 0 && meant.length === 0) found.push(unnamed(world, workload));
  }
  return found;
}

function selecting(policies: readonly Policy[], { podLabels }: PlacedWorkload): Policy[] {
  return policies.filter(({ pods }) => pods.matches(podLabels));
}

/** A policy that picks nobody is named after the service that it is for. */
function isMeantFor({ name }: Policy, workload: PlacedWorkload): boolean {
  return name === prefix + workload.name || name === workload.name;
}

function left(
  world: DriftWorld,
  workload: PlacedWorkload,
  policy: Policy,
  owner: PlacedWorkload | undefined,
): DriftFinding {
  const like = owner ? `, unlike its ${owner.kind} \`${workloadToString(owner)}\`` : '';
  const message = `${called(workload)} has left \`${policyToString(policy)}\`: ${difference(workload, policy)}${like}`;
  return finding(driftRules.left, {
    message,
    place: workload.place,
    namespace: workload.namespace,
    intended: policy,
    world,
  });
}

function joined(world: DriftWorld, workload: PlacedWorkload, policy: Policy, owner: PlacedWorkload): DriftFinding {
  const message = `${called(workload)} is under \`${policyToString(policy)}\`, by the labels \`${policy.pods}\`, which its ${owner.kind} \`${workloadToString(owner)}\` does not give it`;
  return finding(driftRules.joined, {
    message,
    place: workload.place,
    namespace: workload.namespace,
    intended: policy,
    world,
  });
}

function unnamed(world: DriftWorld, workload: PlacedWorkload): DriftFinding {
  const message = `no policy but the default deny selects ${called(workload)}`;
  return finding(driftRules.unnamed, { message, place: workload.place, namespace: workload.namespace, world });
}

function called(workload: PlacedWorkload): string {
  return `${workload.kind} \`${workloadToString(workload)}\``;
}

/** As in "it has `app=carts`, and the policy asks for `app=cart`". */
function difference({ podLabels }: PlacedWorkload, { pods }: Policy): string {
  const keys = pods.keys.filter((key) => !pods.renamed((k) => (k === key ? k : undefined)).matches(podLabels));
  const has = keys.map((key) => (Object.hasOwn(podLabels, key) ? `\`${key}=${podLabels[key]}\`` : `no \`${key}\``));
  return `it has ${has.join(', ')}, and the policy asks for \`${pods}\``;
}
