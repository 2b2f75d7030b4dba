import { everyAddress } from '../../sets/address-set';
import { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import type { Statement } from './statement';

/** Connections that a statement allows and no other one does. Not empty. */
export interface Remainder extends Pick<Statement, 'labels' | 'addresses' | 'peers' | 'ports'> {
  /** Ports that are held, where names are among what is held or left: left are just those that at the destination are none of these. */
  readonly but?: PortSet;
}

type Part = Remainder;

/**
 * What of `part` none of `others` holds: disjoint boxes, one after the other, so that a caller who only asks whether there is any
 * stops at the first.
 *
 * Labels are cut only along keys that tell the others apart, and not at all where one of them holds the whole part.
 */
export function* uncovered(part: Part, others: readonly Part[]): Generator<Remainder> {
  if (part.labels.isEmpty || others.some((other) => holds(other, part))) return;
  const whole: Part[] = [];
  const partial: Part[] = [];
  for (const other of others) {
    if (!other.labels.meets(part.labels) || !extentsMeet(part, other)) continue;
    (part.labels.isSubsetOf(other.labels) ? whole : partial).push(other);
  }
  const kind = part.peers ? { peers: part.peers } : {};
  for (const rest of extentWithout(part, whole)) {
    const extent = { ...rest, ...kind };
    const key = partial[0] && part.labels.keyOutside(partial[0].labels);
    if (key === undefined) yield { labels: part.labels, ...extent };
    else for (const [labels, within] of cut(part.labels, key, partial)) yield* uncovered({ labels, ...extent }, within);
  }
}

/** Whether one part holds all of another, as far as that is quick to see: most often it does. */
function holds(whole: Part, part: Part): boolean {
  if (whole.peers !== part.peers) return false;
  if (whole.addresses !== part.addresses && !(whole.addresses && part.addresses?.equals(whole.addresses))) return false;
  return part.labels.keyOutside(whole.labels) === undefined && part.ports.isSubsetOf(whole.ports);
}

/**
 * `labels` by what `key` is: each value that one of the parts mentions, and the rest; each with the parts that may meet it.
 * Disjoint, never empty.
 */
function* cut(labels: LabelBox, key: string, parts: readonly Part[]): Generator<[LabelBox, readonly Part[]]> {
  const listed = new Map<string, Part[]>();
  const open: Part[] = [];
  for (const part of parts) {
    const values = part.labels.valuesOf(key);
    if (!values) open.push(part);
    for (const value of values ?? part.labels.mentioned(key)) {
      const list = listed.get(value) ?? [];
      listed.set(value, list);
      if (values) list.push(part);
    }
  }
  const asked = labels.valuesOf(key);
  const values = [...listed.keys()].sort();
  for (const value of asked ? values.filter((v) => asked.includes(v)) : values) {
    const box = labels.intersect(LabelBox.of([{ key, operator: 'In', values: [value] }]));
    if (!box.isEmpty) yield [box, [...listed.get(value)!, ...open]];
  }
  const rest = labels.intersect(LabelBox.of([{ key, operator: 'NotIn', values }]));
  const halves = open.some((part) => part.labels.tellsAbsentFromUnmentioned(key))
    ? (['DoesNotExist', 'Exists'] as const).map((operator) => rest.intersect(LabelBox.of([{ key, operator }])))
    : [rest];
  for (const half of halves) if (!half.isEmpty) yield [half, open];
}

type Extent = Omit<Part, 'labels'>;

function extentsMeet(a: Extent, b: Extent): boolean {
  if (a.peers !== b.peers || (a.addresses === undefined) !== (b.addresses === undefined)) return false;
  return a.ports.mayMeet(b.ports) && (!a.addresses || !b.addresses || !a.addresses.intersect(b.addresses).isEmpty);
}

/** The addresses and ports of `part` that none of `others` holds, as disjoint pieces. */
function extentWithout(part: Extent, others: readonly Extent[]): Extent[] {
  if (part.addresses === undefined) {
    const held = others.reduce((ports, other) => ports.union(other.ports), PortSet.empty);
    const ports = part.ports.subtract(held);
    if (ports.isEmpty) return [];
    const but = part.but ? part.but.union(held) : held;
    const isByNumber = but.byName.isEmpty && ports.byName.isEmpty;
    return [{ addresses: undefined, ports, ...(isByNumber ? {} : { but }) }];
  }
  let pieces = [{ addresses: part.addresses, held: PortSet.empty }];
  for (const { addresses = everyAddress, ports } of others) {
    pieces = pieces.flatMap((piece) => [
      { addresses: piece.addresses.subtract(addresses), held: piece.held },
      { addresses: piece.addresses.intersect(addresses), held: piece.held.union(ports) },
    ]);
    pieces = pieces.filter((piece) => !piece.addresses.isEmpty);
  }
  return pieces
    .map(({ addresses, held }) => ({ addresses, ports: part.ports.subtract(held) }))
    .filter(({ ports }) => !ports.isEmpty);
}

/** Whether `others` together hold all of `part`. */
export function covers(others: readonly Part[], part: Part): boolean {
  return uncovered(part, others).next().done === true;
}
