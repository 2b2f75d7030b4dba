import { kubeDnsPods, openshiftDnsPods } from '../model/known-peers';
import type { Rule, RulePeer } from '../model/policy';
import { PortSet, type Protocol } from '../sets/port-set';

/** Ports on which DNS servers listen: 5353 is OpenShift's. */
const dnsPorts = [53, 5353];
const portsOf = (protocol: Protocol) => PortSet.of(dnsPorts.map((port) => ({ protocol, first: port, last: port })));
const asked: Readonly<Record<Protocol, PortSet>> = { TCP: portsOf('TCP'), UDP: portsOf('UDP'), SCTP: portsOf('SCTP') };
const servers = [kubeDnsPods(), openshiftDnsPods()];

/** Whether the rule opens some port of DNS by that protocol. */
export function opensDnsPort({ ports }: Rule, protocol: Protocol): boolean {
  // A name may stand for 53: only the pod that it is asked of could tell.
  const named = ports
    .items()
    .some((item) => 'name' in item && item.protocol === protocol && /dns|domain/.test(item.name));
  return named || !ports.intersect(asked[protocol]).isEmpty;
}

/**
 * Whether the entry may stand for the cluster's DNS: its pods, under any labels that they may have, the cache on the node, or addresses, since
 * whether those are of the DNS Service is not for the policy to say.
 */
export function mayBeDns(peer: RulePeer): boolean {
  if (peer.kind !== 'pods') return true;
  return servers.some(({ namespaces, pods }) => peer.namespaces.meets(namespaces) && peer.pods.meets(pods));
}
