import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Address,
  addressToString,
  type Cidr,
  cidrContains,
  cidrHasHostBits,
  cidrToString,
  parseAddress,
  parseCidr,
} from '../../lib/sets/cidr';

const ipv4: fc.Arbitrary<Address> = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => ({ family: 4, value }));
const ipv6: fc.Arbitrary<Address> = fc
  .array(fc.constantFrom(0n, 0n, 1n, 0xabn, 0xffffn), { minLength: 8, maxLength: 8 })
  .map((groups) => ({ family: 6, value: groups.reduce<bigint>((value, group) => (value << 16n) | group, 0n) }));
const address = fc.oneof(ipv4, ipv6);
const cidrText = fc
  .tuple(address, fc.nat({ max: 128 }))
  .map(([value, length]) => `${addressToString(value)}/${value.family === 4 ? length % 33 : length}`);

/** Text that is nearly an address, so that both answers are met. */
const nearlyAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc
    .array(fc.constantFrom('', '0', '1', '00', '255', '256', '01'), { minLength: 3, maxLength: 5 })
    .map((parts) => parts.join('.')),
  fc
    .array(fc.constantFrom('', '0', 'ffff', 'AB', '00012', 'g', '1.2.3.4', '1.2.3.04'), { maxLength: 9 })
    .map((parts) => parts.join(':')),
  fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '.', '%', '/', ' '), maxLength: 12 }),
);

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  expect(parsed, text).toBeDefined();
  return parsed!;
}

