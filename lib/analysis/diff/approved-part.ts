import { refKey, type WorkloadRef } from '../../model/connectivity-listing';
import type { Approval, ConnectionChange, DiffListing } from '../../model/diff-listing';
import { matcherOf } from '../../model/name-pattern';
import type { RiskyRow, RowPart } from '../../model/risk';

/** The rows of a difference. */
export type Found = Pick<DiffListing, RiskyRow['list']>;

/** What of a row carries the risk, as far as approvals can be about a part of it. */
export function wholeRow(listing: Found, row: RiskyRow): RowPart {
  const { list, index } = row;
  switch (list) {
    case 'connections': {
      const { sources, destinations } = { ...listing.connections[index]!, ...row };
      return { sources, destinations };
    }
    case 'outside':
    case 'isolation':
    case 'possible':
      return { workloads: listing[list][index]!.workloads };
    default:
      return {};
  }
}

/**
 * What of a part of a row an approval does not name: the same part if it names nothing of it, undefined if it names all. A connection is named by the workload at either end of it;
 * pods that could exist by all of the workloads that their labels are those of, or else by all of their namespace.
 */
export function withoutApproved(
  part: RowPart,
  { at }: Approval,
  { list, index }: RiskyRow,
  listing: Found,
): RowPart | undefined {
  if (at === undefined) return undefined;
  const fits = matcherOf(at);
  const rest = (refs: readonly WorkloadRef[] = []) => {
    const left = refs.filter(({ namespace, name }) => !fits(`${namespace}/${name}`));
    return left.length === refs.length ? refs : left;
  };
  const unless = (isNamed: boolean) => (isNamed ? undefined : part);
  switch (list) {
    case 'connections': {
      const left = { sources: rest(part.sources), destinations: rest(part.destinations) };
      if (left.sources === part.sources && left.destinations === part.destinations) return part;
      return pairsWithin(listing.connections[index]!, left) === 0 ? undefined : left;
    }
    case 'outside':
    case 'isolation': {
      const workloads = rest(part.workloads);
      if (workloads === part.workloads) return part;
      return workloads.length === 0 ? undefined : { workloads };
    }
    case 'possible': {
      if (listing.possible[index]!.pods.known.every((namespace) => namesAllOf(at, namespace))) return undefined;
      const workloads = rest(part.workloads);
      if (workloads === part.workloads) return part;
      return workloads.length === 0 ? undefined : { workloads };
    }
    case 'exposures': {
      const { workload } = listing.exposures[index]!;
      return unless(workload !== undefined && rest([workload]).length === 0);
    }
    case 'guarantees':
      return unless(fits(listing.guarantees[index]!.path));
    case 'unread':
      return part;
  }
}

/** How much a part comes to, in the unit in which risks are counted. */
export function weightOfPart(part: RowPart, { list, index }: RiskyRow, listing: Found): number {
  if (list === 'connections') return pairsWithin(listing.connections[index]!, part);
  return list === 'outside' || list === 'isolation' ? part.workloads!.length : 1;
}

/** Whether a pattern names whatever could be in a namespace. */
function namesAllOf(pattern: string, namespace: string): boolean {
  return pattern === '*' || (pattern.endsWith('/*') && matcherOf(pattern.slice(0, -2))(namespace));
}

/** Pairs of a row whose ends are among these; a single Pod and itself are none. */
function pairsWithin(row: ConnectionChange, { sources = [], destinations = [] }: RowPart): number {
  if (sources.length === row.sources.length && destinations.length === row.destinations.length) return row.pairs;
  const [from, to] = [new Set(sources.map(refKey)), new Set(destinations.map(refKey))];
  const itself = (source: WorkloadRef, key: string) => source.kind === 'Pod' && refKey(source) === key;
  const own = sources.filter((source) => source.kind === 'Pod' && to.has(refKey(source))).length;
  const holes = row.except
    .filter(({ source }) => from.has(refKey(source)))
    .flatMap(({ source, destinations: missing }) =>
      missing.map(refKey).filter((key) => to.has(key) && !itself(source, key)),
    );
  return sources.length * destinations.length - own - holes.length;
}
