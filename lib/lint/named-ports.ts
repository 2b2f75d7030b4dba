import type { PlacedWorkload } from '../model/cluster';
import type { Place } from '../model/issue';
import type { Policy } from '../model/policy';
import type { Protocol } from '../sets/port-set';
import type { LintContext } from './context';

/** A port by name, with the known workloads on which it is to be found. */
export interface NamedPort {
  readonly policy: Policy;
  readonly name: string;
  readonly protocol: Protocol;
  readonly place: Place;
  /** For ingress those that the policy selects, for egress those that the rule's peers select. */
  readonly destinations: readonly PlacedWorkload[];
  /** Whether these are all, or there may be more in namespaces that are not in the input. */
  readonly known: 'all' | 'some';
}

/** Every port by name that rules use, where some destination is known. */
export function* namedPorts({ policies, pods }: LintContext): Generator<NamedPort> {
  for (const { policy, rules, at } of policies) {
    for (const { direction, field, ports, read } of rules) {
      if (!read || !ports?.some((entry) => typeof entry?.port === 'string')) continue;
      const { peers } = read;
      const destinations =
        direction === 'ingress'
          ? pods.selected(policy.namespace, policy.pods)
          : peers.flatMap((peer) => (peer.kind === 'pods' ? pods.ofPeer(peer) : []));
      // Whoever is not named could be anybody: nothing is known of all of them.
      if (destinations.length === 0 || (direction === 'egress' && peers.some(({ kind }) => kind === 'everyone')))
        continue;
      const areAllKnown =
        direction === 'ingress' || peers.every((peer) => peer.kind !== 'pods' || pods.areKnownIn(peer.namespaces));
      const known = areAllKnown ? 'all' : 'some';
      for (const [i, entry] of ports.entries()) {
        if (typeof entry?.port !== 'string') continue;
        const { port: name, protocol } = entry;
        yield {
          policy,
          name,
          protocol: protocol ?? 'TCP',
          place: at(`${field}.ports[${i}].port`),
          destinations,
          known,
        };
      }
    }
  }
}
