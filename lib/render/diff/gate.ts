import type { Approval, DiffListing } from '../../model/diff-listing';
import { type RiskId, type RiskyRow, riskMeanings } from '../../model/risk';
import type { Terms } from '../connectivity/ends';
import { firstFew, placeText } from '../connectivity/statements';
import { counted } from '../connectivity/visible-text';
import { riskyRowText, termsOf } from './words';

/** A statement, and what belongs to it. */
export interface GateText {
  readonly text: string;
  readonly details: readonly string[];
}

/** Rows that are not approved, where others are; more are counted. */
const mostRows = 10;

/** Why a change may not pass, and what approvals come to. */
export function gateTexts(listing: DiffListing): GateText[] {
  if (!listing.gate) return [];
  const { failures, approved, open, idle } = listing.gate;
  const given = new Set([...approved, ...idle].map(({ approval }) => approval.risk));
  const terms = termsOf(listing);
  const leftOf = (risk: RiskId) => {
    const rows = given.has(risk) ? (open.find((left) => left.risk === risk)?.rows ?? []) : [];
    const rest = rows.length - mostRows;
    return [
      ...rows
        .slice(0, mostRows)
        .map((row) => `not approved: ${riskyRowText(listing, row, terms)}${wayToApprove(listing, row, terms)}`),
      ...(rest > 0 ? [`and ${counted(rest, 'more row')}`] : []),
    ];
  };
  return [
    ...failures.flatMap(({ risk, count, budget }): GateText[] => {
      if (risk === 'any') return given.size > 0 ? [anyText] : [];
      const allowed = budget > 0 ? `, and ${budget.toLocaleString('en-US')} may pass` : '';
      const text = `fails on ${risk} (${count.toLocaleString('en-US')}${allowed}): ${riskMeanings[risk]}`;
      return [{ text, details: leftOf(risk) }];
    }),
    ...approved.map(({ approval, count }) => {
      const covered = count > 0 ? count.toLocaleString('en-US') : 'a part of what has to be';
      return { text: `approved: ${approvalText(approval)}; covers ${covered}`, details: [] };
    }),
    ...idle.map(({ approval, why, nearest }) => {
      const question = nearest ? `; ${nearest}` : '';
      return {
        text: `an approval of no effect, ${idleText(listing, approval, why)}: ${approvalText(approval)}${question}`,
        details: [],
      };
    }),
  ];
}

const anyText: GateText = {
  text: 'fails on any: the meaning changes; approvals count where risks are named, by `--fail-on` or `diff.failOn`',
  details: [],
};

function idleText({ risks }: DiffListing, { risk, at }: Approval, why: 'ended' | 'unused'): string {
  if (why === 'ended') return 'since its day is over';
  if (at === undefined || !risks.some(({ id }) => id === risk)) return `since the change has no such risk`;
  return `since nothing that it names has this risk, or others cover it`;
}

/** What an approval has to name, where it is not the workloads that the row shows. */
function wayToApprove(listing: DiffListing, row: RiskyRow, terms: Terms): string {
  if (row.list === 'unread') return '; approved only without `at`';
  if (row.list !== 'possible') return '';
  const { pods, workloads } = listing.possible[row.index]!;
  const names =
    workloads.length > 0
      ? terms.of(row.workloads ?? workloads).map(({ text }) => text)
      : pods.known.map((name) => `${name}/*`);
  return `; approved at ${firstFew(names)}`;
}

/** As in `internet at shop/web until 2026-12-31, because public shop (tierwall.approvals.yaml)`. */
function approvalText({ risk, at, until, because, place }: Approval): string {
  const where = placeText(place);
  return `${risk}${at ? ` at ${at}` : ''}${until ? ` until ${until}` : ''}, because ${because}${where && ` (${where})`}`;
}
