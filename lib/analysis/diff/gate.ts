import type { WorkloadRef } from '../../model/connectivity-listing';
import type { Approval, DiffGate, DiffListing } from '../../model/diff-listing';
import { matcherOf } from '../../model/name-pattern';
import { type RiskId, type RiskyRow, riskIds } from '../../model/risk';
import { weightOf } from './risks';

/** What a change may bring about. */
export interface GateRules {
  /** `any`: the meaning must be the same. */
  readonly failOn: readonly (RiskId | 'any')[];
  /** How much of a risk may pass, in the unit in which risks are counted. @default 0 for those that are failed on; any amount of others */
  readonly budgets: Readonly<Partial<Record<RiskId, number>>>;
}

/** Whether a change may pass. @param today by which approvals end, `2026-12-31` */
export function judgeDiff(
  listing: DiffListing,
  { failOn, budgets }: GateRules,
  approvals: readonly Approval[],
  today: string,
): DiffGate {
  const live = approvals.filter(({ until }) => until === undefined || today <= until);
  const used = new Map<Approval, RiskyRow[]>();
  const open = new Map<RiskId, RiskyRow[]>();
  for (const { id, rows } of listing.risks) {
    for (const row of rows) {
      const approval = live.find((given) => given.risk === id && covers(given, row, listing));
      if (approval) used.set(approval, [...(used.get(approval) ?? []), row]);
      else open.set(id, [...(open.get(id) ?? []), row]);
    }
  }
  const asked = riskIds.filter((id) => failOn.includes(id) || budgets[id] !== undefined);
  const over = asked
    .map((risk) => ({ risk, count: weightOf(listing, open.get(risk) ?? []), budget: budgets[risk] ?? 0 }))
    .filter(({ count, budget }) => count > budget);
  const isChanged = failOn.includes('any') && listing.verdict !== 'equal';
  const failures = [...(isChanged ? [{ risk: 'any' as const, count: 1, budget: 0 }] : []), ...over];
  return {
    verdict: failures.length > 0 ? 'failed' : 'passed',
    failures,
    approved: [...used].map(([approval, rows]) => ({ approval, count: weightOf(listing, rows), rows })),
    idle: approvals
      .filter((approval) => !used.has(approval))
      .map((approval) => ({ approval, why: live.includes(approval) ? 'unused' : 'ended' })),
  };
}

/** Whether an approval is about all of a row: what is more than its workloads is not approved by it. */
function covers({ at }: Approval, { list, index }: RiskyRow, listing: DiffListing): boolean {
  if (at === undefined) return true;
  const fits = matcherOf(at);
  const all = (refs: readonly WorkloadRef[]) =>
    refs.length > 0 && refs.every(({ namespace, name }) => fits(`${namespace}/${name}`));
  switch (list) {
    case 'connections': {
      const { sources, destinations } = listing.connections[index]!;
      return all(sources) || all(destinations);
    }
    case 'outside':
    case 'isolation':
      return all(listing[list][index]!.workloads);
    case 'exposures': {
      const { workload } = listing.exposures[index]!;
      return workload !== undefined && all([workload]);
    }
    case 'possible':
      // Pods of a whole namespace are covered by what names all of it.
      return listing.possible[index]!.pods.known.every((namespace) => at === `${namespace}/*`);
    case 'guarantees':
      return fits(listing.guarantees[index]!.path);
    case 'unread':
      return false;
  }
}
