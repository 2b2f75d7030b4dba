import { resolve } from 'node:path';
import type { Never } from '../../constructs/never';
import { InputError } from '../../model/issue';
import type { ListedParty, Party, PortText } from '../party';
import { watchObsolete } from '../snapshot/obsolete-snapshots';
import type { RunnerState } from '../snapshot/snapshot-file';
import { toAllow, toBeIsolated, toBeReachableOnlyFrom, toDeny, toReachOnly } from './connections';
import type { MatcherOutcome } from './outcome';
import { type StatedGuarantee, toBeProved, toHold } from './proofs';
import { type ConnectivitySnapshotOptions, toMatchConnectivity, toMatchPolicies } from './snapshots';

/** What tests state of a network, or of some of its pods. Unknown is neither allowed nor denied. */
export interface NetworkMatchers<R = unknown> {
  /** Each connection is allowed for certain. @param ports by default all that the destination declares */
  toAllow(from: Party | readonly Party[], to: Party | readonly Party[], ports?: PortText | readonly PortText[]): R;
  /** No connection is possible. @param ports by default every port of every protocol */
  toDeny(from: Party | readonly Party[], to: Party | readonly Party[], ports?: PortText | readonly PortText[]): R;
  /** Policies select it in both directions, or in the one. */
  toBeIsolated(direction?: 'ingress' | 'egress'): R;
  toBeIsolated(who: Party | readonly Party[], direction?: 'ingress' | 'egress'): R;
  /**
   * It reaches each of these, as in `'shop/cart on grpc'`, on all ports that they declare where none is named; and no other workload, no other pod
   * that could exist and no other address on any port.
   */
  toReachOnly(destinations: readonly ListedParty[]): R;
  toReachOnly(who: Party | readonly Party[], destinations: readonly ListedParty[]): R;
  /** The same for whom it is reachable from; ports, where none is named, are all that it declares itself. */
  toBeReachableOnlyFrom(sources: readonly ListedParty[]): R;
  toBeReachableOnlyFrom(who: Party | readonly Party[], sources: readonly ListedParty[]): R;
  /** Who may talk to whom is as in a file beside the test. Its change is told as connections opened and closed. */
  toMatchConnectivity(options?: ConnectivitySnapshotOptions): R;
  /** The policies are, as YAML, as in a file beside the test. */
  toMatchPolicies(options?: { readonly name?: string }): R;
  /** The policies allow what the code declares and nothing else, over every pod that could exist, and its guarantees hold. */
  toBeProved(): R;
  /** Nothing of the one ever reaches the other, over every pod that could exist. */
  toHold(guarantee: Never | StatedGuarantee): R;
}

/** For `expect.extend(…)` of any runner whose matchers are Jest's: `tierwall/vitest` and `tierwall/jest` do it. */
export const networkMatchers = {
  toAllow: watching(toAllow),
  toDeny: watching(toDeny),
  toBeIsolated: watching(toBeIsolated),
  toReachOnly: watching(toReachOnly),
  toBeReachableOnlyFrom: watching(toBeReachableOnlyFrom),
  toMatchConnectivity: watching(toMatchConnectivity),
  toMatchPolicies: watching(toMatchPolicies),
  toBeProved: watching(toBeProved),
  toHold: watching(toHold),
};

/** The last snapshot of a file may be gone: whatever its tests state of a network is the moment to see to those that are left. */
function watching<Args extends readonly unknown[]>(matcher: (this: RunnerState, ...args: Args) => MatcherOutcome) {
  return function (this: RunnerState, ...args: Args): MatcherOutcome {
    watchObsolete(this);
    try {
      return matcher.call(this, ...args);
    } catch (error) {
      throw error instanceof InputError ? atCaller(error) : error;
    }
  };
}

const ownFolder = resolve(__dirname, '../..');

/** With the lines of the test, of which such an error has none, and without our own: runners show where it was stated. */
function atCaller(error: InputError): InputError {
  const frames = (new Error().stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const those = frames.filter((line) => !line.includes(ownFolder));
  error.stack = [`${error.name}: ${error.message}`, ...those].join('\n');
  return error;
}
