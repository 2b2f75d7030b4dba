import { createHash } from 'node:crypto';
import type { Cause, DiffListing } from '../../model/diff-listing';
import type { RuleDescriptor, Severity } from '../../model/finding';
import type { FindingReport, FoundItem } from '../../model/finding-report';
import { type RiskId, type RiskyRow, riskIds, riskMeanings } from '../../model/risk';
import type { Terms } from '../connectivity/ends';
import { counted } from '../connectivity/visible-text';
import { approvalAdvice } from './approval-advice';
import { causeText, riskyRowText, type Sign, shownRow, termsOf } from './words';

const severities: Readonly<Record<RiskId, Severity>> = {
  internet: 'error',
  'isolation-lost': 'error',
  'guarantee-lost': 'error',
  'cross-environment': 'error',
  'cross-team': 'warning',
  exposure: 'warning',
  unknown: 'warning',
  widened: 'warning',
  narrowed: 'info',
};

/** The gravest first: a row is one finding, of the first of its risks. */
const byGravity: readonly RiskId[] = [...riskIds].sort((a, b) => rank(a) - rank(b));

function rank(id: RiskId): number {
  return Object.keys(severities).indexOf(id);
}

const hint = 'see that it is meant; if it is, approve it, else take it back at the place that is named';

/** The risks of the changes in each cluster of an app. */
export function findingsOfDiffs(listings: readonly DiffListing[]): FindingReport {
  const [first, ...others] = listings.map((listing) => findingsOfDiff(listing)) as [FindingReport, ...FindingReport[]];
  const all = [first, ...others];
  const subject = others.length === 0 ? first.subject : `${all.length} clusters`;
  return { ...first, items: all.flatMap(({ items }) => items), subject };
}

/**
 * The risks of a change as findings, as code scanning takes them: one for each row that carries any, by the gravest of them.
 * @param asked the risks that count. @default all
 */
export function findingsOfDiff(listing: DiffListing, asked: readonly string[] = byGravity): FindingReport {
  const terms = termsOf(listing);
  const rows = new Map<string, { readonly row: RiskyRow; readonly risks: RiskId[] }>();
  for (const id of byGravity.filter((risk) => asked.includes(risk))) {
    for (const row of listing.risks.find((risk) => risk.id === id)?.rows ?? []) {
      const key = `${row.list} ${row.index}`;
      const known = rows.get(key);
      if (!known) rows.set(key, { row, risks: [id] });
      else if (!known.risks.includes(id)) known.risks.push(id);
    }
  }
  const items = [...rows.values()].map(({ row, risks }): FoundItem => {
    const isSame = (other: RiskyRow) => other.list === row.list && other.index === row.index;
    const open = risks.flatMap((id) => {
      const part = listing.gate?.open.find((one) => one.risk === id)?.rows.find(isSame);
      return part ? [{ risk: id, row: part }] : [];
    });
    const told = open.length > 0 ? open.map((risky) => risky.risk) : risks;
    const [risk, ...others] = told as [RiskId, ...RiskId[]];
    const also = others.length > 0 ? ` (also ${others.join(', ')})` : '';
    const where = listing.cluster === undefined ? '' : `, in cluster ${listing.cluster}`;
    const textOf = (part: RiskyRow) => `${rowText(listing, part, terms)}${also}${where}`;
    const whole = { list: row.list, index: row.index };
    // Where several risks are left of several parts, all of it.
    const left = [...new Set(open.map((risky) => textOf(risky.row)))];
    const causes = causesOf(listing, row);
    const [first, ...related] = [...causes].sort((a, b) => (a.side < b.side ? -1 : a.side > b.side ? 1 : 0));
    const failing = open.filter((risky) => listing.gate?.failures.some((failure) => failure.risk === risky.risk));
    const approved = listing.gate?.approved.find(({ approval, rows }) => approval.risk === risk && rows.some(isSame));
    return {
      rule: risk,
      severity: severities[risk],
      message: left.length === 1 ? left[0]! : textOf(whole),
      hint:
        failing.length > 0
          ? `take it back at the place that is named; or, if it is meant, ${approvalAdvice(listing, failing)}`
          : hint,
      place: first?.place ?? {},
      excerpt: [],
      related: related.map((cause) => ({ text: causeText(cause), place: cause.place })),
      edits: [],
      fingerprint: createHash('sha256')
        .update([risk, row.list, textOf(whole)].join('\0'))
        .digest('hex')
        .slice(0, 32),
      ...(approved && open.length === 0 ? { suppressed: { by: 'baseline', reason: approved.approval.because } } : {}),
    };
  });
  const { before, after } = listing.totals;
  return {
    command: 'diff',
    rules: [...riskIds].sort().map(descriptorOf),
    items: items.sort((a, b) => rank(a.rule as RiskId) - rank(b.rule as RiskId)),
    subject: `${counted(before.policies, 'policy', 'policies')} before and ${after.policies} after`,
  };
}

function descriptorOf(id: RiskId): RuleDescriptor {
  const why =
    'A change of policies is reviewed by what it means for who may talk to whom, which its text does not show.';
  return { id, group: 'diff', severity: severities[id], wrong: riskMeanings[id], why, todo: hint, references: [] };
}

const changeWords: Readonly<Record<Sign, string>> = {
  '+': 'more is let through',
  '-': 'less is let through',
  '~': 'other ports are let through',
  '?': 'it is less certain what is let through',
};

/** A row, or what of it carries a risk, as a finding says it. */
function rowText(listing: DiffListing, row: RiskyRow, terms: Terms): string {
  switch (row.list) {
    case 'connections':
    case 'outside': {
      const { sign, from, to, ports } = shownRow(listing, { ...row, list: row.list }, terms);
      const names = (list: typeof from) => {
        const rest = list.length - 3;
        return [...list.slice(0, 3).map(({ text }) => text), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
      };
      return `${changeWords[sign]} from ${names(from)} to ${names(to)}: ${ports.join(' ')}`;
    }
    case 'possible': {
      const more = listing.possible[row.index]!.kind === 'gained' ? 'more' : 'less';
      return `${more} is let through for any pod that could exist: ${riskyRowText(listing, row, terms)}`;
    }
    default:
      return riskyRowText(listing, row, terms);
  }
}

function causesOf(listing: DiffListing, { list, index }: RiskyRow): readonly Cause[] {
  switch (list) {
    case 'exposures':
    case 'guarantees':
      return [{ kind: 'workload', side: 'after', name: '', place: listing[list][index]!.place }];
    case 'unread':
      return [{ kind: 'unread', side: 'after', name: '', place: listing.unread.after[index]!.place }];
    default:
      return listing[list][index]!.causes;
  }
}
