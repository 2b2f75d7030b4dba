import { type Atom, blockToString } from '../model/atom';
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
  const { everyone, pods, addresses } = oneForEachPeer(openings);
  const rules: Rule[] = everyone.isEmpty ? [] : [{ peers: [{ kind: 'everyone' }], ports: everyone }];
  const byPorts = new Map<string, SamePorts>();
  for (const { peer, ports } of withoutCoveredPods(narrowed(pods, everyone)))
    samePorts(byPorts, ports).boxes.push(peer.box);
  for (const { peer, ports } of withoutCoveredAddresses(narrowed(addresses, everyone)))
    samePorts(byPorts, ports).others.push(peer);
  for (const key of sorted([...byPorts.keys()])) {
    const { ports, boxes, others } = byPorts.get(key)!;
    const merged = mergeBoxes(boxes).map((box): Atom => ({ kind: 'pods', box }));
    rules.push({ peers: [...merged, ...others], ports });
  }
  return rules;
}

interface SamePorts {
  readonly ports: PortSet;
  readonly boxes: LabelBox[];
  readonly others: Atom[];
}

function samePorts(byPorts: Map<string, SamePorts>, ports: PortSet): SamePorts {
  const key = ports.toString();
  const known = byPorts.get(key);
  if (known) return known;
  const group = { ports, boxes: [], others: [] };
  byPorts.set(key, group);
  return group;
}

/** What is left to open, as a list of ports can say it: one that leaves some out names no protocol without ports, such as ICMP. */
function withoutOpened(asked: PortSet, opened: PortSet): PortSet {
  const rest = asked.subtract(opened);
  return rest.holdsOtherProtocols ? asked : rest;
}

/** What is left of openings beside what everyone may use. */
function narrowed<A extends Atom>(byPeer: ReadonlyMap<string, Opening<A>>, everyone: PortSet): Opening<A>[] {
  const left: Opening<A>[] = [];
  for (const opening of byPeer.values()) {
    const ports = withoutOpened(opening.ports, everyone);
    if (!ports.isEmpty) left.push(ports === opening.ports ? opening : { peer: opening.peer, ports });
  }
  return left;
}

function oneForEachPeer(openings: Iterable<Opening>) {
  let everyone = PortSet.empty;
  const pods = new Map<string, Opening<Pods>>();
  const addresses = new Map<string, Opening<Addresses>>();
  for (const { peer, ports } of openings) {
    if (peer.kind === 'pods') add(pods, peer.box.toString(), peer, ports);
    else if (peer.kind === 'addresses') add(addresses, blockToString(peer.block), peer, ports);
    else everyone = everyone.isEmpty ? ports : everyone.union(ports);
  }
  return { everyone, pods, addresses };
}

function add<A extends Atom>(byPeer: Map<string, Opening<A>>, key: string, peer: A, ports: PortSet): void {
  const before = byPeer.get(key);
  byPeer.set(key, { peer, ports: before ? before.ports.union(ports) : ports });
}

function withoutCoveredPods(openings: readonly Opening<Pods>[]): readonly Opening<Pods>[] {
  if (openings.length < 2) return openings;
  const index = new SupersetIndex(openings.map((opening) => [opening.peer.box, opening] as const));
  const left: Opening<Pods>[] = [];
  for (const opening of openings) {
    const wider = index.supersetsOf(opening.peer.box);
    const ports = wider.length > 1 ? besideOthers(opening, wider) : opening.ports;
    if (!ports.isEmpty) left.push(ports === opening.ports ? opening : { peer: opening.peer, ports });
  }
  return left;
}

function besideOthers(opening: Opening<Pods>, wider: readonly Opening<Pods>[]): PortSet {
  let { ports } = opening;
  for (const other of wider) if (other !== opening) ports = withoutOpened(ports, other.ports);
  return ports;
}

/** A block goes if the other blocks open all of it on all of its ports, together. Narrow blocks are asked first, so that wide ones stay. */
function withoutCoveredAddresses(given: readonly Opening<Addresses>[]): readonly Opening<Addresses>[] {
  if (given.length < 2) return given;
  const entries = given.map(({ peer, ports }) => ({ peer, ports }));
  entries.sort((a, b) => (blockToString(a.peer.block) < blockToString(b.peer.block) ? -1 : 1));
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
  for (const key of keysOf(boxes).reverse()) if (merged.length > 1) merged = mergedAlong(key, merged);
  return merged.length > 1 ? [...merged].sort((a, b) => (a.toString() < b.toString() ? -1 : 1)) : merged;
}

/** The keys that the boxes constrain, sorted. */
function keysOf(boxes: readonly LabelBox[]): string[] {
  const keys = new Set<string>();
  for (const box of boxes) for (const key of box.keys) keys.add(key);
  return [...sorted([...keys])];
}

function mergedAlong(key: string, boxes: readonly LabelBox[]): readonly LabelBox[] {
  const classes = new Map<string, LabelBox[]>();
  const merged: LabelBox[] = [];
  for (const box of boxes) {
    if (!box.valuesOf(key)) {
      merged.push(box);
      continue;
    }
    const rest = box.textWithout(key);
    const alike = classes.get(rest);
    if (alike) alike.push(box);
    else classes.set(rest, [box]);
  }
  if (merged.length + classes.size === boxes.length) return boxes;
  for (const alike of classes.values()) merged.push(joined(key, alike));
  return merged;
}

/** The union of boxes that differ in the values of `key` only. */
function joined(key: string, boxes: readonly LabelBox[]): LabelBox {
  const [first] = boxes;
  if (boxes.length === 1) return first!;
  const values = boxes.flatMap((box) => box.valuesOf(key) ?? []);
  return first!.withValues(key, values);
}
