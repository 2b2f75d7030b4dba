import type { ListedUnread } from './connectivity-listing';
import type { ListedRule } from './reach-listing';

/** A policy or a rule that can be removed without changing what is allowed, over every pod that could exist. */
export interface ListedRedundant extends ListedRule {
  /**
   * `covered`: others isolate its pods and allow what it allows. `matches-nothing`: no pod and no connection can fit it.
   * `open-anyway`: without it nothing isolates its pods, and everything is allowed either way.
   */
  readonly why: 'covered' | 'matches-nothing' | 'open-anyway';
  /** Policies that cover a policy, rules that cover a rule; empty unless it is covered. None of them can be removed itself. */
  readonly coveredBy: readonly ListedRule[];
  /** `unknown`: a policy of a kind that is not read decides for the same pods, and may depend on this one. */
  readonly decision: 'certain' | 'unknown';
}

/** Two rules that allow some of the same connections, of which neither can be removed. */
export interface ListedOverlap {
  readonly first: ListedRule;
  readonly second: ListedRule;
  /** Ports on which they do, written as in a listing of connections. */
  readonly ports: readonly string[];
}

/** What policies say more than once: plain data in an order that does not depend on that of the input. */
export interface RedundancyListing {
  /** Of the whole input. */
  readonly totals: { readonly namespaces: number; readonly policies: number; readonly rules: number };
  /** All of these can go at once, and the rules below with them. */
  readonly policies: readonly ListedRedundant[];
  /** Rules of policies that stay. */
  readonly rules: readonly ListedRedundant[];
  /** Undefined where they were not asked for. */
  readonly overlaps?: readonly ListedOverlap[];
  /** How many overlaps are left out; undefined where all are listed. */
  readonly overlapsCut?: 'some';
  /** `unknown` where policies of a kind that is not read could change what can go. */
  readonly decision: 'certain' | 'unknown';
  readonly unread: readonly ListedUnread[];
}
