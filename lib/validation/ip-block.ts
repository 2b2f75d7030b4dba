import { type Address, type Cidr, cidrContains, cidrHasHostBits, parseAddress, parseCidr } from '../sets/cidr';
import { invalid, type Report, required } from './field-error';
import type { FieldPath } from './field-path';
import { fieldsOf, itemsOf, textOf } from './json-value';

/**
 * How CIDRs are read: `legacy` accepts, with a warning, leading zeros, IPv4-mapped addresses and bits beyond the prefix
 * length; `strict` refuses them, as API servers with the feature gate StrictIPCIDRValidation do.
 */
export type IpFormat = 'strict' | 'legacy';

export interface IpBlockPolicy {
  readonly ipFormat: IpFormat;
  /** CIDRs of the stored object, accepted as they are. */
  readonly stored: ReadonlySet<string>;
}

const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** What a server of the format says of a text that is a CIDR by the legacy reading. */
const formatMessage: Readonly<Record<IpFormat, (text: string, strict: Cidr | undefined) => string | undefined>> = {
  strict: strictMessage,
  legacy: () => undefined,
};

const leadingZeros = /(^|[.:/])0+(?=[0-9a-fA-F])/g;

/** The rules for an ipBlock: CIDRs, and exceptions that leave something of the CIDR. */
export function checkIpBlock(block: unknown, policy: IpBlockPolicy, path: FieldPath, report: Report): void {
  const { cidr, except } = fieldsOf(block);
  if (textOf(cidr) === '') {
    report(required(path.child('cidr')));
    return;
  }
  const range = checkCidr(textOf(cidr), policy, path.child('cidr'), report);
  if (!range) {
    return;
  }
  itemsOf(except).forEach((item, i) => {
    const field = path.child('except').index(i);
    const exception = checkCidr(textOf(item), policy, field, report);
    if (exception && !isStrictSubset(exception, range)) {
      report(invalid(field, textOf(item), 'must be a strict subset of `cidr`'));
    }
  });
}

/** The texts that a stored ipBlock has, which its updates may keep. */
export function cidrsOf(block: unknown): readonly string[] {
  const { cidr, except } = fieldsOf(block);
  return [textOf(cidr), ...itemsOf(except).map(textOf)];
}

/** @returns the range, also where it is reported; nothing where the text is no CIDR by any reading */
function checkCidr(text: string, policy: IpBlockPolicy, path: FieldPath, report: Report): Cidr | undefined {
  const strict = parseCidr(text);
  const range = strict ?? withoutLeadingZeros(text);
  const message = range ? formatMessage[policy.ipFormat](text, strict) : notCidr;
  if (message && !policy.stored.has(text)) {
    report(invalid(path, text, message));
  }
  return range;
}

/** The range of a CIDR that servers of the `legacy` format accept; an IPv4-mapped one is the range of its IPv4 addresses, as in Go. */
export function legacyCidr(text: string): Cidr | undefined {
  const range = parseCidr(text) ?? withoutLeadingZeros(text);
  if (!range) return undefined;
  const plain = unmapped(range);
  return plain.family === range.family ? range : { ...plain, prefix: range.prefix - 96 };
}

function withoutLeadingZeros(text: string): Cidr | undefined {
  return parseCidr(text.replace(leadingZeros, '$1'));
}

function strictMessage(text: string, strict: Cidr | undefined): string | undefined {
  if (!strict) {
    return 'must not have leading 0s in IP or prefix length';
  }
  if (isMapped(parseAddress(text.slice(0, text.indexOf('/'))))) {
    return 'must not have an IPv4-mapped IPv6 address';
  }
  return cidrHasHostBits(text) ? 'must not have bits set beyond the prefix length' : undefined;
}

/** Go compares IPv4-mapped ranges by their IPv4 addresses, but prefix lengths as they are written. */
function isStrictSubset(inner: Cidr, outer: Cidr): boolean {
  return inner.prefix > outer.prefix && cidrContains(unmapped(outer), firstOf(unmapped(inner)));
}

function unmapped(cidr: Cidr): Cidr {
  return isMapped({ family: cidr.family, value: cidr.first })
    ? { ...cidr, family: 4, first: cidr.first & 0xffff_ffffn, last: cidr.last & 0xffff_ffffn }
    : cidr;
}

function firstOf(cidr: Cidr): Cidr {
  return { ...cidr, last: cidr.first };
}

function isMapped(address: Address | undefined): boolean {
  return address?.family === 6 && address.value >> 32n === 0xffffn;
}
