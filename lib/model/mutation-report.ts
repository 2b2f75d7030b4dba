import type { ListedPlace } from './connectivity-listing';

/** A change that no test notices. */
export interface Survivor {
  /** As in `widen-port`. */
  readonly operator: string;
  /** As in `shop/cart ingress[0]`, or the policy alone. */
  readonly changed: string;
  readonly place: ListedPlace;
  /** Of an app, the lines of the code that the rule comes from; of a policy as a whole, of what it is written for. */
  readonly code: readonly { readonly file: string; readonly line: number }[];
  /** As in `if shop/cart ingress[0] let in every pod of shop, not only pods app=frontend of shop`. */
  readonly what: string;
  /** One connection that it opens or closes, as in `shop/batch → shop/cart on 7070/TCP`. */
  readonly connection: string;
  readonly effect: 'opened' | 'closed';
  /** The test that would notice, the same of changes that one test notices; empty where no test can. */
  readonly test: string;
  /**
   * `snapshot`: a snapshot would differ, which is no statement of what is meant. `by-no-test`: it makes a difference only to what is left open before or after
   * it, by the plugin or by pods that are not known and call another number by a port's name, or to nodes that no selector picks: no test states that, and holds.
   */
  readonly noticed: 'never' | 'snapshot' | 'by-no-test';
}

export interface OperatorCount {
  readonly operator: string;
  readonly noticed: number;
  readonly survived: number;
  readonly equivalent: number;
}

/** How many changes of policies tests notice: plain data. */
export interface MutationReport {
  /** Changes that open or close some connection, or break what a test states of isolation. */
  readonly mutants: number;
  readonly noticed: number;
  /** Changes that alter no connection, whatever pods exist: they are not counted. */
  readonly equivalent: number;
  readonly survivors: readonly Survivor[];
  readonly operators: readonly OperatorCount[];
  /** What tests state, taken apart. */
  readonly claims: number;
  /** Policies of namespaces in which policies of a kind decide that is not read: they are not changed. */
  readonly unread: readonly string[];
  /** Clusters of the app that no test is about: their policies are not changed. */
  readonly untested: readonly string[];
  /** Of making and judging the changes. */
  readonly cpuSeconds: number;
}
