import fc from 'fast-check';

/** Other values at each run, unless it is to be the run again that found something. */
const seed = Number(process.env.E2E_SEED) || Date.now() % 2 ** 31;

/** For the name of a test on drawn values: how to have the same ones again. */
export const again = `again with E2E_SEED=${seed}`;

/** So many values. */
export function drawn<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed });
}
