import type { WorkloadRef } from '../../model/connectivity-listing';
import { type DiffListing, usualApprovalsFile } from '../../model/diff-listing';
import type { RiskId, RiskyRow } from '../../model/risk';

/** A risk that a change fails on, and the row that carries it, or what approvals leave of it. */
export interface OpenRisk {
  readonly risk: RiskId;
  readonly row: RiskyRow;
}

/** How the risks of a row are approved, as far as they are not: the entries of the file, and the lines of a commit. */
export function approvalAdvice(listing: DiffListing, open: readonly OpenRisk[]): string {
  const named = open.flatMap(({ risk, row }) => namesFor(listing, row).map((at) => ({ risk, at })));
  const entries = named.map(
    ({ risk, at }) =>
      `\`- { risk: ${risk}, ${at === undefined ? '' : `at: '${at}', `}because: WHY, until: 'YYYY-MM-DD' }\``,
  );
  const lines = named.map(
    ({ risk, at }) => `\`Tierwall-Approve: ${risk}${at === undefined ? '' : ` at ${at}`} because WHY\``,
  );
  const file = listing.gate?.approvalsFile ?? usualApprovalsFile;
  return `write ${entries.join(' and ')} into ${file}, or ${lines.join(' and ')} as the last lines of a commit's message`;
}

/** What together names all of a row and the least of others; undefined where nothing does, but an approval of the whole change. */
function namesFor(listing: DiffListing, row: RiskyRow): readonly (string | undefined)[] {
  switch (row.list) {
    case 'connections': {
      const { sources, destinations } = { ...listing.connections[row.index]!, ...row };
      return namesOf(sources.length < destinations.length ? sources : destinations);
    }
    case 'outside':
    case 'isolation':
      return namesOf(row.workloads ?? listing[row.list][row.index]!.workloads);
    case 'possible': {
      const { pods, workloads } = { ...listing.possible[row.index]!, ...row };
      if (workloads.length > 0) return namesOf(workloads);
      return pods.known.length === 1 ? [`${pods.known[0]}/*`] : [undefined];
    }
    case 'exposures': {
      const { workload } = listing.exposures[row.index]!;
      return workload ? namesOf([workload]) : [undefined];
    }
    case 'guarantees':
      return [listing.guarantees[row.index]!.path];
    case 'unread':
      return [undefined];
  }
}

/** Where a row has more workloads, they are named by their namespaces: nobody reads that many entries. */
const mostNames = 5;

function namesOf(workloads: readonly WorkloadRef[]): string[] {
  const isLong = workloads.length > mostNames;
  return [...new Set(workloads.map(({ namespace, name }) => `${namespace}/${isLong ? '*' : name}`))];
}
