import { refKey, type WorkloadRef } from '../../model/connectivity-listing';
import type {
  BlastRadius,
  RankedWorkloads,
  ReachCount,
  ReachedAddresses,
  ReachListing,
  ReachRow,
  StolenReachListing,
  StolenRow,
} from '../../model/reach-listing';
import { type Term, Terms } from '../connectivity/ends';
import { shownPorts } from '../connectivity/shown-ports';
import { firstFew, placeText } from '../connectivity/statements';
import { counted, grouped } from '../connectivity/visible-text';

/** As in `12 workloads in 2 namespaces, 13 policies, as Cilium applies them`. */
function inputText({ totals, cni }: ReachListing): string {
  return [
    `${counted(totals.workloads, 'workload')} in ${counted(totals.namespaces, 'namespace')}`,
    counted(totals.policies, 'policy', 'policies'),
    ...(cni.id === 'kubernetes' ? [] : [`as ${cni.name} applies them`]),
  ].join(', ');
}

/** The answer in one line, as in `From shop/frontend 2 of 3 other workloads can be reached, in up to 2 hops`. */
export function radiusHeadline(listing: BlastRadius): string {
  const { from, reached, totals, maxHops, rows } = listing;
  const others = totals.workloads - from.workloads.length;
  const far = Math.max(0, ...rows.map(({ hops }) => hops));
  const limit =
    maxHops === undefined ? '' : `, where ${counted(maxHops, 'hop')} at most ${maxHops === 1 ? 'is' : 'are'} followed`;
  const within = far > 1 ? `, in up to ${far} hops` : far === 1 ? ', all directly' : '';
  const perhaps = reached.unknown > 0 ? `, and perhaps ${grouped(reached.unknown)} more` : '';
  const noun = from.workloads.length > 0 ? 'other workload' : 'workload';
  const count = `${grouped(reached.allowed)} of ${counted(others, noun)}`;
  return `From ${from.text}, ${count} can be reached${perhaps}${within}${limit} (${inputText(listing)})`;
}

export interface ShownReach {
  /** Stops between the start and the targets, the first one first. */
  readonly through: readonly string[];
  readonly to: readonly Term[];
  readonly ports: readonly string[];
}

export interface ReachSection {
  readonly heading: string;
  readonly reasons: readonly string[];
  readonly rows: readonly ShownReach[];
}

/** Targets by hops, those that are certain first. */
export function reachSections(listing: BlastRadius): ReachSection[] {
  const refs = [...listing.from.workloads, ...new Set(listing.rows.flatMap(({ targets }) => targets))];
  const terms = new Terms({ ...listing, workloads: distinct(refs) }, 'with-exceptions');
  const ways = new Ways(listing);
  return (['allowed', 'unknown'] as const).flatMap((decision) => {
    const rows = listing.rows.filter((row) => row.decision === decision);
    const hops = [...new Set(rows.map((row) => row.hops))];
    return hops.map((n): ReachSection => {
      const heading = n === 1 ? 'Directly' : `In ${n} hops`;
      const own = rows.filter((row) => row.hops === n);
      return {
        heading: decision === 'unknown' ? `Unknown: perhaps ${heading.toLowerCase()}` : heading,
        reasons: decision === 'unknown' ? reasonsOf(own) : [],
        rows: own.map((row) => ({ through: ways.stopsBefore(row), to: terms.of(row.targets), ports: portsOf(row) })),
      };
    });
  });
}

/** Finds the stops of a way by following it back. */
export class Ways {
  private readonly rowOf = new Map<string, ReachRow>();

  constructor({ rows }: BlastRadius) {
    for (const row of rows) {
      // The targets of a start that is named by its pods come in one row only; of two rows with one number of hops, either will do.
      for (const target of row.targets) this.rowOf.set(keyOf(target, row.hops), row);
    }
  }

  /** Without the start: the last stop is where the row connects from. */
  stopsBefore({ via, hops }: ReachRow): string[] {
    const stops: string[] = [];
    let [stop, left] = [via, hops - 1];
    while (stop && left > 0) {
      stops.unshift(stop.id);
      stop = this.rowOf.get(keyOf(stop, left))?.via;
      left--;
    }
    return stops;
  }
}

function keyOf(ref: WorkloadRef, hops: number): string {
  return `${hops} ${refKey(ref)}`;
}

function portsOf({ ports, unknownPorts }: ReachRow): string[] {
  const perhaps = shownPorts(unknownPorts);
  if (perhaps.length === 0) return shownPorts(ports);
  if (ports.length === 0) return perhaps;
  return [...shownPorts(ports), `(perhaps ${perhaps.join(' ')})`];
}

function reasonsOf(rows: readonly { readonly because: ReachRow['because'] }[]): string[] {
  const examples = new Map<string, Set<string>>();
  for (const { because } of rows) {
    for (const reason of because) {
      const known = examples.get(reason.question) ?? new Set();
      for (const example of reason.examples) known.add(example);
      examples.set(reason.question, known);
    }
  }
  return [...examples].sort().map(([question, names]) => {
    const list = [...names].sort();
    return list.length > 0 ? `${question} (${firstFew(list)})` : question;
  });
}

/** As in `any address from shop/frontend, directly`. */
export function addressText({ hops, workloads, addresses, ports }: ReachedAddresses, listing: BlastRadius): string {
  const start = new Set(listing.from.workloads.map(refKey));
  const isStart = workloads.every((ref) => start.has(refKey(ref)));
  const names = firstFew(workloads.map(({ id }) => id));
  const where = isStart ? 'directly' : `over ${names}, in ${hops} hops${workloads.length > 1 ? ' or more' : ''}`;
  return `${addresses.text} on ${shownPorts(ports).join(' ')}, ${where}`;
}

