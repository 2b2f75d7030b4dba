import type { AddressBlock } from '../model/outside';
import { parseCidr } from '../sets/cidr';
import { IntervalSet } from '../sets/interval-set';

export interface AddressSet {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly size: bigint;
  readonly addresses: IntervalSet<bigint>;
}

/** The addresses of a block. @throws TypeError if the block's CIDR is not valid: blocks are checked before */
export function addressSet(block: AddressBlock): AddressSet {
  const whole = parseCidr(block.cidr);
  if (!whole) throw new TypeError(`\`${block.cidr}\` is not a CIDR`);
  const holes = block.except.map(parseCidr).filter((hole) => hole !== undefined);
  const addresses = IntervalSet.of(whole.first, whole.last).subtract(
    IntervalSet.union(holes.map((hole) => IntervalSet.of(hole.first, hole.last))),
  );
  const size = addresses.intervals.reduce((sum, { first, last }) => sum + (last - first + 1n), 0n);
  return { family: whole.family, first: whole.first, last: whole.last, size, addresses };
}
