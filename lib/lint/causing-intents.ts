import type { HandedIntent } from '../constructs/handed-over';
import type { Direction, RulePeer } from '../model/policy';
import { peerFromJson, portsFromJson } from '../model/policy-json';
import { addressesOf } from '../sets/address-set';
import type { PortSet } from '../sets/port-set';

/** What is written at some place of a rule: all of the rule, or one of its entries. */
export interface RulePart {
  readonly direction: Direction;
  /** Construct path of the service that the policy is for. */
  readonly service: string | undefined;
  readonly peers: readonly RulePeer[];
  readonly ports: PortSet;
}

/** Each is compared with each. */
const mostCompared = 200;

interface Opening {
  readonly peer: RulePeer;
  readonly ports: PortSet;
}

/**
 * Which of the intents of a rule a part of it is there for: those that ask for some of it, but for those that ask for no more of it than another
 * one does. So the wide intent is named, and not the narrow ones that it holds.
 */
export function causingIntents(intents: readonly HandedIntent[], part: RulePart): readonly HandedIntent[] {
  if (intents.length < 2 || intents.length > mostCompared) return intents;
  const asked = intents.flatMap((intent) => {
    const openings = openingsOf(intent, part);
    return openings.length > 0 ? [{ intent, openings }] : [];
  });
  const causing = asked.filter(
    (own) => !asked.some((other) => isWithin(own.openings, other.openings) && !isWithin(other.openings, own.openings)),
  );
  return causing.length > 0 ? causing.map(({ intent }) => intent) : intents;
}

/** What the intent asks for of that part. */
function openingsOf({ openings }: HandedIntent, part: RulePart): Opening[] {
  return openings.flatMap(({ direction, service, peer, ports }) => {
    if (direction !== part.direction || (part.service !== undefined && service !== part.service)) return [];
    const asked = { peer: peerFromJson(peer), ports: portsFromJson(ports).intersect(part.ports) };
    const isPart = part.peers.some((own) => holds(own, asked.peer) || holds(asked.peer, own));
    return !asked.ports.isEmpty && isPart ? [asked] : [];
  });
}

function isWithin(inner: readonly Opening[], outer: readonly Opening[]): boolean {
  return inner.every(({ peer, ports }) =>
    outer.some((other) => ports.isSubsetOf(other.ports) && holds(other.peer, peer)),
  );
}

function holds(outer: RulePeer, inner: RulePeer): boolean {
  if (outer.kind === 'everyone') return true;
  if (outer.kind === 'pods') {
    return inner.kind === 'pods' && inner.namespaces.isSubsetOf(outer.namespaces) && inner.pods.isSubsetOf(outer.pods);
  }
  return inner.kind === 'addresses' && addressesOf(inner.block).isSubsetOf(addressesOf(outer.block));
}
