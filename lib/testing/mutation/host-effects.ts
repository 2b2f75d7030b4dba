import { anyPod } from '../../analysis/open-world/cluster-world';
import type { PlacedWorkload } from '../../model/cluster';
import { PortSet } from '../../sets/port-set';
import { changedRules } from '../changed-rules';
import { offHost, onHost, withoutMark } from '../host-pods';
import type { World } from '../world';
import { type Effect, ways } from './effect';
import type { Mutant } from './mutant';

/** What a change does between workloads of the host network and pods that could exist: these tell them from pods of the same labels. */
export function* hostEffects(mutant: Mutant, hosts: readonly PlacedWorkload[], world: World): Generator<Effect> {
  for (const host of concerned(mutant, hosts, world)) {
    const possible = world.besideHost(host, 'most');
    const change = world.changeBesideHost(host, mutant.policy, mutant.by);
    const [own, others] = [onHost(host), offHost(anyPod)];
    const asked = [
      { source: others, destination: own, between: [undefined, host] },
      { source: own, destination: others, between: [host, undefined] },
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

/** Those that policies select, or that rules are about, of which just one of both policies has. */
function concerned({ policy, by }: Mutant, hosts: readonly PlacedWorkload[], { known }: World): PlacedWorkload[] {
  if (hosts.length === 0 || !known.isolatesAlike(policy, by)) return [...hosts];
  const { gone, added } = changedRules(policy.rules, by!.rules);
  const rules = [...gone, ...added];
  const selected = new Set(known.selectedBy(policy));
  return hosts.filter((host) => selected.has(host) || rules.some((rule) => known.ruleFits(rule, host) !== 'no'));
}
