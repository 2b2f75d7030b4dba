import { type ConnectivityListing, refKey, type WorkloadRef } from '../../model/connectivity-listing';
import type { Paint } from '../paint';
import { Terms } from './ends';
import { shownPorts } from './shown-ports';
import { emptyText, headline, warningsOf } from './statements';
import { counted, visible } from './visible-text';

/** One line and one column: workloads that are alike, a namespace, or all addresses. */
interface Unit {
  readonly label: string;
  readonly namespace: string | undefined;
  /** How many workloads; 0 for addresses. */
  readonly size: number;
}

/** What all pairs of two units may say to each other, or that they differ. */
interface Mark {
  readonly allowed: Set<string>;
  unknown: 'no' | 'yes';
  mixed: 'no' | 'yes';
}

const outsideUnit: Unit = { label: 'addresses outside', namespace: undefined, size: 0 };
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const cellWidth = 3;
const widestLabel = 34;

/**
 * Sources down, destinations across, one letter for each set of ports. Workloads that are alike share a line; if there are still more than fit,
 * a line is a namespace, and then the namespaces with the fewest connections are left out. What is left out is said.
 *
 * @param width of the terminal, in characters
 */
export function connectivityToMatrix(listing: ConnectivityListing, width: number, paint: Paint): string {
  const alike = new Matrix(listing, unitsAlike(listing));
  const whole =
    alike.units.length <= roomFor(alike.units, width) ? alike : new Matrix(listing, unitsOfNamespaces(listing));
  const { shown, left } = whole.busiest(roomFor(whole.units, width));
  if (whole.isEmpty) return `${visible(headline(listing))}\n\n${emptyText(listing)}\n`;

  const legend = new Map<string, string>();
  const labels = shown.map(labelOf);
  const labelWidth = Math.max(...labels.map(({ length }) => length));
  const numbers = shown.map((_, i) => String(i + 1).padStart(cellWidth)).join('');
  const lines = shown.map((source, i) => {
    const signs = shown.map((destination) => signOf(whole.markOf(source, destination), legend));
    return `${labels[i]!.padEnd(labelWidth)} ${signs.map((sign) => painted(sign, paint)).join('')}`;
  });
  return `${[
    paint.bold(visible(headline(listing))),
    '',
    `${'to'.padStart(labelWidth)} ${paint.dim(numbers)}`,
    ...lines,
    '',
    ...[...legend].map(([ports, sign]) => `  ${sign} = ${ports}`),
    '',
    ...warningsOf(listing).map((text) => paint.red(`warning: ${visible(text)}`)),
    ...notesOf(whole === alike, left, shown).map((note) => paint.dim(`note: ${note}`)),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function notesOf(isWhole: boolean, left: readonly Unit[], shown: readonly Unit[]): string[] {
  const namespaces = 'a line is a whole namespace, since more workloads differ than fit; --focus shows those of one';
  const without = `${counted(left.length, 'namespace')} with ${counted(sizeOf(left), 'workload')}`;
  return [
    ...(isWhole ? [] : [namespaces]),
    ...(left.length > 0 ? [`left out, with the fewest connections: ${without}`] : []),
    ...(shown.includes(outsideUnit)
      ? ['of addresses outside, a letter may hold for some only: --output txt tells']
      : []),
  ];
}

/** How many columns fit beside the labels. */
function roomFor(units: readonly Unit[], width: number): number {
  const labelWidth = Math.max(0, ...units.map((unit, i) => labelOf(unit, i).length));
  return Math.max(2, Math.floor((width - labelWidth - 1) / cellWidth));
}

function labelOf({ label }: Unit, index: number): string {
  const short = label.length <= widestLabel ? label : `${label.slice(0, widestLabel - 1)}…`;
  return `${String(index + 1).padStart(3)} ${short}`;
}

class Matrix {
  private readonly marks = new Map<Unit, Map<Unit, Mark>>();
  private readonly connections = new Map<Unit, number>();
  readonly units: readonly Unit[];

  constructor(
    listing: ConnectivityListing,
    private readonly unitOf: ReadonlyMap<WorkloadRef, Unit>,
  ) {
    const units = new Set(unitOf.values());
    for (const { sources, destinations, ...row } of listing.connections) {
      this.fill(this.parts(sources), this.parts(destinations), row);
    }
    for (const { direction, workloads, ...row } of listing.outside) {
      const [own, outside] = [this.parts(workloads), new Map([[outsideUnit, 0]])];
      if (direction === 'egress') this.fill(own, outside, row);
      else this.fill(outside, own, row);
    }
    this.units = listing.outside.length > 0 ? [...units, outsideUnit] : [...units];
  }

  get isEmpty(): boolean {
    return this.marks.size === 0;
  }

  markOf(source: Unit, destination: Unit): Mark | undefined {
    return this.marks.get(source)?.get(destination);
  }

  busiest(room: number): { readonly shown: readonly Unit[]; readonly left: readonly Unit[] } {
    if (this.units.length <= room) return { shown: this.units, left: [] };
    const ranked = [...this.units].sort((a, b) => (this.connections.get(b) ?? 0) - (this.connections.get(a) ?? 0));
    const kept = new Set(ranked.slice(0, room));
    return { shown: this.units.filter((unit) => kept.has(unit)), left: ranked.slice(room) };
  }

  private parts(refs: readonly WorkloadRef[]): Map<Unit, number> {
    const parts = new Map<Unit, number>();
    for (const ref of refs) {
      const unit = this.unitOf.get(ref)!;
      parts.set(unit, (parts.get(unit) ?? 0) + 1);
    }
    return parts;
  }

  private fill(
    sources: ReadonlyMap<Unit, number>,
    destinations: ReadonlyMap<Unit, number>,
    { ports, decision }: { readonly ports: readonly string[]; readonly decision: 'allowed' | 'unknown' },
  ): void {
    for (const [source, some] of sources) {
      for (const [destination, others] of destinations) {
        const mark = this.open(source, destination);
        if (decision === 'unknown') mark.unknown = 'yes';
        else for (const port of ports) mark.allowed.add(port);
        if (some < source.size || others < destination.size) mark.mixed = 'yes';
        this.connections.set(source, (this.connections.get(source) ?? 0) + 1);
        this.connections.set(destination, (this.connections.get(destination) ?? 0) + 1);
      }
    }
  }

  private open(source: Unit, destination: Unit): Mark {
    let row = this.marks.get(source);
    if (!row) {
      row = new Map();
      this.marks.set(source, row);
    }
    let mark = row.get(destination);
    if (!mark) {
      mark = { allowed: new Set(), unknown: 'no', mixed: 'no' };
      row.set(destination, mark);
    }
    return mark;
  }
}

/** Workloads of a namespace that are in the same rows, on the same sides. */
function unitsAlike(listing: ConnectivityListing): Map<WorkloadRef, Unit> {
  const signatures = new Map<string, string[]>();
  const note = (refs: readonly WorkloadRef[], sign: string) => {
    for (const ref of refs) {
      const list = signatures.get(refKey(ref));
      if (list) list.push(sign);
      else signatures.set(refKey(ref), [sign]);
    }
  };
  for (const [i, { sources, destinations }] of listing.connections.entries()) {
    note(sources, `${i}s`);
    note(destinations, `${i}d`);
  }
  for (const [i, { workloads }] of listing.outside.entries()) note(workloads, `${i}o`);
  return unitsBy(listing, (ref) => `${ref.namespace} ${signatures.get(refKey(ref))?.join() ?? ''}`);
}

function unitsOfNamespaces(listing: ConnectivityListing): Map<WorkloadRef, Unit> {
  return unitsBy(listing, ({ namespace }) => namespace);
}

function unitsBy(listing: ConnectivityListing, groupOf: (ref: WorkloadRef) => string): Map<WorkloadRef, Unit> {
  const terms = new Terms(listing, 'with-exceptions');
  const groups = new Map<string, WorkloadRef[]>();
  for (const ref of listing.workloads) {
    const key = groupOf(ref);
    const group = groups.get(key);
    if (group) group.push(ref);
    else groups.set(key, [ref]);
  }
  const units = new Map<string, Unit>();
  for (const members of groups.values()) {
    const [first] = members as [WorkloadRef];
    const named = terms.of(members);
    const label = named.length === 1 ? named[0]!.text : `${first.id} and ${members.length - 1} alike`;
    const unit = { label: visible(label), namespace: first.namespace, size: members.length };
    for (const member of members) units.set(refKey(member), unit);
  }
  const refs = [
    listing.workloads,
    ...listing.connections.flatMap(({ sources, destinations }) => [sources, destinations]),
    ...listing.outside.map(({ workloads }) => workloads),
  ];
  const found = new Map<WorkloadRef, Unit>();
  for (const list of refs) for (const ref of list) found.set(ref, units.get(refKey(ref))!);
  return found;
}

function signOf(mark: Mark | undefined, legend: Map<string, string>): string {
  if (!mark) return '·';
  if (mark.mixed === 'yes') return noted('+', 'some of the pairs, or on different ports', legend);
  if (mark.allowed.size === 0) return noted('?', 'unknown', legend);
  const ports = shownPorts([...mark.allowed]).join(' ');
  const text = ports + (mark.unknown === 'yes' ? ', more is unknown' : '');
  const known = legend.get(text);
  if (known) return known;
  if (text === 'any port') return noted('*', text, legend);
  const taken = [...legend.values()].filter((sign) => letters.includes(sign)).length;
  return taken < letters.length ? noted(letters[taken]!, text, legend) : noted('#', 'other ports', legend);
}

function noted(sign: string, text: string, legend: Map<string, string>): string {
  legend.set(text, sign);
  return sign;
}

function painted(sign: string, paint: Paint): string {
  const text = sign.padStart(cellWidth);
  if (sign === '·') return paint.dim(text);
  return sign === '?' ? paint.red(text) : paint.green(text);
}

function sizeOf(units: readonly Unit[]): number {
  return units.reduce((sum, { size }) => sum + size, 0);
}
