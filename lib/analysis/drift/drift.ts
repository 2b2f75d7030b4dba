import type { PlacedWorkload, UnreadPolicy } from '../../model/cluster';
import { type Policy, policyToString } from '../../model/policy';
import { notIsolated } from '../open-world/relation';
import { type DriftFinding, finding } from './drift-finding';
import { driftRules } from './drift-rules';
import type { DriftWorld } from './drift-world';
import { namespaceLabelDrift } from './namespace-label-drift';
import { constructOf, environmentOf, isOwned } from './ownership';
import { policyDrift } from './policy-drift';
import { workloadDrift } from './workload-drift';

/** Everything in which the cluster is not what it is meant to be. */
export function driftOf(world: DriftWorld): DriftFinding[] {
  return [
    ...[...world.managed, ...world.others].flatMap((name) => namespaceDrift(world, name)),
    ...clusterDrift(world),
  ];
}

/** What is found of one namespace: nothing of it depends on the policies or workloads of others, but the names of their pods. */
export function namespaceDrift(world: DriftWorld, namespace: string): DriftFinding[] {
  const unread = (world.unread.get(namespace) ?? []).map((policy) => unreadPolicy(world, policy));
  if (!world.intendedPolicies.has(namespace)) return otherNamespace(world, namespace);
  if (!world.isPresent(namespace)) {
    const count = world.intendedPolicies.get(namespace)!.length;
    const message = `namespace \`${namespace}\` is not in the cluster, and so are none of its ${count} policies`;
    return [finding(driftRules.namespace, { message, namespace, world })];
  }
  return [
    ...policyDrift(world, namespace),
    ...namespaceLabelDrift(world, namespace),
    ...workloadDrift(world, namespace),
    ...unread,
  ];
}

/** Policies that are about every namespace. */
export function clusterDrift(world: DriftWorld): DriftFinding[] {
  return (world.unread.get(undefined) ?? []).map((policy) => unreadPolicy(world, policy));
}

/** Of a namespace that the app does not manage: what is open in it, and what an app may have left behind. */
function otherNamespace(world: DriftWorld, namespace: string): DriftFinding[] {
  const policies = world.livePolicies.get(namespace) ?? [];
  const open = (world.workloads.get(namespace) ?? []).filter(({ network }) => network === 'pod');
  const directions = (['ingress', 'egress'] as const).filter((direction) =>
    notIsolated(policies, direction).some((box) => open.some(({ podLabels }) => box.matches(podLabels))),
  );
  return [
    ...(directions.length > 0 ? [openNamespace(world, namespace, directions, open)] : []),
    ...leftoversIn(world, namespace).map((policy) => {
      const message = `\`${policyToString(policy)}\` was \`${constructOf(policy)}\`, and the app no longer declares its namespace`;
      const hint = `delete it by \`tierwall apply --prune-namespace ${namespace}\`, unless another app of the same environment declares it`;
      return finding(driftRules.leftover, { message, severity: 'info', policy, world, hint });
    }),
  ];
}

/** Of a namespace that the app does not manage: what it may have left behind, as it is written for one of its environments. */
export function leftoversIn(world: DriftWorld, namespace: string): readonly Policy[] {
  const policies = world.livePolicies.get(namespace) ?? [];
  return policies.filter((policy) => isOwned(policy) && world.environments.has(environmentOf(policy)));
}

function openNamespace(
  world: DriftWorld,
  namespace: string,
  directions: readonly string[],
  { length }: readonly PlacedWorkload[],
): DriftFinding {
  const message = `namespace \`${namespace}\`, which the app does not declare, has no default deny for ${directions.join(' and ')}, with ${length === 1 ? 'one workload' : `${length} workloads`} in it`;
  return finding(driftRules.open, { message, severity: 'info', namespace, world });
}

function unreadPolicy(world: DriftWorld, { kind, name, namespace, place }: UnreadPolicy): DriftFinding {
  const message = `${kind} \`${namespace === undefined ? '' : `${namespace}/`}${name}\` is of a kind that is not read`;
  return finding(driftRules.unread, { message, place, world, ...(namespace ? { namespace } : {}) });
}
