import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import type { Severity } from '../../model/finding';
import { type Policy, policyToString } from '../../model/policy';
import { makersOf } from '../../read/owners';
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
  const makers = makersOf(workloads);
  const run = workloads.filter(({ kind }) => kind !== 'Pod');
  const lonely = policies.filter((policy) => ![...selected.values()].some((own) => own.includes(policy)));
  const found: DriftFinding[] = [];
  for (const [workload, own] of selected) {
    const maker = makers.get(workload);
    const meant = maker ? selected.get(maker)! : own.length === 0 ? lonely.filter((p) => isMeantFor(p, workload)) : own;
    found.push(...meant.filter((p) => !own.includes(p)).map((policy) => left(world, workload, policy, maker)));
    for (const policy of own) {
      if (maker && !meant.includes(policy)) found.push(joined(world, workload, policy, maker));
      else if (workload.kind === 'Pod' && !workload.owner) {
        const like = run.find((other) => selected.get(other)!.includes(policy));
        if (like) found.push(joinedByHand(world, workload, policy, like));
      }
    }
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
  maker: PlacedWorkload | undefined,
): DriftFinding {
  const like = maker ? `, unlike its ${called(maker)}` : '';
  const message = `${called(workload)} has left \`${policyToString(policy)}\`: ${difference(workload, policy)}${like}`;
  return finding(driftRules.left, {
    message,
    place: workload.place,
    namespace: workload.namespace,
    intended: policy,
    world,
  });
}

function joined(world: DriftWorld, workload: PlacedWorkload, policy: Policy, maker: PlacedWorkload): DriftFinding {
  const message = `${under(workload, policy)}, which its ${called(maker)} does not give it`;
  return borrowed(world, workload, policy, message);
}

/** Somebody may run pods of a service by hand; that this is one of them is for a person to say. */
function joinedByHand(world: DriftWorld, workload: PlacedWorkload, policy: Policy, like: PlacedWorkload): DriftFinding {
  const message = `${under(workload, policy)}, as ${called(like)} is, and nothing runs it`;
  return borrowed(world, workload, policy, message, 'warning');
}

function under(workload: PlacedWorkload, policy: Policy): string {
  return `${called(workload)} is under \`${policyToString(policy)}\`, by the labels \`${policy.pods}\``;
}

function borrowed(
  world: DriftWorld,
  workload: PlacedWorkload,
  policy: Policy,
  message: string,
  severity: Severity = driftRules.joined.severity,
): DriftFinding {
  const { place, namespace } = workload;
  return finding(driftRules.joined, { message, severity, place, namespace, intended: policy, world });
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
