import type { Policy, RulePeer } from '../../model/policy';
import { notHeld } from '../open-world/compare';
import { ruleStatements } from '../open-world/relation';
import type { Universe } from '../open-world/universe';

/** Whether two policies of one namespace do the same, whatever the others are: they isolate the same pods, and allow the same. */
export function sameMeaning(a: Policy, b: Policy, universe: Universe): boolean {
  if (!a.pods.equals(b.pods) || [...a.isolates].sort().join() !== [...b.isolates].sort().join()) return false;
  if (textOf(a) === textOf(b)) return true;
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
