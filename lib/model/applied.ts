/** What became of one environment that was applied, or was to be. */
export interface AppliedEnvironment {
  readonly environment: string;
  /** The context that it is applied to. */
  readonly cluster: string;
  /** `not-reached`: an environment before it failed. */
  readonly outcome: 'applied' | 'would-apply' | 'check-failed' | 'failed' | 'not-reached';
  /** As in `write shop/tierwall-cart`, in the order in which it was done. */
  readonly steps: readonly AppliedStep[];
  /** What failed, a line each. */
  readonly problems: readonly string[];
}

export interface AppliedStep {
  readonly kind: 'write' | 'copy' | 'delete';
  readonly namespace: string;
  readonly policy: string;
  readonly text: string;
  /** A connection that is allowed before and after, and is not allowed until a later step. */
  readonly cuts?: string;
}
