import { type Atom, atomKey } from '../model/atom';
import { IntervalSet } from '../sets/interval-set';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { SupersetIndex } from '../sets/superset-index';
import { addressSet } from './address-set';

/** Peers that may use the same ports. */
export interface Rule {
  readonly peers: readonly Atom[];
  readonly ports: PortSet;
}

interface Entry<A extends Atom = Atom> {
  readonly atom: A;
  ports: PortSet;
}

type Pods = Extract<Atom, { kind: 'pods' }>;
type Addresses = Extract<Atom, { kind: 'addresses' }>;

/**
 * The fewest rules that open exactly `openings`: what a wider peer opens is not opened again for a narrower one, peers with
 * the same ports share a rule, and peers that differ in one label's value become one `In`.
 *
 * The result depends on the set of openings, never on their order. Near linear in their number.
 */
export function minimalRules(openings: Iterable<readonly [Atom, PortSet]>): Rule[] {
  const entries = new Map<string, Entry>();
  for (const [atom, ports] of openings) {
    const key = atomKey(atom);
    const entry = entries.get(key);
    if (entry) entry.ports = entry.ports.union(ports);
    else entries.set(key, { atom, ports });
  }
  const all = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const everyone = all.filter(({ atom }) => atom.kind === 'everyone');
  const wide = everyone[0]?.ports ?? PortSet.empty;
  const rest = all.filter((entry) => entry.atom.kind !== 'everyone');
  for (const entry of rest) entry.ports = entry.ports.subtract(wide);

  const pods = withoutCoveredPods(rest.filter((e): e is Entry<Pods> => e.atom.kind === 'pods' && !e.ports.isEmpty));
  const addresses = withoutCoveredAddresses(
    rest.filter((e): e is Entry<Addresses> => e.atom.kind === 'addresses' && !e.ports.isEmpty),
  );

  const groups = new Map<string, { ports: PortSet; boxes: LabelBox[]; others: Atom[] }>();
  for (const { atom, ports } of [...everyone, ...pods, ...addresses]) {
    // `everyone` is said by leaving the peers out, so it can share a rule with nobody.
    const key = atom.kind === 'everyone' ? 'everyone' : ports.toString();
    const group = groups.get(key) ?? { ports, boxes: [], others: [] };
    groups.set(key, group);
    if (atom.kind === 'pods') group.boxes.push(atom.box);
    else group.others.push(atom);
  }
  return [...groups.values()].map(({ ports, boxes, others }) => {
    const merged = mergeBoxes(boxes).map((box): Atom => ({ kind: 'pods', box }));
    return { ports, peers: [...merged, ...others] };
  });
}

function withoutCoveredPods(entries: readonly Entry<Pods>[]): Entry<Pods>[] {
  if (entries.length < 2) return [...entries];
  const index = new SupersetIndex(entries.map((entry) => [entry.atom.box, entry] as const));
  return entries
    .map((entry) => {
      const wider = index.supersetsOf(entry.atom.box).filter((other) => other !== entry);
      return { atom: entry.atom, ports: wider.reduce((ports, other) => ports.subtract(other.ports), entry.ports) };
    })
    .filter((entry) => !entry.ports.isEmpty);
}

/** A block goes if the other blocks open all of it on all of its ports, together. Narrow blocks are asked first, so that wide ones stay. */
function withoutCoveredAddresses(entries: readonly Entry<Addresses>[]): Entry<Addresses>[] {
  if (entries.length < 2) return [...entries];
  const sets = new Map(entries.map((entry) => [entry, addressSet(entry.atom.block)]));
  const byWidth = [...entries].sort((a, b) => (sets.get(a)!.size < sets.get(b)!.size ? -1 : 1));
  const kept = new Set(byWidth);
  for (const entry of byWidth) {
    const own = sets.get(entry)!;
    const others = [...kept].filter((other) => {
      const set = sets.get(other)!;
      return other !== entry && set.family === own.family && set.first <= own.last && own.first <= set.last;
    });
    const covering = others.filter((other) => entry.ports.isSubsetOf(other.ports));
    if (own.addresses.isSubsetOf(IntervalSet.union(covering.map((other) => sets.get(other)!.addresses)))) {
      kept.delete(entry);
      continue;
    }
    for (const other of others) {
      if (own.addresses.isSubsetOf(sets.get(other)!.addresses)) entry.ports = entry.ports.subtract(other.ports);
    }
    if (entry.ports.isEmpty) kept.delete(entry);
  }
  return entries.filter((entry) => kept.has(entry));
}

/** Joins boxes that differ in the values of one key, key after key: pod labels first, the namespace's name last. */
function mergeBoxes(boxes: readonly LabelBox[]): LabelBox[] {
  if (boxes.length < 2) return [...boxes];
  let merged = [...boxes];
  const keys = [...new Set(boxes.flatMap((box) => box.keys))].sort((a, b) => (a > b ? -1 : 1));
  for (const key of keys) {
    if (merged.length < 2) break;
    const classes = new Map<string, LabelBox[]>();
    for (const box of merged) {
      // A box that does not pin the key stands alone, under its own text.
      const shape = box.valuesOf(key) ? `= ${box.withValues(key, [])}` : `! ${box}`;
      const list = classes.get(shape) ?? [];
      list.push(box);
      classes.set(shape, list);
    }
    merged = [...classes.values()].map((list) =>
      list.length === 1
        ? list[0]!
        : list[0]!.withValues(
            key,
            list.flatMap((box) => box.valuesOf(key) ?? []),
          ),
    );
  }
  return merged.sort((a, b) => (a.toString() < b.toString() ? -1 : 1));
}
