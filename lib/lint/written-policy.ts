import type { Place } from '../model/issue';
import type { Direction, Policy } from '../model/policy';
import type { GivenPeers, GivenPorts, GivenSpec } from '../read/network-policy';

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
  /** Whether the policy isolates in its direction; a rule without is ignored. */
  readonly effect: 'counts' | 'ignored';
}

/** A valid policy beside what its author wrote. */
export interface WrittenPolicy {
  readonly policy: Policy;
  readonly spec: GivenSpec;
  readonly rules: readonly WrittenRule[];
  at(field: string): Place;
}

export function writtenPolicy(policy: Policy, object: unknown): WrittenPolicy {
  const spec = (object as { spec?: GivenSpec | null }).spec ?? {};
  const rules = (['ingress', 'egress'] as const).flatMap((direction) =>
    (spec[direction] ?? []).map((rule, index): WrittenRule => {
      const peersName = direction === 'ingress' ? 'from' : 'to';
      return {
        direction,
        index,
        field: `spec.${direction}[${index}]`,
        peersName,
        peers: (rule as Partial<Record<'from' | 'to', GivenPeers>> | null)?.[peersName],
        ports: rule?.ports,
        effect: policy.isolates.includes(direction) ? 'counts' : 'ignored',
      };
    }),
  );
  return { policy, spec, rules, at: (field) => policy.place.at(field) };
}
