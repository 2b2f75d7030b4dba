import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importCluster } from '../../lib/import/import';
import { policies } from '../support/arbitrary-cluster';
import { policyObject } from '../support/policy-object';
import { importedAgain, inputFrom, textOf } from './imported';

const drawn = policies.filter((list) => list.some(({ pods }) => !pods.isEmpty)).map((list) => list.map(policyObject));
const asText = (objects: readonly object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

test('any policies become an app that means the same, and is the same when its own policies are imported', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (objects) => {
      const input = await inputFrom(asText(objects));
      const result = importCluster(input);
      expect(result.proof.differences).toEqual([]);
      expect(textOf(await importedAgain(input, result))).toBe(textOf(result));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 100) },
  );
});

test('the order of policies changes no byte of the app', async () => {
  const shuffled = drawn.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([objects, others]) => {
      const [one, other] = await Promise.all(
        [objects, others].map(async (list) => importCluster(await inputFrom(asText(list)))),
      );
      expect(textOf(other!)).toBe(textOf(one!));
    }),
    { numRuns: 40 },
  );
});