describe('the text of an address', () => {
  test.for([
    { text: '0.0.0.0', canonical: '0.0.0.0' },
    { text: '255.255.255.255', canonical: '255.255.255.255' },
    { text: '::', canonical: '::' },
    { text: '::1', canonical: '::1' },
    { text: '1::', canonical: '1::' },
    { text: '2001:0DB8:0000:0000:0001:0000:0000:0001', canonical: '2001:db8::1:0:0:1' },
    { text: '1:0:0:2:0:0:0:3', canonical: '1:0:0:2::3' },
    { text: '1:0:2:3:4:5:6:7', canonical: '1:0:2:3:4:5:6:7' },
    { text: '1:2:3:4:5:6:7::', canonical: '1:2:3:4:5:6:7:0' },
    { text: '::ffff:10.0.0.1', canonical: '::ffff:10.0.0.1' },
    { text: '::ffff:a00:1', canonical: '::ffff:10.0.0.1' },
    { text: '::10.0.0.1', canonical: '::a00:1' },
    { text: '1:2:3:4:5:6:10.0.0.1', canonical: '1:2:3:4:5:6:a00:1' },
  ])('$text is written as $canonical', ({ text, canonical }) => {
    expect(addressToString(parseAddress(text)!)).toBe(canonical);
  });

  test.for([
    { text: '', why: 'nothing' },
    { text: '010.0.0.1', why: 'a leading zero' },
    { text: '00.0.0.0', why: 'two zeros' },
    { text: '10.0.0', why: 'three parts' },
    { text: '10.0.0.0.0', why: 'five parts' },
    { text: '10.0.0.256', why: 'a part above 255' },
    { text: '10.0.0.+1', why: 'a sign' },
    { text: ' 10.0.0.1', why: 'a space' },
    { text: '10.0.0.1\n', why: 'a line break' },
    { text: '١٠.0.0.1', why: 'digits of another script' },
    { text: ':', why: 'a lone colon' },
    { text: ':::', why: 'three colons' },
    { text: '1::2::3', why: 'two gaps' },
    { text: '1:2:3:4:5:6:7', why: 'seven groups' },
    { text: '1:2:3:4:5:6:7:8:9', why: 'nine groups' },
    { text: '1:2:3:4:5:6:7::8', why: 'a gap for no group' },
    { text: '00001::', why: 'five digits' },
    { text: 'g::', why: 'no hexadecimal digit' },
    { text: '::1.2.3.04', why: 'a leading zero in the embedded part' },
    { text: '1:2:3:4:5:6:7:1.2.3.4', why: 'too many groups before the embedded part' },
    { text: '1.2.3.4::', why: 'an embedded part at the front' },
    { text: 'fe80::1%eth0', why: 'a zone' },
    { text: '10.0.0.0/8', why: 'a prefix length' },
    { text: '1'.repeat(100_000), why: 'a very long text' },
  ])('$why is no address', ({ text }) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('reading what was written gives the address back', () => {
    fc.assert(
      fc.property(address, (value) => {
        expect(parseAddress(addressToString(value))).toEqual(value);
      }),
    );
  });

  test('writing is canonical: it changes nothing the second time, and is in lower case', () => {
    fc.assert(
      fc.property(nearlyAddress, (text) => {
        const parsed = parseAddress(text);
        fc.pre(parsed !== undefined);
        const written = addressToString(parsed);
        expect(addressToString(parseAddress(written)!)).toBe(written);
        expect(written).toBe(written.toLowerCase());
      }),
    );
  });

  test('is an address exactly where Node says so, zones aside', () => {
    fc.assert(
      fc.property(nearlyAddress, (text) => {
        expect(parseAddress(text)?.family ?? 0).toBe(text.includes('%') ? 0 : isIP(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the text of a CIDR', () => {
  test.for([
    { text: '10.0.0.0/8', first: '10.0.0.0', last: '10.255.255.255' },
    { text: '10.1.2.3/8', first: '10.0.0.0', last: '10.255.255.255' },
    { text: '0.0.0.0/0', first: '0.0.0.0', last: '255.255.255.255' },
    { text: '10.0.0.1/32', first: '10.0.0.1', last: '10.0.0.1' },
    { text: '2001:db8::/33', first: '2001:db8::', last: '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff' },
    { text: '::/0', first: '::', last: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' },
    { text: '::1/128', first: '::1', last: '::1' },
  ])('$text is the addresses from $first to $last', ({ text, first, last }) => {
    const { family, ...range } = cidr(text);
    expect(addressToString({ family, value: range.first })).toBe(first);
    expect(addressToString({ family, value: range.last })).toBe(last);
  });

  test.for([
    '10.0.0.0',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/08',
    '10.0.0.0/00',
    '10.0.0.0/+8',
    '10.0.0.0/-1',
    '10.0.0.0/ 8',
    '10.0.0.0/8/8',
    '10.0.0.0/8.0',
    '010.0.0.0/8',
    'fe80::1%eth0/64',
    '10.0.0.0/255.0.0.0',
  ])('%s is no CIDR', (text) => {
    expect(parseCidr(text)).toBeUndefined();
    expect(cidrHasHostBits(text)).toBe(false);
  });

  test.for([
    { text: '10.0.0.1/8', answer: true },
    { text: '10.0.0.0/8', answer: false },
    { text: '10.0.0.1/32', answer: false },
    { text: '0.0.0.1/0', answer: true },
    { text: '2001:db8::1/64', answer: true },
    { text: '2001:db8::/64', answer: false },
  ])('$text has bits beyond the prefix length: $answer', ({ text, answer }) => {
    expect(cidrHasHostBits(text)).toBe(answer);
  });

  test('host bits are what the canonical text lacks', () => {
    fc.assert(
      fc.property(cidrText, (text) => {
        expect(cidrHasHostBits(text)).toBe(cidrToString(cidr(text)) !== text);
        expect(cidr(cidrToString(cidr(text)))).toEqual(cidr(text));
      }),
    );
  });
});

describe('containment', () => {
  test.for([
    { outer: '10.0.0.0/8', inner: '10.0.0.0/8', answer: true },
    { outer: '10.0.0.0/8', inner: '10.255.0.0/16', answer: true },
    { outer: '10.0.0.0/16', inner: '10.0.0.0/8', answer: false },
    { outer: '10.0.0.0/8', inner: '11.0.0.0/8', answer: false },
    { outer: '0.0.0.0/0', inner: '::/128', answer: false },
    { outer: '::/0', inner: '0.0.0.0/32', answer: false },
    { outer: '::/0', inner: '::ffff:10.0.0.0/104', answer: true },
  ])('$outer contains $inner: $answer', ({ outer, inner, answer }) => {
    expect(cidrContains(cidr(outer), cidr(inner))).toBe(answer);
  });

  test('one contains the other exactly where a shorter prefix agrees', () => {
    fc.assert(
      fc.property(cidrText, cidrText, (left, right) => {
        const [outer, inner] = [cidr(left), cidr(right)];
        const cut = parseCidr(`${addressToString({ family: inner.family, value: inner.first })}/${outer.prefix}`);
        const agrees = outer.family === inner.family && outer.prefix <= inner.prefix && cut?.first === outer.first;
        expect(cidrContains(outer, inner)).toBe(agrees);
      }),
    );
  });

  test('a range contains each part of itself', () => {
    fc.assert(
      fc.property(cidrText, fc.nat({ max: 128 }), (text, more) => {
        const outer = cidr(text);
        const prefix = Math.min(outer.prefix + more, outer.family === 4 ? 32 : 128);
        const inner = cidr(`${addressToString({ family: outer.family, value: outer.last })}/${prefix}`);
        expect(cidrContains(outer, inner)).toBe(true);
        expect(cidrContains(inner, outer)).toBe(prefix === outer.prefix);
      }),
    );
  });
});
