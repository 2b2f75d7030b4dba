import type { Place } from '../model/issue';
import type { Direction, Policy, Rule } from '../model/policy';
import type { GivenPeers, GivenPorts, GivenSpec } from '../read/network-policy';
import type { LabelBox } from '../sets/label-box';

/** A rule as it is written: what defaults would fill in is absent. */
export interface WrittenRule {
  readonly direction: Direction;
  /** Position in `spec.ingress` or `spec.egress`. */
  readonly index: number;
  /** As in `spec.ingress[0]`. */
  readonly field: string;
  /** The name of its list of peers. */
  readonly peersName: 'from' | 'to';
  /** Undefined or null where they are not written. */
  readonly peers: GivenPeers;
  readonly ports: GivenPorts;
  /** As it was read; undefined where it is ignored, since the policy does not isolate in its direction. */
  readonly read: Rule | undefined;
}

/** A peer with selectors, of a rule that counts. */
export interface WrittenPeer {
  readonly rule: Rule;
  /** As in `spec.ingress[0].from[1]`. */
  readonly field: string;
  readonly namespaces: LabelBox;
  readonly pods: LabelBox;
  readonly has: { readonly namespaceSelector: 'written' | 'absent'; readonly podSelector: 'written' | 'absent' };
}

/** A valid policy beside what its author wrote. */
export interface WrittenPolicy {
  readonly policy: Policy;
  readonly spec: GivenSpec;
  readonly rules: readonly WrittenRule[];
  /** The peers that are pods. */
  readonly podPeers: readonly WrittenPeer[];
  at(field: string): Place;
}

export function writtenPolicy(policy: Policy, object: unknown): WrittenPolicy {
  const spec = (object as { spec?: GivenSpec | null }).spec ?? {};
  const rules = (['ingress', 'egress'] as const).flatMap((direction) => {
    const read = policy.rules.filter((rule) => rule.direction === direction);
    const peersName = direction === 'ingress' ? 'from' : 'to';
    return (spec[direction] ?? []).map((rule, index): WrittenRule => {
      return {
        direction,
        index,
        field: `spec.${direction}[${index}]`,
        peersName,
        peers: (rule as Partial<Record<'from' | 'to', GivenPeers>> | null)?.[peersName],
        ports: rule?.ports,
        read: read[index],
      };
    });
  });
  return { policy, spec, rules, podPeers: rules.flatMap(podPeersOf), at: (field) => policy.place.at(field) };
}

function podPeersOf({ read: rule, field, peersName, peers }: WrittenRule): WrittenPeer[] {
  if (!rule) return [];
  return rule.peers.flatMap((peer, i): WrittenPeer[] => {
    if (peer.kind !== 'pods') return [];
    const given = peers?.[i];
    const written = (selector: unknown) => (selector ? ('written' as const) : ('absent' as const));
    const has = { namespaceSelector: written(given?.namespaceSelector), podSelector: written(given?.podSelector) };
    const { namespaces, pods } = peer;
    return [{ rule, field: `${field}.${peersName}[${i}]`, namespaces, pods, has }];
  });
}
