import type { DriftWorld } from '../analysis/drift/drift-world';
import { environmentOf, isOwned, metadataOf } from '../analysis/drift/ownership';
import type { Rollout } from '../analysis/rollout/plan';
import { temporaryPrefix } from '../analysis/rollout/step';
import { sameMeaning } from '../analysis/same-meaning';
import type { Policy } from '../model/policy';
import { fieldsOf } from '../validation/json-value';

export interface RolloutChoice {
  /** Policies that the intent no longer has. */
  readonly leftovers: 'kept' | 'removed';
  /** Policies of the intent's names that somebody else wrote. */
  readonly foreign: 'kept' | 'taken-over';
  /** What means the same, but has other labels or annotations than it is meant to. */
  readonly metadata: 'kept' | 'written';
}

export interface NamespaceRollout extends Rollout {
  /** Policies of others that have the names of the intent's, and are kept. */
  readonly taken: readonly Policy[];
  /** Copies of a roll-out that is under way, or was broken off; they are among those to be deleted. */
  readonly temporary: readonly Policy[];
  /** Leftovers that are not certain to be of this app. */
  readonly uncertain: readonly Policy[];
}

/** What there is to write and to delete in a namespace. What tierwall does not own is never among it, unless it is to be taken over. */
export function rolloutOf(world: DriftWorld, namespace: string, choice: RolloutChoice): NamespaceRollout {
  const live = world.livePolicies.get(namespace) ?? [];
  const intended = world.intendedPolicies.get(namespace) ?? [];
  const there = new Map(live.map((policy) => [policy.name, policy] as const));
  const names = new Set(intended.map(({ name }) => name));
  const isTaken = ({ name }: Policy) => {
    const other = there.get(name);
    return choice.foreign === 'kept' && other !== undefined && !isOwned(other);
  };
  const isCurrent = (policy: Policy) => {
    const own = there.get(policy.name);
    if (!own || !isOwned(own) || !sameMeaning(policy, own, world.universe)) return false;
    return choice.metadata === 'kept' || hasMetadata(own, policy);
  };
  const extra = live.filter((policy) => !names.has(policy.name) && isOwned(policy));
  const temporary = extra.filter(({ name }) => name.startsWith(temporaryPrefix));
  const leftovers = extra.filter((policy) => !temporary.includes(policy));
  const own = leftovers.filter((policy) => world.environments.has(environmentOf(policy)));
  return {
    namespace,
    live,
    write: intended.filter((policy) => !isTaken(policy) && !isCurrent(policy)),
    remove: [...temporary, ...(choice.leftovers === 'removed' ? own : [])],
    temporary,
    taken: intended.filter(isTaken),
    uncertain: leftovers.filter((policy) => !own.includes(policy)),
  };
}

function hasMetadata(live: Policy, meant: Policy): boolean {
  const [is, asked] = [metadataOf(live), metadataOf(meant)];
  return ['labels', 'annotations'].every((field) =>
    Object.entries(fieldsOf(asked[field])).every(([key, value]) => fieldsOf(is[field])[key] === value),
  );
}
