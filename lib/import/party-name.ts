import type { PartyPlan, ServicePlan } from './plan';

/** As the annotations of the other one's policy call it. */
export function nameFor(party: PartyPlan, other: ServicePlan): string {
  if (party.kind === 'peer') return party.peer.description;
  if (party.kind === 'namespace') return party.namespace;
  const { namespace, name } = party.service;
  return namespace === other.namespace ? name : `${namespace}/${name}`;
}
