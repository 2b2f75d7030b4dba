import { oppositeOf } from '../../analysis/exposure';
import { anyPod } from '../../analysis/open-world/cluster-world';
import { directions } from '../../analysis/open-world/relation';
import type { PlacedWorkload } from '../../model/cluster';
import type { Direction, Policy, Rule } from '../../model/policy';
import { PortSet } from '../../sets/port-set';
import { changedRules } from '../changed-rules';
import { marked, unmarked, withoutMark } from '../marked-pod';
import type { World } from '../world';
import { type Effect, ways } from './effect';
import type { Mutant } from './mutant';

/** What a change does between workloads that labels alone do not tell and pods that could exist. */
export function* besideEffects(mutant: Mutant, placed: readonly PlacedWorkload[], world: World): Generator<Effect> {
  for (const workload of concerned(mutant, placed, world)) {
    const possible = world.beside(workload, 'most');
    const change = world.changeBeside(workload, mutant.policy, mutant.by);
    const [own, others] = [marked(workload), unmarked(anyPod)];
    const asked = [
      { source: others, destination: own, between: [undefined, workload] },
      { source: own, destination: others, between: [workload, undefined] },
    ] as const;
    for (const [effect, under] of ways) {
      for (const encounter of possible.altered(change.under(under), effect, under)) {
        for (const { between, ...ends } of asked) {
          const found = possible.allowedIn(encounter, { asked: { ...ends, ports: PortSet.all } });
          if (!found) continue;
          const [source, destination] = [withoutMark(found.source), withoutMark(found.destination)];
          yield { effect, connection: { ...found, source, destination }, between };
        }
      }
    }
  }
}

/**
 * Those that policies select, or that rules are about, of which just one of both policies has. Of one that is known by its address that alone tells nothing new: only
 * where, at the end that is not it, rules by addresses may be about it.
 */
function concerned({ policy, by }: Mutant, placed: readonly PlacedWorkload[], world: World): PlacedWorkload[] {
  if (placed.length === 0) return [];
  const { known, cluster } = world;
  const isAlike = known.isolatesAlike(policy, by);
  const { gone, added } = changedRules(policy.rules, by?.rules ?? []);
  const rules = [...gone, ...added];
  const changed = isAlike ? directions.filter((side) => rules.some(({ direction }) => direction === side)) : directions;
  const byAddress = (side: Direction, policies: readonly Policy[]) =>
    policies.some((own) => own.rules.some((rule) => rule.direction === side && hasBlock(rule)));
  const near = [...cluster.policies.filter((own) => own.namespace === policy.namespace), ...(by ? [by] : [])];
  const asSubject = changed.some((side) => byAddress(oppositeOf(side), cluster.policies));
  const asPeer = changed.some((side) => byAddress(side, near));
  const selected = new Set([policy, ...(by ? [by] : [])].flatMap((own) => known.selectedBy(own)));
  return placed.filter((own) => {
    const isSubject = selected.has(own) && (own.network === 'host' || asSubject);
    const isPeer = !isAlike || rules.some((rule) => known.ruleFits(rule, own) !== 'no');
    return isSubject || (isPeer && (own.network === 'host' || asPeer));
  });
}

/** Whether a rule is about addresses. */
export function hasBlock({ peers }: Rule): boolean {
  return peers.some(({ kind }) => kind === 'addresses');
}
