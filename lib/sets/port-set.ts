import { IntervalSet } from './interval-set';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export const protocols: readonly Protocol[] = ['SCTP', 'TCP', 'UDP'];

export const lowestPort = 1;
export const highestPort = 65535;

/** One entry of a port list: a number or range, or a name that resolves on the destination pod. */
export type PortItem =
  | { readonly protocol: Protocol; readonly first: number; readonly last: number }
  | { readonly protocol: Protocol; readonly name: string };

/**
 * An immutable set of (protocol, port), with ports that are known by name only beside those known by number, and with or without
 * the protocols that have no ports a rule could name, such as ICMP.
 *
 * Canonical, and closed under union, intersection and difference as far as numbers go. A name may resolve to any number, so it
 * is inside another set only if that set names it too or holds every port of its protocol, and taking numbers away from it leaves it whole.
 */
export class PortSet {
  private static readonly whole = IntervalSet.of(lowestPort, highestPort);
  static readonly empty = new PortSet(new Map(), new Set(), 'excluded');
  /** Every port of every protocol: what a rule without ports means. */
  static readonly all = new PortSet(new Map(protocols.map((p) => [p, PortSet.whole])), new Set(), 'included');

  private written: string | undefined;
  private listed: readonly PortItem[] | undefined;

  private constructor(
    private readonly numbers: ReadonlyMap<Protocol, IntervalSet<number>>,
    /** As `TCP/http`. */
    private readonly names: ReadonlySet<string>,
    /** Protocols other than TCP, UDP and SCTP: all of them, or none. */
    private readonly others: 'included' | 'excluded',
  ) {}

  static of(items: Iterable<PortItem>): PortSet {
    const ranges = new Map<Protocol, IntervalSet<number>[]>();
    const names = new Set<string>();
    for (const item of items) {
      if ('name' in item) {
        names.add(`${item.protocol}/${item.name}`);
      } else {
        const list = ranges.get(item.protocol) ?? [];
        list.push(IntervalSet.of(item.first, item.last));
        ranges.set(item.protocol, list);
      }
    }
    const numbers = new Map<Protocol, IntervalSet<number>>();
    for (const [protocol, list] of ranges) numbers.set(protocol, IntervalSet.union(list));
    return PortSet.canonical(numbers, names, 'excluded');
  }

  private static canonical(
    numbers: Map<Protocol, IntervalSet<number>>,
    names: ReadonlySet<string>,
    others: 'included' | 'excluded',
  ): PortSet {
    for (const [protocol, set] of numbers) if (set.isEmpty) numbers.delete(protocol);
    if (others === 'included' && protocols.every((p) => numbers.get(p)?.equals(PortSet.whole))) return PortSet.all;
    if (names.size === 0) return new PortSet(numbers, names, others);
    const loose = [...names].filter((n) => !numbers.get(n.split('/')[0] as Protocol)?.equals(PortSet.whole));
    return new PortSet(numbers, new Set(loose), others);
  }

  get isEmpty(): boolean {
    return this.others === 'excluded' && this.numbers.size + this.names.size === 0;
  }

  get isEverything(): boolean {
    return this === PortSet.all;
  }

  /** Whether protocols other than TCP, UDP and SCTP are in the set, such as ICMP. */
  get holdsOtherProtocols(): boolean {
    return this.others === 'included';
  }

  /** Those that are known by name only. */
  get byName(): PortSet {
    return this.names.size === 0 ? PortSet.empty : new PortSet(new Map(), this.names, 'excluded');
  }

  union(other: PortSet): PortSet {
    if (this.isEverything || other.isEverything) return PortSet.all;
    if (this === other || other.isEmpty) return this;
    const others = this.others === 'included' ? this.others : other.others;
    return this.combine(other, (a, b) => a.union(b), new Set([...this.names, ...other.names]), others);
  }

  /** The named ports kept are those that both sets are certain to hold. */
  intersect(other: PortSet): PortSet {
    if (this.isEverything) return other;
    if (other.isEverything || this === other) return this;
    const common = [...this.names].filter((n) => other.holdsName(n));
    common.push(...[...other.names].filter((n) => this.holdsName(n)));
    const others = this.others === 'excluded' ? this.others : other.others;
    return this.combine(other, (a, b) => a.intersect(b), new Set(common), others);
  }

  subtract(other: PortSet): PortSet {
    if (other.isEmpty) return this;
    if (other.isEverything || this === other) return PortSet.empty;
    const rest = [...this.names].filter((n) => !other.holdsName(n));
    const others = other.others === 'included' ? 'excluded' : this.others;
    return this.combine(other, (a, b) => a.subtract(b), new Set(rest), others);
  }

  /** Whether some port could be in both; a name could be any number of its protocol. */
  mayMeet(other: PortSet): boolean {
    if (this.isEmpty || other.isEmpty) return false;
    if (this.others === 'included' && other.others === 'included') return true;
    const uses = (set: PortSet, p: Protocol) => set.numbers.has(p) || [...set.names].some((n) => n.startsWith(`${p}/`));
    const named = (set: PortSet, p: Protocol) => [...set.names].some((n) => n.startsWith(`${p}/`));
    return protocols.some((p) => {
      const a = this.numbers.get(p);
      const b = other.numbers.get(p);
      if (a && b && !a.intersect(b).isEmpty) return true;
      return (named(this, p) && uses(other, p)) || (named(other, p) && uses(this, p));
    });
  }

  isSubsetOf(other: PortSet): boolean {
    if (other.isEverything || this === other) return true;
    if (this.others === 'included' && other.others === 'excluded') return false;
    return this.subtract(other).isEmpty;
  }

  equals(other: PortSet): boolean {
    return this === other || this.toString() === other.toString();
  }

  /** In the order of protocol, then number, then name. Empty for every port, which no list can state. */
  items(): readonly PortItem[] {
    this.listed ??= this.list();
    return this.listed;
  }

  private list(): PortItem[] {
    if (this.isEverything) return [];
    const numbered = protocols.flatMap((protocol) =>
      (this.numbers.get(protocol)?.intervals ?? []).map(({ first, last }) => ({ protocol, first, last })),
    );
    const named = [...this.names].sort().map((n) => {
      const [protocol, name] = n.split('/') as [Protocol, string];
      return { protocol, name };
    });
    return [...numbered, ...named];
  }

  /** As in `53/UDP 80,8000-8999/TCP TCP/http`, or `*`; `+` stands for protocols other than TCP, UDP and SCTP. */
  toString(): string {
    this.written ??= this.isEverything
      ? '*'
      : [
          ...protocols.flatMap((p) => (this.numbers.get(p) ? [`${this.numbers.get(p)}/${p}`] : [])),
          ...[...this.names].sort(),
          ...(this.others === 'included' ? ['+'] : []),
        ].join(' ');
    return this.written;
  }

  private holdsName(name: string): boolean {
    const protocol = name.split('/')[0] as Protocol;
    return this.isEverything || this.names.has(name) || (this.numbers.get(protocol)?.equals(PortSet.whole) ?? false);
  }

  private combine(
    other: PortSet,
    merge: (a: IntervalSet<number>, b: IntervalSet<number>) => IntervalSet<number>,
    names: ReadonlySet<string>,
    others: 'included' | 'excluded',
  ): PortSet {
    const none = IntervalSet.empty<number>();
    const numbers = new Map<Protocol, IntervalSet<number>>();
    for (const p of protocols) {
      const [a, b] = [this.numbers.get(p), other.numbers.get(p)];
      if (a || b) numbers.set(p, merge(a ?? none, b ?? none));
    }
    return PortSet.canonical(numbers, names, others);
  }
}
