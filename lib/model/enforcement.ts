import { parseCidr } from '../sets/cidr';
import { highestPort, lowestPort } from '../sets/port-set';
import type { CniProfile, Fact } from './cni-profile';
import type { Policy } from './policy';

/** A part of the API that not every plugin enforces. */
export type Feature = 'named ports' | 'endPort' | 'SCTP' | 'except' | 'IPv6';

/**
 * What a policy uses that the plugin is known not to enforce; undefined if there is nothing of the kind. What the API defines counts as
 * enforced where nothing else is known. What such a policy does is not known: it
 * may open less, or more, and some plugins drop the whole of it.
 */
export function unenforcedFeature(policy: Policy, { facts }: CniProfile): Feature | undefined {
  const items = () => policy.rules.flatMap((rule) => rule.ports.items());
  const blocks = () =>
    policy.rules.flatMap(({ peers }) => peers.flatMap((p) => (p.kind === 'addresses' ? [p.block] : [])));
  const used: readonly [Feature, Fact, () => boolean][] = [
    ['named ports', facts.enforcesNamedPorts, () => items().some((item) => 'name' in item)],
    ['endPort', facts.enforcesEndPort, () => items().some((item) => 'first' in item && isRange(item))],
    ['SCTP', facts.enforcesSctp, () => items().some(({ protocol }) => protocol === 'SCTP')],
    ['except', facts.enforcesIpBlockExcept, () => blocks().some(({ except }) => except.length > 0)],
    ['IPv6', facts.enforcesIpv6, () => blocks().some(({ cidr }) => parseCidr(cidr)?.family === 6)],
  ];
  return used.find(([, fact, uses]) => fact.value === 'no' && uses())?.[0];
}

/** A protocol without a port stands for all its ports, and needs no endPort. */
function isRange({ first, last }: { readonly first: number; readonly last: number }): boolean {
  return last > first && !(first === lowestPort && last === highestPort);
}
