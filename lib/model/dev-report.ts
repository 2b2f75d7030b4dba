/** A statement of a test that does not hold any more. */
export interface FailedStatement {
  readonly test: string;
  /** As in `toDeny('shop/web', 'shop/db')`. */
  readonly statement: string;
  readonly failures: readonly string[];
  /** Of the first failure: why, and what would change it. */
  readonly explanation: string;
}

/** What statements come to. */
export interface JudgedStatements {
  readonly passed: number;
  readonly failed: readonly FailedStatement[];
}

/** One that fails in a report. */
export interface ToldStatement extends FailedStatement {
  /** `earlier`: it failed in the same way at the last save at which the app could be synthesized. */
  readonly since: 'now' | 'earlier';
}

/** What a save came to: plain data. */
export interface DevReport {
  /** Files that were saved; none the first time. */
  readonly saved: readonly string[];
  /** From the save to this report, without waiting for more saves. */
  readonly milliseconds: number;
  /** What keeps the app from being synthesized, guarantees that are broken among it; what follows is then that of before. */
  readonly mistakes: readonly string[];
  /** Against what was there before the save. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly tests: {
    readonly passed: number;
    readonly failed: readonly ToldStatement[];
    /**
     * The last run of the command that runs tests; `none`: there is no such command. Where it `failed`, statements of it and of earlier runs are
     * judged, and what tests state now is not known.
     */
    readonly run: 'none' | 'running' | 'passed' | 'failed';
  };
  readonly findings: { readonly count: number; readonly added: readonly string[]; readonly gone: number };
}