export function entranceText({ workloads, addresses, ports }: ReachedAddresses): string {
  return `${addresses.text} to ${firstFew(workloads.map(({ id }) => id))} on ${shownPorts(ports).join(' ')}`;
}

export function rankingHeadline(listing: ReachListing): string {
  return `Workloads by how many others they reach, over any number of hops (${inputText(listing)})`;
}

export interface ShownRank {
  readonly workloads: readonly Term[];
  readonly all: string;
  readonly direct: string;
  readonly outside: string;
}

export function shownRank(row: RankedWorkloads, terms: Terms): ShownRank {
  const into = { allowed: 'open to addresses outside', unknown: 'perhaps open to addresses outside', denied: '' };
  const out = { allowed: 'may send outside', unknown: 'may perhaps send outside', denied: '' };
  const notes = [
    into[row.fromOutside],
    out[row.toOutside],
    ...(row.exposedBy.length > 0 ? [firstFew(row.exposedBy)] : []),
  ];
  return {
    workloads: terms.of(row.workloads),
    all: countText(row.all),
    direct: countText(row.direct),
    outside: notes.filter((note) => note !== '').join(', '),
  };
}

function countText({ allowed, unknown }: ReachCount): string {
  const certain = grouped(allowed);
  return unknown === 0 ? certain : `${certain} to ${grouped(allowed + unknown)}`;
}

export function stolenHeadline(listing: StolenReachListing): string {
  const { namespace, reached, totals } = listing;
  const perhaps = reached.unknown > 0 ? `, and perhaps ${grouped(reached.unknown)} more` : '';
  return (
    `A pod in ${namespace} whose labels can be chosen could reach ${grouped(reached.allowed)} of ` +
    `${counted(totals.workloads, 'workload')} directly${perhaps}; whatever its labels, ${grouped(reached.withAnyLabels)} (${inputText(listing)})`
  );
}

/** What a pod gets at on the same ports, under any of these choices of labels. */
export interface ShownStolen {
  readonly who: readonly Term[];
  readonly ports: readonly string[];
  readonly labels: readonly string[];
}

export interface StolenSection {
  readonly heading: string;
  readonly reasons: readonly string[];
  readonly rows: readonly ShownStolen[];
}

const stolenHeadings = { egress: 'It could reach', ingress: 'It could be reached by' } as const;

export function stolenSections(listing: StolenReachListing): StolenSection[] {
  const refs = distinct(listing.rows.flatMap(({ workloads }) => workloads));
  const terms = new Terms({ ...listing, workloads: refs }, 'with-exceptions');
  const sections: StolenSection[] = [];
  for (const decision of ['allowed', 'unknown'] as const) {
    for (const direction of ['egress', 'ingress'] as const) {
      const rows = listing.rows.filter((row) => row.decision === decision && row.direction === direction);
      if (rows.length === 0) continue;
      const heading = stolenHeadings[direction];
      sections.push({
        heading: decision === 'unknown' ? `Unknown: ${heading.toLowerCase()}` : heading,
        reasons: reasonsOf(rows),
        rows: stolenRows(rows, terms),
      });
    }
  }
  return sections;
}

function stolenRows(rows: readonly StolenRow[], terms: Terms): ShownStolen[] {
  const found = new Map<string, { who: readonly Term[]; ports: readonly string[]; labels: Set<string> }>();
  for (const { workloads, addresses, ports, labels } of rows) {
    const who = addresses ? [{ text: addresses.text, namespace: undefined, count: 0 }] : terms.of(workloads);
    const key = `${who.map(({ text }) => text).join()} ${ports.join()}`;
    const row = found.get(key) ?? { who, ports: shownPorts(ports), labels: new Set<string>() };
    row.labels.add(labels === '' ? 'any labels' : `{${labels}}`);
    found.set(key, row);
  }
  return [...found.values()].map((row) => ({ ...row, labels: [...row.labels] }));
}

/** Each rule once, with its file and line, and the labels that it goes by. */
export function adviceLines({ advice }: StolenReachListing): { text: string; rules: string[] }[] {
  return advice.map(({ text, rules }) => {
    const lines = rules.map(({ name, place, labels }) => {
      const by = labels.length > 0 ? ` by ${labels.map((label) => `{${label}}`).join(' or ')}` : '';
      return `${name}${by}${placeText(place) && ` (${placeText(place)})`}`;
    });
    return { text, rules: lines };
  });
}

/** What the answer rests on. */
export function reachNotes(listing: ReachListing): string[] {
  const notes: string[] = [];
  if (listing.mode === 'from') {
    notes.push('a hop is one allowed connection; that whoever connects also breaks in at the other end is assumed');
  }
  if (listing.mode === 'stolen') {
    notes.push('a pod with hostNetwork is held by none of this: let an admission policy forbid it in the namespace');
  }
  if (listing.cni.id === 'kubernetes' && hasUnknown(listing)) {
    notes.push('some of what is unknown is known of a network plugin: name yours with --cni');
  }
  const assumed = listing.namespaces.filter(({ labels }) => labels === 'assumed').map(({ name }) => name);
  if (assumed.length > 0 && listing.totals.policies > 0) {
    notes.push(
      `no Namespace object is given for ${firstFew(assumed)}: other labels than the name are taken as absent there`,
    );
  }
  return notes;
}

function hasUnknown(listing: ReachListing): boolean {
  if (listing.mode === 'ranking') return listing.rows.some(({ all, direct }) => all.unknown + direct.unknown > 0);
  return listing.rows.some(({ because }) => because.length > 0);
}

export function distinct(refs: readonly WorkloadRef[]): WorkloadRef[] {
  const found = new Map(refs.map((ref) => [`${ref.namespace}\0${ref.name}\0${ref.kind}`, ref] as const));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
