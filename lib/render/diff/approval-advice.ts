import { type DiffListing, usualApprovalsFile } from '../../model/diff-listing';
import type { RiskId, RiskyRow } from '../../model/risk';

/** How the risks of a row that a change fails on are approved: the entry of the file, and the line of a commit. */
export function approvalAdvice(listing: DiffListing, row: RiskyRow, risks: readonly RiskId[]): string {
  const at = nameFor(listing, row);
  const entries = risks.map(
    (risk) => `\`- { risk: ${risk}, ${at === undefined ? '' : `at: '${at}', `}because: WHY, until: 'YYYY-MM-DD' }\``,
  );
  const lines = risks.map((risk) => `\`Tierwall-Approve: ${risk}${at === undefined ? '' : ` at ${at}`} because WHY\``);
  const file = listing.gate?.approvalsFile ?? usualApprovalsFile;
  return `write ${entries.join(' and ')} into ${file}, or ${lines.join(' and ')} as the last lines of a commit's message`;
}

/** What names all of a row and the least of others; undefined where nothing does. */
function nameFor(listing: DiffListing, { list, index }: RiskyRow): string | undefined {
  switch (list) {
    case 'connections': {
      const { sources, destinations } = listing.connections[index]!;
      const [fewer, more] = sources.length < destinations.length ? [sources, destinations] : [destinations, sources];
      return oneName(fewer) ?? oneName(more);
    }
    case 'outside':
    case 'isolation':
      return oneName(listing[list][index]!.workloads);
    case 'possible': {
      const [only, ...others] = listing.possible[index]!.pods.known;
      return only === undefined || others.length > 0 ? undefined : `${only}/*`;
    }
    case 'exposures': {
      const { workload } = listing.exposures[index]!;
      return workload && oneName([workload]);
    }
    case 'guarantees':
      return listing.guarantees[index]!.path;
    case 'unread':
      return undefined;
  }
}

function oneName(workloads: readonly { readonly namespace: string; readonly name: string }[]): string | undefined {
  const [first, ...others] = workloads;
  if (!first) return undefined;
  if (others.length === 0) return `${first.namespace}/${first.name}`;
  return others.every(({ namespace }) => namespace === first.namespace) ? `${first.namespace}/*` : undefined;
}
