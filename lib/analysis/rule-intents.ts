import type { Atom } from '../model/atom';
import type { Flow } from '../model/flow';
import { namespacesOf, podsOf } from '../model/pod-box';
import type { Rule, RulePeer } from '../model/policy';
import type { Intent } from '../model/program';
import { addressesOf } from '../sets/address-set';

/**
 * The intents that a rule of a service's policy opens for, each once, in the order of the flows: those that ask for some of what it
 * opens. None for a rule that only opens the DNS that comes with egress.
 *
 * @param flows of the service that the policy is written for
 */
export function intentsOfRule(rule: Rule, flows: readonly Flow[]): readonly Intent[] {
  const found = new Set<Intent>();
  for (const { direction, intent, peer, ports } of flows) {
    if (direction !== rule.direction || found.has(intent)) continue;
    if (ports.intersect(rule.ports).isEmpty) continue;
    if (rule.peers.some((own) => meets(own, peer))) found.add(intent);
  }
  return [...found];
}

function meets(own: RulePeer, asked: Atom): boolean {
  if (own.kind === 'everyone' || asked.kind === 'everyone') return true;
  if (own.kind === 'pods')
    return asked.kind === 'pods' && own.namespaces.meets(namespacesOf(asked.box)) && own.pods.meets(podsOf(asked.box));
  if (asked.kind === 'pods') return false;
  return !addressesOf(own.block).intersect(addressesOf(asked.block)).isEmpty;
}
