import { unreadToString } from '../../model/cluster';
import { refKey, type WorkloadRef } from '../../model/connectivity-listing';
import type {
  Cause,
  ConnectionChange,
  DiffListing,
  ExposureChange,
  GuaranteeChange,
  IsolationChange,
  MovedWorkload,
  OutsideChange,
  PossibleChange,
} from '../../model/diff-listing';
import type { RiskyRow, RowPart } from '../../model/risk';
import { type Term, type TermSource, Terms } from '../connectivity/ends';
import { shownPorts } from '../connectivity/shown-ports';
import { firstFew, placeText, reasonText } from '../connectivity/statements';
import { counted } from '../connectivity/visible-text';

/** `+`: more is let through. `-`: less. `~`: more of one and less of another. `?`: another certainty only. */
export type Sign = '+' | '-' | '~' | '?';

/** What reports call the parts of a difference. */
export const changeHeadings: Readonly<Record<Sign, string>> = {
  '+': 'More is let through',
  '~': 'More of one, less of another',
  '-': 'Less is let through',
  '?': 'Another certainty, where the API leaves it open',
};
export const sectionHeadings = {
  moved: 'Moved',
  isolation: 'Isolation',
  workloads: 'Workloads',
  exposures: 'Exposed',
  possible: 'Any pod that could exist',
  guarantees: 'Guarantees',
} as const;

/** A changed connection, inside the cluster or with addresses outside. */
export interface ShownChange {
  readonly sign: Sign;
  readonly from: readonly Term[];
  readonly to: readonly Term[];
  /** As in `+9555/TCP` and `-8080/TCP`, or the ports alone where nothing was or is let through beside. */
  readonly ports: readonly string[];
  readonly reasons: readonly string[];
  readonly causes: readonly string[];
  /** Pairs of the row of which it does not hold. */
  readonly except: number;
}

