import type { AssertedNetwork, StatedAssertion } from '../recording/asserted';

/**
 * What a run of tests that failed stated, and what earlier ones did beside it: a test that fails, or is not reached, leaves nothing, and may
 * state all the same.
 */
export function withEarlier(now: readonly AssertedNetwork[], earlier: readonly AssertedNetwork[]): AssertedNetwork[] {
  const stated = new Set(now.flatMap((own) => own.assertions.map((one) => keyOf(own, one))));
  const left = earlier.map((own) => ({
    ...own,
    assertions: own.assertions.filter((one) => !stated.has(keyOf(own, one))),
  }));
  return [...now, ...left.filter(({ assertions }) => assertions.length > 0)];
}

function keyOf({ network: { source, profile } }: AssertedNetwork, { test, assertion }: StatedAssertion): string {
  return JSON.stringify([source.app?.name, profile.id, test, assertion]);
}
