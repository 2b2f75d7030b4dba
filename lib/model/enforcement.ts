import { parseCidr } from '../sets/cidr';
import { highestPort, lowestPort, type PortItem } from '../sets/port-set';
import type { CniProfile } from './cni-profile';
import type { AddressBlock } from './outside';
import type { Policy } from './policy';

/** A part of the API that not every plugin enforces. */
export type Feature = 'named ports' | 'endPort' | 'SCTP' | 'except' | 'IPv6';

/**
 * What a policy uses that the plugin is known not to enforce; undefined if there is nothing of the kind. What the API defines counts as
 * enforced where nothing else is known. What such a policy does is not known: it
 * may open less, or more, and some plugins drop the whole of it.
 */
export function unenforcedFeature(policy: Policy, { facts }: CniProfile): Feature | undefined {
  return features.find(({ fact, isUsed }) => facts[fact].value === 'no' && isUsed(policy))?.feature;
}

const features: readonly {
  readonly feature: Feature;
  readonly fact: keyof CniProfile['facts'];
  readonly isUsed: (policy: Policy) => boolean;
}[] = [
  { feature: 'named ports', fact: 'enforcesNamedPorts', isUsed: usesPort((item) => 'name' in item) },
  { feature: 'endPort', fact: 'enforcesEndPort', isUsed: usesPort((item) => 'first' in item && isRange(item)) },
  { feature: 'SCTP', fact: 'enforcesSctp', isUsed: usesPort(({ protocol }) => protocol === 'SCTP') },
  { feature: 'except', fact: 'enforcesIpBlockExcept', isUsed: usesBlock(({ except }) => except.length > 0) },
  { feature: 'IPv6', fact: 'enforcesIpv6', isUsed: usesBlock(({ cidr }) => parseCidr(cidr)?.family === 6) },
];

function usesPort(isSuch: (item: PortItem) => boolean) {
  return ({ rules }: Policy) => rules.some(({ ports }) => ports.items().some(isSuch));
}

function usesBlock(isSuch: (block: AddressBlock) => boolean) {
  return ({ rules }: Policy) =>
    rules.some(({ peers }) => peers.some((peer) => peer.kind === 'addresses' && isSuch(peer.block)));
}

/** A protocol without a port stands for all its ports, and needs no endPort. */
function isRange({ first, last }: { readonly first: number; readonly last: number }): boolean {
  return last > first && !(first === lowestPort && last === highestPort);
}
