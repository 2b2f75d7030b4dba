import type { Policy, Rule, RulePeer } from '../model/policy';
import { notHeld } from './open-world/compare';
import { ruleStatements } from './open-world/relation';
import type { Universe } from './open-world/universe';

/** Whether two policies of one namespace do the same, whatever the others are: they isolate the same pods, and allow the same. */
export function sameMeaning(a: Policy, b: Policy, universe: Universe): boolean {
  if (a.namespace !== b.namespace || !a.pods.equals(b.pods)) return false;
  if ([...a.isolates].sort().join() !== [...b.isolates].sort().join()) return false;
  return textOf(a) === textOf(b) || allowSame(a, b, universe);
}

/** Whether two rules allow the same pods the same. */
export function sameRule(a: Rule, b: Rule, universe: Universe): boolean {
  if (a.direction !== b.direction || a.policy.namespace !== b.policy.namespace) return false;
  return (
    a.policy.pods.equals(b.policy.pods) && allowSame({ ...a.policy, rules: [a] }, { ...b.policy, rules: [b] }, universe)
  );
}

function allowSame(a: Policy, b: Policy, universe: Universe): boolean {
  const [these, those] = [ruleStatements([a], universe), ruleStatements([b], universe)];
  return notHeld(these, those).next().done === true && notHeld(those, these).next().done === true;
}

function textOf({ rules }: Policy): string {
  return rules
    .map(({ direction, peers, ports }) => `${direction} ${ports} ${peers.map(peerText).join(' ')}`)
    .join('\n');
}

function peerText(peer: RulePeer): string {
  if (peer.kind === 'everyone') return '*';
  if (peer.kind === 'pods') return `{${peer.namespaces}}{${peer.pods}}`;
  return `${peer.block.cidr}!${peer.block.except.join()}`;
}
