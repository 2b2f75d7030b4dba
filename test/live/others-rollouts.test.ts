import { expect, test } from 'vitest';
import { OthersRollouts } from '../../lib/live/others-rollouts';

/** How many seconds of an hour a namespace is left alone, with copies in those seconds in which they are said to be there. */
function heldSeconds(isThere: (second: number) => boolean): number {
  let second = 0;
  const others = new OthersRollouts(() => second * 1_000);
  let held = 0;
  for (; second < 3_600; second++) {
    const { ms = 0 } = others.pause('shop', isThere(second) ? ['copy'] : []) ?? {};
    held += Math.min(1, ms / 1_000);
  }
  return held;
}

test.for<[string, (second: number) => boolean]>([
  ['that stay', () => true],
  ['that are made anew as soon as they are deleted', (second) => second % 61 > 0],
  ['that come and go', (second) => second % 2 > 0],
])('copies %s hold up a minute, and no more than a tenth of the time', ([, isThere]) => {
  expect(heldSeconds(isThere)).toBeLessThanOrEqual(60 + 3_600 / 10);
});

test('a namespace is left alone for each roll-out that takes seconds, one after the other', () => {
  expect(heldSeconds((second) => second % 120 < 5)).toBe(30 * 5);
});
