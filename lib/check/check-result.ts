import type { DiffListing } from '../model/diff-listing';
import type { FindingReport, FoundItem } from '../model/finding-report';

/** What is checked, in this order. */
export const stepIds = ['output', 'proof', 'lint', 'tables', 'change'] as const;
export type StepId = (typeof stepIds)[number];

/** One part of a check, and what came of it. */
export interface CheckStep {
  readonly id: StepId;
  /** `skipped`: it does not apply here, or what it needs failed before. */
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** One line, as in `policies: up to date, 8 policies`. */
  readonly summary: string;
  readonly items: readonly FoundItem[];
}

/** One run of all that gates a change. */
export interface CheckResult {
  /** `failed`: some step did. */
  readonly verdict: 'passed' | 'failed';
  readonly steps: readonly CheckStep[];
  /** The findings of all steps, with every rule that was asked. */
  readonly report: FindingReport;
  /** What the change means, cluster by cluster, where something changed. */
  readonly changes: readonly DiffListing[];
}

export function checkResult(
  steps: readonly CheckStep[],
  { rules, subject }: Pick<FindingReport, 'rules' | 'subject'>,
  listings: readonly DiffListing[],
): CheckResult {
  const verdict = steps.some((step) => step.verdict === 'failed') ? 'failed' : 'passed';
  const items = steps.flatMap((step) => step.items);
  const changes = listings.filter((listing) => listing.verdict !== 'equal');
  return { verdict, steps, report: { command: 'check', rules, subject, items }, changes };
}
