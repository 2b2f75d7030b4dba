import { type Address, addressToString, type Cidr, cidrToString, parseCidr } from './cidr';
import { IntervalSet } from './interval-set';

/**
 * Addresses of both families on one line: IPv4 from 0, IPv6 from {@link ipv6Start}, far enough apart that no interval spans both.
 */
export type AddressSet = IntervalSet<bigint>;

const ipv6Start = 1n << 64n;
const widths = { 4: 32n, 6: 128n } as const;

const offsetOf = (family: 4 | 6) => (family === 4 ? 0n : ipv6Start);

function rangeOf({ family, first, last }: Pick<Cidr, 'family' | 'first' | 'last'>): AddressSet {
  const offset = offsetOf(family);
  return IntervalSet.of(first + offset, last + offset);
}

export const everyAddress: AddressSet = IntervalSet.union(
  (['0.0.0.0/0', '::/0'] as const).map((text) => rangeOf(parseCidr(text)!)),
);

/** A block is asked for with every rule and pod that it may be about. */
const known = new WeakMap<object, AddressSet>();

/** The addresses of `cidr` without those of `except`. @throws TypeError for what is no CIDR: blocks are validated when read */
export function addressesOf(block: { readonly cidr: string; readonly except: readonly string[] }): AddressSet {
  let set = known.get(block);
  if (!set) {
    set = cidrRange(block.cidr).subtract(IntervalSet.union(block.except.map(cidrRange)));
    known.set(block, set);
  }
  return set;
}

function cidrRange(text: string): AddressSet {
  const cidr = parseCidr(text);
  if (!cidr) throw new TypeError(`\`${text}\` is not a CIDR`);
  return rangeOf(cidr);
}

export function holdsAddress(set: AddressSet, { family, value }: Address): boolean {
  const point = value + offsetOf(family);
  return !set.intersect(IntervalSet.of(point, point)).isEmpty;
}

/** The set as closed ranges of one family each, IPv4 first. */
export function addressRanges(set: AddressSet): { readonly first: Address; readonly last: Address }[] {
  return set.intervals.map(({ first, last }) => {
    const family = first < ipv6Start ? 4 : 6;
    const offset = offsetOf(family);
    return { first: { family, value: first - offset }, last: { family, value: last - offset } };
  });
}

/** The fewest CIDRs that make up the set, in order. */
export function cidrsOfAddresses(set: AddressSet): Cidr[] {
  return addressRanges(set).flatMap(({ first: { family, value }, last }) => {
    const cidrs: Cidr[] = [];
    let from = value;
    while (from <= last.value) {
      let bits = 0n;
      while (
        bits < widths[family] &&
        from % (1n << (bits + 1n)) === 0n &&
        from + (1n << (bits + 1n)) - 1n <= last.value
      ) {
        bits++;
      }
      const end = from + (1n << bits) - 1n;
      cidrs.push({ family, first: from, last: end, prefix: Number(widths[family] - bits) });
      from = end + 1n;
    }
    return cidrs;
  });
}

/** As in `10.0.0.0/8 2001:db8::/32`; `any address` for all of both families. */
export function addressSetToString(set: AddressSet): string {
  if (set.equals(everyAddress)) return 'any address';
  return addressRanges(set)
    .map(({ first, last }) => rangeToString(first, last))
    .join(' ');
}

function rangeToString(first: Address, last: Address): string {
  const cidrs = cidrsOfAddresses(rangeOf({ family: first.family, first: first.value, last: last.value }));
  return cidrs.length <= 4 ? cidrs.map(cidrToString).join(' ') : `${addressToString(first)}-${addressToString(last)}`;
}
