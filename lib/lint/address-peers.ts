import type { AddressBlock } from '../model/outside';
import type { Rule } from '../model/policy';
import type { WrittenPolicy } from './written-policy';

/** An ipBlock of a rule that counts. */
export interface AddressPeer {
  readonly rule: Rule;
  /** As in `spec.egress[0].to[1]`. */
  readonly field: string;
  readonly block: AddressBlock;
}

export function addressPeersOf({ policy }: WrittenPolicy): AddressPeer[] {
  return policy.rules.flatMap((rule) => {
    const list = rule.direction === 'ingress' ? 'from' : 'to';
    return rule.peers.flatMap((peer, i) => {
      if (peer.kind !== 'addresses') return [];
      return [{ rule, field: `spec.${rule.direction}[${rule.index}].${list}[${i}]`, block: peer.block }];
    });
  });
}
