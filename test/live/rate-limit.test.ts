import { expect, test } from 'vitest';
import { RateLimit } from '../../lib/live/rate-limit';

test('a sixth of a minute at once, and no more than a minute in a minute', () => {
  let now = 0;
  const limit = new RateLimit(60, () => now);
  let [taken, atOnce] = [0, 0];
  while (limit.tryTake() === undefined) atOnce++;
  expect(atOnce).toBe(10);
  for (; now < 60_000; now += 100) if (limit.tryTake() === undefined) taken++;
  expect(taken).toBeGreaterThanOrEqual(59);
  expect(taken).toBeLessThanOrEqual(60);
});

test('says how long to wait', () => {
  const limit = new RateLimit(6, () => 0);
  expect([limit.tryTake(), limit.tryTake()]).toEqual([undefined, 10_000]);
});
