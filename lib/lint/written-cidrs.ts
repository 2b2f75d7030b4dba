import type { Policy } from '../model/policy';
import type { WrittenPolicy } from './written-policy';

export interface WrittenCidr {
  readonly policy: Policy;
  readonly field: string;
  readonly text: string;
}

/** Every `cidr` and every entry of `except` of a policy, as it is written. */
export function writtenCidrs({ policy, rules }: WrittenPolicy): WrittenCidr[] {
  return rules.flatMap(({ field, peersName, peers }) =>
    (peers ?? []).flatMap(({ ipBlock }, i) => {
      if (!ipBlock) return [];
      const block = `${field}.${peersName}[${i}].ipBlock`;
      const except = (ipBlock.except ?? []).map((text, at) => ({ field: `${block}.except[${at}]`, text }));
      return [{ field: `${block}.cidr`, text: ipBlock.cidr }, ...except].flatMap((cidr) =>
        typeof cidr.text === 'string' ? [{ policy, field: cidr.field, text: cidr.text }] : [],
      );
    }),
  );
}