/** What names of workloads of either state are made of. */
export function termSource(listing: DiffListing): TermSource {
  const refs = [
    ...listing.connections.flatMap(({ sources, destinations }) => [sources, destinations]),
    ...[...listing.outside, ...listing.isolation].map(({ workloads }) => workloads),
    listing.workloads.added,
    listing.workloads.removed,
  ];
  const workloads = new Map<string, WorkloadRef>();
  for (const list of new Set(refs)) for (const ref of list) workloads.set(refKey(ref), ref);
  const total = listing.namespaces.reduce((sum, namespace) => sum + namespace.workloads, 0);
  return {
    totals: { workloads: total },
    namespaces: listing.namespaces,
    workloads: [...workloads.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export function termsOf(listing: DiffListing): Terms {
  return new Terms(termSource(listing), 'with-exceptions');
}

/** Those inside the cluster, then those with addresses outside; what is wider first. */
export function shownChanges({ connections, outside }: DiffListing, terms: Terms): ShownChange[] {
  return [...connections.map((row) => shownConnection(row, terms)), ...outside.map((row) => shownOutside(row, terms))];
}

function shownConnection(row: ConnectionChange, terms: Terms): ShownChange {
  return shown(row, terms.of(row.sources), terms.of(row.destinations));
}

function shownOutside(row: OutsideChange, terms: Terms): ShownChange {
  const addresses: Term[] = [{ text: row.addresses.text, namespace: undefined, count: 0 }];
  const own = terms.of(row.workloads);
  return row.direction === 'egress' ? shown(row, own, addresses) : shown(row, addresses, own);
}

function shown(row: ConnectionChange | OutsideChange, from: readonly Term[], to: readonly Term[]): ShownChange {
  return {
    sign: signOf(row),
    from,
    to,
    ports: portsOf(row),
    reasons: row.because.map(reasonText),
    causes: causeTexts(row.causes),
    except: 'except' in row ? row.except.reduce((sum, { destinations }) => sum + destinations.length, 0) : 0,
  };
}

function signOf({ before, after, gained, lost }: ConnectionChange | OutsideChange): Sign {
  if (before.allowed.join() === after.allowed.join()) return '?';
  const [more, less] = [gained.allowed.length + gained.unknown.length, lost.denied.length + lost.unknown.length];
  return more === 0 ? '-' : less === 0 ? '+' : '~';
}

function portsOf({ change, before, after, gained, lost }: ConnectionChange | OutsideChange): string[] {
  const listed = (prefix: string, ports: readonly string[], suffix = '') =>
    ports.length > 0
      ? shownPorts(ports).map((port) => `${prefix}${prefix && port.includes(' ') ? `(${port})` : port}${suffix}`)
      : [];
  if (change === 'added') return [...listed('', after.allowed), ...listed('', after.unknown, ' perhaps')];
  if (change === 'removed') return [...listed('', before.allowed), ...listed('', before.unknown, ' perhaps')];
  return [
    ...listed('+', gained.allowed),
    ...listed('+', gained.unknown, ' perhaps'),
    ...listed('-', lost.denied),
    ...listed('-', lost.unknown, ' perhaps'),
  ];
}

/** As in `by shop/redis ingress[1] (deploy/redis.yaml:14)`. */
export function causeText({ kind, side, name, place }: Cause): string {
  const where = placeText(place);
  const what = where ? `${name} (${where})` : name;
  switch (kind) {
    case 'rule':
      return side === 'after' ? `by ${what}` : `no longer by ${what}`;
    case 'isolation':
      return side === 'after' ? `isolated by ${what}` : `no longer isolated by ${what}`;
    case 'workload':
      return `as ${what} is ${side === 'after' ? 'new' : 'gone'}`;
    case 'pods':
      return `as ${what} has other labels, ports or addresses`;
    case 'namespace':
      return `as ${what} has other labels`;
    case 'unread':
      return `${side === 'after' ? 'left open by' : 'no longer left open by'} ${what}`;
  }
}

/** A row of a change in what may talk, or what of it carries a risk. */
export function shownRow(
  listing: DiffListing,
  row: RiskyRow & { readonly list: 'connections' | 'outside' },
  terms: Terms,
): ShownChange {
  return row.list === 'connections'
    ? shownConnection({ ...listing.connections[row.index]!, ...partOf(row) }, terms)
    : shownOutside({ ...listing.outside[row.index]!, ...partOf(row) }, terms);
}

/** A row that carries a risk, or what is left of it, in one line. */
export function riskyRowText(listing: DiffListing, row: RiskyRow, terms: Terms): string {
  const names = (list: readonly Term[]) => firstFew(list.map(({ text }) => text));
  switch (row.list) {
    case 'connections':
    case 'outside': {
      const { from, to, ports } = shownRow(listing, { ...row, list: row.list }, terms);
      return `${names(from)} → ${names(to)} on ${ports.join(', ')}`;
    }
    case 'isolation':
      return isolationText({ ...listing.isolation[row.index]!, ...partOf(row) }, terms);
    case 'exposures':
      return exposureText(listing.exposures[row.index]!);
    case 'possible':
      return possibleText(listing.possible[row.index]!);
    case 'guarantees':
      return guaranteeText(listing.guarantees[row.index]!);
    case 'unread':
      return unreadText(listing.unread.after[row.index]!);
  }
}

function partOf({ list: _list, index: _index, between: _between, ...part }: RiskyRow): RowPart {
  return part;
}

const unreadChanges = { added: ' and new', changed: ' and says something else than before', same: '' } as const;

/** As in `CiliumNetworkPolicy shop/l7 is of a kind that is not read and new`. */
export function unreadText(policy: DiffListing['unread']['after'][number]): string {
  return `${unreadToString(policy)} is of a kind that is not read${unreadChanges[policy.change]}`;
}

const mostCauses = 4;

/** The first few, those of the new state first. */
export function causeTexts(causes: readonly Cause[]): string[] {
  const sorted = [...causes.filter(({ side }) => side === 'after'), ...causes.filter(({ side }) => side === 'before')];
  const rest = sorted.length - mostCauses;
  return [...sorted.slice(0, mostCauses).map(causeText), ...(rest > 0 ? [`and ${counted(rest, 'more cause')}`] : [])];
}

const isolationWords = { isolated: 'isolated', open: 'open', unknown: 'perhaps isolated' } as const;

/** As in `shop/web: no longer isolated for ingress, now open`. */
export function isolationText({ direction, before, after, workloads }: IsolationChange, terms: Terms): string {
  const names = firstFew(terms.of(workloads).map(({ text }) => text));
  return `${names}: ${isolationWords[after]} for ${direction}, before ${isolationWords[before]}`;
}

const admits = {
  none: 'did not lead there',
  nobody: 'let nobody in',
  unknown: 'unknown whom they let in',
  some: 'let some in',
  anyone: 'let anyone in',
} as const;

/** As in `Ingress shop/web to shop/frontend 8080/TCP: leads there now; the policies let anyone in`. */
export function exposureText({
  kind,
  namespace,
  name,
  service,
  workload,
  ports,
  before,
  after,
  peers,
}: ExposureChange): string {
  const target = workload ? workload.id : `Service ${service}`;
  const head = [`${kind} ${namespace}/${name} to ${target}`, ...shownPorts(ports)].join(' ');
  const whom = (state: ExposureChange['after'], list: readonly string[]) =>
    state === 'some' ? `let in ${firstFew(list)}` : admits[state];
  if (after === 'none') return `${head}: no longer leads there`;
  if (before === 'none') return `${head}: leads there now; the policies ${whom(after, peers.after)}`;
  return `${head}: the policies ${whom(after, peers.after)}, before ${whom(before, peers.before)}`;
}

/** Those that are new or gone, and did not move. */
export function newAndGone({ workloads: { added, removed, moved } }: DiffListing) {
  const without = (refs: readonly WorkloadRef[], left: readonly WorkloadRef[]) => {
    const keys = new Set(left.map(refKey));
    return refs.filter((ref) => !keys.has(refKey(ref)));
  };
  return {
    added: without(
      added,
      moved.map(({ after }) => after),
    ),
    removed: without(
      removed,
      moved.map(({ before }) => before),
    ),
  };
}

/** As in `shop/cart is now in data: what is let through to and from it is as before, but for shop/redis`. */
export function movedText({ before, after, others, outside }: MovedWorkload, terms: Terms): string {
  const except = [
    ...(others.length > 0 ? terms.of(others).map(({ text }) => text) : []),
    ...(outside === 'same' ? [] : ['addresses outside']),
  ];
  const but = except.length > 0 ? `, but for ${firstFew(except)}` : '';
  return `${before.id} is now in ${after.namespace}: what is let through to and from it is as before${but}`;
}

/** As in `production/shop/apart: gone; before: …`. */
export function guaranteeText({ change, path, before, after }: GuaranteeChange): string {
  const words = { added: 'new', removed: 'gone', changed: 'another one' } as const;
  return [
    `${path}: ${words[change]}`,
    ...(before ? [`before: ${before}`] : []),
    ...(after ? [`now: ${after}`] : []),
  ].join('; ');
}

/** As in `ingress of any pod of shop, from any pod of any namespace on 80/TCP`. */
export function possibleText(row: PossibleChange): string {
  const { direction, pods, ports, extent, example } = row;
  const way = direction === 'ingress' ? 'from' : 'to';
  const part = extent === 'part' ? `, in part, as ${example}` : '';
  return `${direction} of ${pods.text} ${way} ${peersOf(row).join(' and ')} on ${shownPorts(ports).join(', ')}${part}`;
}

function peersOf({ peers }: PossibleChange): string[] {
  return [
    ...(peers.pods ?? []).map(({ text }) => text),
    ...(peers.addresses ? [peers.addresses.text] : []),
    ...(peers.nodes ? [peers.nodes] : []),
  ];
}

/** The ends of what is let through for any pod that could exist. */
export function possibleEnds(row: PossibleChange): {
  readonly from: readonly string[];
  readonly to: readonly string[];
} {
  const [own, others] = [[row.pods.text], peersOf(row)];
  return row.direction === 'ingress' ? { from: others, to: own } : { from: own, to: others };
}

/** What is let through for any pod that could exist, as far as no other row tells it: what counts as a risk. */
export function shownPossible({ possible, risks }: DiffListing): PossibleChange[] {
  const told = new Set(
    risks.flatMap(({ rows }) => rows.flatMap((row) => (row.list === 'possible' ? [row.index] : []))),
  );
  return possible.filter((_, index) => told.has(index));
}
