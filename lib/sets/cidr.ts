/** One IP address. An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) is of family 6. */
export type Address = { readonly family: 4 | 6; readonly value: bigint };

/**
 * The addresses that share a prefix, as a closed interval.
 *
 * Canonical: `10.0.0.1/8` and `10.0.0.0/8` are the same value; ask `cidrHasHostBits` to tell the texts apart.
 */
export type Cidr = { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint; readonly prefix: number };

const widths = { 4: 32, 6: 128 } as const;

/** Longest spelling of an address; anything longer is refused unread. */
const longestAddress = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'.length;

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);
const group = /^[0-9a-fA-F]{1,4}$/;
const prefixLength = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Reads an address in the syntax of Go's `netip.ParseAddr`, which the API server uses: no leading zeros in IPv4, at most
 * four digits in an IPv6 group, and, unlike there, no zone (`%eth0`), since no policy can name one.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > longestAddress) {
    return undefined;
  }
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? ipv6Value(text) : ipv4Value(text);
  return value === undefined ? undefined : { family, value };
}

/** Canonical text: RFC 5952 for IPv6, with IPv4-mapped addresses as `::ffff:10.0.0.1`. */
export function addressToString({ family, value }: Address): string {
  if (family === 4) {
    return ipv4Text(value);
  }
  return value >> 32n === 0xffffn ? `::ffff:${ipv4Text(value & 0xffff_ffffn)}` : ipv6Text(value);
}

/**
 * Reads `address/length` in the syntax of Go's `netip.ParsePrefix`: an address as `parseAddress` reads it, and a length up to
 * 32 or 128 without sign or leading zeros. Bits beyond the length are accepted and dropped.
 */
export function parseCidr(text: string): Cidr | undefined {
  const written = parseWritten(text);
  if (!written) {
    return undefined;
  }
  const { address, prefix } = written;
  const first = address.value - hostPart(written);
  return { family: address.family, first, last: first + sizeOf(written) - 1n, prefix };
}

/** Whether the text names an address inside the range instead of its first, as `10.0.0.1/8` does; false for what is no CIDR. */
export function cidrHasHostBits(text: string): boolean {
  const written = parseWritten(text);
  return written !== undefined && hostPart(written) !== 0n;
}

/** Canonical text: the first address and the length. */
export function cidrToString({ family, first, prefix }: Cidr): string {
  return `${addressToString({ family, value: first })}/${prefix}`;
}

/** Whether every address of `inner` is in `outer`; never across families. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** A CIDR as it is written, its address anywhere in the range. */
type Written = { readonly address: Address; readonly prefix: number };

function parseWritten(text: string): Written | undefined {
  const slash = text.indexOf('/');
  const length = text.slice(slash + 1);
  const address = slash < 0 || !prefixLength.test(length) ? undefined : parseAddress(text.slice(0, slash));
  const prefix = Number(length);
  return address && prefix <= widths[address.family] ? { address, prefix } : undefined;
}

function sizeOf({ address, prefix }: Written): bigint {
  return 1n << BigInt(widths[address.family] - prefix);
}

function hostPart(written: Written): bigint {
  return written.address.value % sizeOf(written);
}

function ipv4Value(text: string): bigint | undefined {
  const octets = ipv4.exec(text);
  return octets ? BigInt(octets.slice(1).reduce((value, part) => value * 256 + Number(part), 0)) : undefined;
}

function ipv6Value(text: string): bigint | undefined {
  const halves = text.split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1)?.at(-1);
  const embedded = tail?.includes('.') ? ipv4Value(tail) : undefined;
  if (embedded !== undefined) {
    groups.at(-1)?.splice(-1, 1, (embedded >> 16n).toString(16), (embedded & 0xffffn).toString(16));
  }
  const [head = [], rest = []] = groups;
  const missing = 8 - head.length - rest.length;
  // A `::` stands for at least one group; without it nothing may be missing.
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) {
    return undefined;
  }
  const all = [...head, ...Array<string>(missing).fill('0'), ...rest];
  return all.every((part) => group.test(part))
    ? BigInt(`0x${all.map((part) => part.padStart(4, '0')).join('')}`)
    : undefined;
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const zeros = longestZeroRun(groups);
  return zeros.length < 2
    ? groups.join(':')
    : `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`;
}

/** The first of the longest runs of zero groups, which is the one that RFC 5952 shortens. */
function longestZeroRun(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [i, text] of groups.entries()) {
    if (text !== '0') {
      start = i + 1;
    } else if (i + 1 - start > longest.length) {
      longest = { start, length: i + 1 - start };
    }
  }
  return longest;
}
