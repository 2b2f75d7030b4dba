import type { LabelBox } from '../sets/label-box';
import type { PortSet } from '../sets/port-set';
import type { Place } from './issue';
import type { AddressBlock } from './outside';

export type Direction = 'ingress' | 'egress';

/** A place inside a document, from which the places of its fields follow. */
export interface DocumentPlace extends Place {
  /** The place of a field of the document, as in `spec.ingress[0]`. */
  at(field: string): Place;
}

/** One entry of `from` or `to`. */
export type RulePeer =
  /** Rules without `from` or `to`, or with an empty one: every pod, node and address. */
  | { readonly kind: 'everyone' }
  /** `namespaces` is the policy's own namespace where there is no namespaceSelector. */
  | { readonly kind: 'pods'; readonly namespaces: LabelBox; readonly pods: LabelBox }
  | { readonly kind: 'addresses'; readonly block: AddressBlock };

/** One rule of a policy: any of `peers`, on any of `ports`. */
export interface Rule {
  readonly policy: Policy;
  readonly direction: Direction;
  /** Position in `spec.ingress` or `spec.egress`. */
  readonly index: number;
  /** Never empty: a rule without peers holds `everyone`. */
  readonly peers: readonly RulePeer[];
  /** Ports by number and by name of the destination's containers; `PortSet.all` for a rule without ports. */
  readonly ports: PortSet;
  readonly place: Place;
}

/** A NetworkPolicy, with defaults filled in, as every analysis reads it. */
export interface Policy {
  readonly namespace: string;
  readonly name: string;
  /** The pods of its namespace that it selects. */
  readonly pods: LabelBox;
  /** Directions in which it isolates them. Rules of other directions are without effect, and not in `rules`. */
  readonly isolates: readonly Direction[];
  readonly rules: readonly Rule[];
  readonly place: DocumentPlace;
}

/** `namespace/name`, as messages call a policy. */
export function policyToString(policy: Policy): string {
  return `${policy.namespace}/${policy.name}`;
}

/** As in `shop/cart ingress[0]`. */
export function ruleToString(rule: Rule): string {
  return `${policyToString(rule.policy)} ${rule.direction}[${rule.index}]`;
}
