import { type Atom, atomKey } from '../model/atom';
import { IntervalSet } from '../sets/interval-set';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { sorted } from '../sets/sorted';
import { SupersetIndex } from '../sets/superset-index';
import { addressSet } from './address-set';

/** Peers that may use the same ports. */
export interface Rule {
  readonly peers: readonly Atom[];
  readonly ports: PortSet;
}

/** A peer, and the ports that are opened to it. */
export interface Opening<A extends Atom = Atom> {
  readonly peer: A;
  readonly ports: PortSet;
}

type Pods = Extract<Atom, { kind: 'pods' }>;
type Addresses = Extract<Atom, { kind: 'addresses' }>;

/**
 * The fewest rules that open exactly `openings`: what a wider peer opens is not opened again for a narrower one, peers with
 * the same ports share a rule, and peers that differ in one label's value become one `In`.
 *
 * The result depends on the set of openings, never on their order. Near linear in their number.
 */
export function minimalRules(openings: Iterable<Opening>): Rule[] {
  const byPeer = oneForEachPeer(openings);
  const everyone = byPeer.get(atomKey({ kind: 'everyone' }))?.ports ?? PortSet.empty;
  const pods: Opening<Pods>[] = [];
  const addresses: Opening<Addresses>[] = [];
  for (const { peer, ports: asked } of byPeer.values()) {
    const ports = withoutOpened(asked, everyone);
    if (ports.isEmpty || peer.kind === 'everyone') continue;
    if (peer.kind === 'pods') pods.push({ peer, ports });
    else addresses.push({ peer, ports });
  }
  const rules: Rule[] = everyone.isEmpty ? [] : [{ peers: [{ kind: 'everyone' }], ports: everyone }];
  const byPorts = new Map<string, { readonly ports: PortSet; readonly boxes: LabelBox[]; readonly others: Atom[] }>();
  const groupOf = (ports: PortSet) => {
    const key = ports.toString();
    const group = byPorts.get(key) ?? { ports, boxes: [], others: [] };
    byPorts.set(key, group);
    return group;
  };
  for (const { peer, ports } of withoutCoveredPods(pods)) groupOf(ports).boxes.push(peer.box);
  for (const { peer, ports } of withoutCoveredAddresses(addresses)) groupOf(ports).others.push(peer);
  for (const key of sorted([...byPorts.keys()])) {
    const { ports, boxes, others } = byPorts.get(key)!;
    rules.push({ peers: [...podAtoms(mergeBoxes(boxes)), ...others], ports });
  }
  return rules;
}

/** What is left to open, as a list of ports can say it: one that leaves some out names no protocol without ports, such as ICMP. */
function withoutOpened(asked: PortSet, opened: PortSet): PortSet {
  const rest = asked.subtract(opened);
  return rest.holdsOtherProtocols ? asked : rest;
}

function oneForEachPeer(openings: Iterable<Opening>): ReadonlyMap<string, Opening> {
  const byPeer = new Map<string, Opening>();
  for (const { peer, ports } of openings) {
    const key = atomKey(peer);
    const before = byPeer.get(key);
    byPeer.set(key, { peer, ports: before ? before.ports.union(ports) : ports });
  }
  return byPeer;
}

function withoutCoveredPods(openings: readonly Opening<Pods>[]): readonly Opening<Pods>[] {
  if (openings.length < 2) return openings;
  const index = new SupersetIndex(openings.map((opening) => [opening.peer.box, opening] as const));
  const left: Opening<Pods>[] = [];
  for (const opening of openings) {
    let { ports } = opening;
    for (const wider of index.supersetsOf(opening.peer.box)) {
      if (wider !== opening) ports = withoutOpened(ports, wider.ports);
    }
    if (!ports.isEmpty) left.push({ peer: opening.peer, ports });
  }
  return left;
}

/** A block goes if the other blocks open all of it on all of its ports, together. Narrow blocks are asked first, so that wide ones stay. */
function withoutCoveredAddresses(given: readonly Opening<Addresses>[]): readonly Opening<Addresses>[] {
  if (given.length < 2) return given;
  const entries = given.map(({ peer, ports }) => ({ peer, ports }));
  entries.sort((a, b) => (atomKey(a.peer) < atomKey(b.peer) ? -1 : 1));
  const sets = new Map(entries.map((entry) => [entry, addressSet(entry.peer.block)]));
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
      if (own.addresses.isSubsetOf(sets.get(other)!.addresses)) entry.ports = withoutOpened(entry.ports, other.ports);
    }
    if (entry.ports.isEmpty) kept.delete(entry);
  }
  return entries.filter((entry) => kept.has(entry));
}

/** Joins boxes that differ in the values of one key, key after key: pod labels first, the namespace's name last. */
function mergeBoxes(boxes: readonly LabelBox[]): readonly LabelBox[] {
  if (boxes.length < 2) return boxes;
  let merged = boxes;
  const keys = new Set<string>();
  for (const box of boxes) for (const key of box.keys) keys.add(key);
  for (const key of [...sorted([...keys])].reverse()) {
    if (merged.length > 1) merged = mergedAlong(key, merged);
  }
  return merged.length > 1 ? [...merged].sort((a, b) => (a.toString() < b.toString() ? -1 : 1)) : merged;
}

function mergedAlong(key: string, boxes: readonly LabelBox[]): LabelBox[] {
  const classes = new Map<string, LabelBox[]>();
  for (const box of boxes) {
    // A box that does not pin the key stands alone, under its own text.
    const shape = box.valuesOf(key) ? `= ${box.textWithout(key)}` : `! ${box}`;
    const alike = classes.get(shape);
    if (alike) alike.push(box);
    else classes.set(shape, [box]);
  }
  return Array.from(classes.values(), (alike) => joined(key, alike));
}

/** The union of boxes that differ in the values of `key` only. */
function joined(key: string, boxes: readonly LabelBox[]): LabelBox {
  const [first] = boxes;
  if (boxes.length === 1) return first!;
  const values = boxes.flatMap((box) => box.valuesOf(key) ?? []);
  return first!.withValues(key, values);
}

function podAtoms(boxes: readonly LabelBox[]): Atom[] {
  return boxes.map((box) => ({ kind: 'pods', box }));
}
