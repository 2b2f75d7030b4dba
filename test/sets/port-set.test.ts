import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PortItem, PortSet, type Protocol, protocols } from '../../lib/sets/port-set';

const item: fc.Arbitrary<PortItem> = fc
  .record({
    protocol: fc.constantFrom(...protocols),
    a: fc.constantFrom(1, 2, 3, 5, 80, 65534, 65535),
    b: fc.constantFrom(1, 2, 3, 5, 80, 65534, 65535),
  })
  .map(({ protocol, a, b }) => ({ protocol, first: Math.min(a, b), last: Math.max(a, b) }));
const listed = fc.array(item, { maxLength: 4 }).map((items) => PortSet.of(items));
/** Every set of numbers that operations can come to. */
const set = fc.oneof(
  listed,
  fc.constant(PortSet.all),
  listed.map((s) => PortSet.all.subtract(s)),
);
const points = protocols.flatMap((protocol) =>
  [1, 2, 3, 4, 5, 6, 79, 80, 81, 65533, 65534, 65535].map((port) => [protocol, port] as const),
);

const holds = (s: PortSet, protocol: Protocol, port: number) =>
  PortSet.of([{ protocol, first: port, last: port }]).isSubsetOf(s);
const icmp = PortSet.all.subtract(PortSet.of(protocols.map((protocol) => ({ protocol, first: 1, last: 65535 }))));

describe('a set of ports', () => {
  it('is told apart by name and by number', () => {
    const both = PortSet.of([
      { protocol: 'TCP', first: 80, last: 80 },
      { protocol: 'TCP', name: 'http' },
      { protocol: 'UDP', name: 'dns' },
    ]);
    expect(String(both.byName)).toBe('TCP/http UDP/dns');
    expect(PortSet.all.byName.isEmpty).toBe(true);
  });

  it('is closed under union, intersection and difference, point by point, protocols without ports too', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const [protocol, port] of points) {
          const [x, y] = [holds(a, protocol, port), holds(b, protocol, port)];
          expect(holds(a.union(b), protocol, port)).toBe(x || y);
          expect(holds(a.intersect(b), protocol, port)).toBe(x && y);
          expect(holds(a.subtract(b), protocol, port)).toBe(x && !y);
        }
        const [x, y] = [icmp.isSubsetOf(a), icmp.isSubsetOf(b)];
        expect([icmp.isSubsetOf(a.union(b)), icmp.isSubsetOf(a.intersect(b)), icmp.isSubsetOf(a.subtract(b))]).toEqual([
          x || y,
          x && y,
          x && !y,
        ]);
        expect(a.mayMeet(b)).toBe(!a.intersect(b).isEmpty);
      }),
    );
  });

  it('is canonical: sets with the same members are equal and written alike', () => {
    fc.assert(
      fc.property(set, set, set, (a, b, c) => {
        expect(`${a.union(b).union(c)}`).toBe(`${c.union(a.union(b))}`);
        expect(`${a.subtract(b).union(a.intersect(b))}`).toBe(`${a}`);
        expect(`${a.intersect(b.union(c))}`).toBe(`${a.intersect(b).union(a.intersect(c))}`);
        expect(`${a.subtract(b.union(c))}`).toBe(`${a.subtract(b).subtract(c)}`);
        expect(a.equals(b)).toBe(a.isSubsetOf(b) && b.isSubsetOf(a));
      }),
    );
  });

  it('is everything again when what was taken away comes back', () => {
    fc.assert(
      fc.property(listed, (a) => {
        expect(PortSet.all.subtract(a).union(a)).toBe(PortSet.all);
      }),
    );
  });

  it('holds a name only where it is named or every port of its protocol is held', () => {
    const http = PortSet.of([{ protocol: 'TCP', name: 'http' }]);
    const some = PortSet.of([{ protocol: 'TCP', first: 80, last: 90 }]);
    const tcp = PortSet.of([{ protocol: 'TCP', first: 1, last: 65535 }]);
    expect([
      http.isSubsetOf(some),
      http.isSubsetOf(tcp),
      http.isSubsetOf(PortSet.all),
      http.isSubsetOf(http.union(some)),
    ]).toEqual([false, true, true, true]);
    expect(`${tcp.union(http)}`).toBe('1-65535/TCP');
    expect([
      `${http.subtract(some)}`,
      `${http.subtract(tcp)}`,
      `${http.intersect(tcp)}`,
      `${http.intersect(some)}`,
    ]).toEqual(['TCP/http', '', 'TCP/http', '']);
    expect([http.mayMeet(some), http.mayMeet(PortSet.of([{ protocol: 'UDP', first: 80, last: 80 }]))]).toEqual([
      true,
      false,
    ]);
  });
});
