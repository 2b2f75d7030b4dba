import type { Approval, DiffGate, DiffListing } from '../../model/diff-listing';
import { type RiskId, type RiskyRow, riskIds } from '../../model/risk';
import { weightOfPart, wholeRow, withoutApproved } from './approved-part';

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
  const used = new Map<Approval, { count: number; rows: RiskyRow[] }>();
  const open = new Map(
    listing.risks.map(({ id, rows }) => {
      const given = live.filter(({ risk }) => risk === id);
      return [id, rows.flatMap((row) => leftOf(row, listing, given, used))] as const;
    }),
  );
  const countOf = (risk: RiskId) => (open.get(risk) ?? []).reduce((sum, { weight }) => sum + weight, 0);
  const asked = riskIds.filter((id) => failOn.includes(id) || budgets[id] !== undefined);
  const over = asked
    .map((risk) => ({ risk, count: countOf(risk), budget: budgets[risk] ?? 0 }))
    .filter(({ count, budget }) => count > budget);
  const isChanged = failOn.includes('any') && listing.verdict !== 'equal';
  const failures = [...(isChanged ? [{ risk: 'any' as const, count: 1, budget: 0 }] : []), ...over];
  return {
    verdict: failures.length > 0 ? 'failed' : 'passed',
    failures,
    approved: [...used].map(([approval, covered]) => ({ approval, ...covered })),
    open: [...open]
      .filter(([, rows]) => rows.length > 0)
      .map(([risk, rows]) => ({ risk, count: countOf(risk), rows: rows.map(({ row }) => row) })),
    idle: approvals
      .filter((approval) => !used.has(approval))
      .map((approval) => ({ approval, why: live.includes(approval) ? 'unused' : 'ended' })),
  };
}

/** What of a row approvals leave, if anything, noting what each of them covers. */
function leftOf(
  row: RiskyRow,
  listing: DiffListing,
  approvals: readonly Approval[],
  used: Map<Approval, { count: number; rows: RiskyRow[] }>,
): { readonly row: RiskyRow; readonly weight: number }[] {
  const whole = wholeRow(listing, row);
  let part = whole;
  let weight = weightOfPart(whole, row, listing);
  for (const approval of approvals) {
    const left = withoutApproved(part, approval, row, listing);
    const rest = left ? weightOfPart(left, row, listing) : 0;
    if (left !== part) {
      const known = used.get(approval) ?? { count: 0, rows: [] };
      used.set(approval, { count: known.count + weight - rest, rows: [...known.rows, row] });
    }
    if (!left) return [];
    [part, weight] = [left, rest];
  }
  return [{ row: part === whole ? row : { ...row, ...part }, weight }];
}
