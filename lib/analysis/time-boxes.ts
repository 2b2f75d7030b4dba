import type { Atom } from '../model/atom';
import { type Flow, flowsOf } from '../model/flow';
import { type Intent, isGroup, type Party, type ServiceModel, servicesOf } from '../model/program';
import { addressesOf } from '../sets/address-set';
import { PortSet } from '../sets/port-set';

/** The intents with a last day of which all that they open is also opened without end: it stays open when that day has passed. */
export function timeBoxesWithoutEffect(intents: readonly Intent[]): Intent[] {
  const boxed = intents
    .filter((intent) => intent.until !== undefined)
    .map((intent) => [intent, [...flowsOf(intent)]] as const);
  const subjects = new Set(boxed.flatMap(([, flows]) => flows.map(({ subject }) => subject)));
  const concerns = (party: Party) => isGroup(party) && servicesOf(party).some((service) => subjects.has(service));
  const permanent = new Map<ServiceModel, Flow[]>();
  for (const intent of intents) {
    if (intent.until !== undefined || !(concerns(intent.caller) || concerns(intent.callee))) continue;
    for (const flow of flowsOf(intent)) {
      const list = permanent.get(flow.subject);
      if (list) list.push(flow);
      else permanent.set(flow.subject, [flow]);
    }
  }
  const stays = ({ subject, direction, peer, ports }: Flow) => {
    const wider = (permanent.get(subject) ?? []).filter((o) => o.direction === direction && holds(o.peer, peer));
    return ports.isSubsetOf(wider.reduce((set, other) => set.union(other.ports), PortSet.empty));
  };
  return boxed.filter(([, flows]) => flows.length > 0 && flows.every(stays)).map(([intent]) => intent);
}

function holds(wider: Atom, atom: Atom): boolean {
  if (wider === atom || wider.kind === 'everyone') return true;
  if (wider.kind === 'pods') return atom.kind === 'pods' && atom.box.isSubsetOf(wider.box);
  return atom.kind === 'addresses' && addressesOf(atom.block).subtract(addressesOf(wider.block)).isEmpty;
}
