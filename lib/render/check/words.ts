/** What a step is about. */
export const stepTitles: Readonly<Record<string, string>> = {
  output: 'committed output',
  proof: 'proof and guarantees',
  lint: 'lint',
  tables: 'tables',
  change: 'what the change means',
};

export type Verdict = 'passed' | 'failed' | 'skipped';

/** The part of a step that is shown. */
export interface ShownStep {
  readonly id: string;
  readonly verdict: Verdict;
  readonly summary: string;
}
