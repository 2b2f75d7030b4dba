import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Synthesized } from '../../../lib/constructs/synthesizer';
import { describeWith } from '../support/describe-with';
import { dataplane } from '../support/requirements';
import { synthesized, worldOf } from './app-world';
import { appOf } from './declared';
import type { World } from './world';

describeWith(dataplane, 'what the apps declare is what the engine says and what packets do', () => {
  describe.for([
    ['online-boutique', 'default'],
    ['platform', 'default'],
    ['platform', 'recovery'],
  ] as const)('%s, cluster %s', ([name, cluster]) => {
    let world: World;
    let result: Synthesized;
    beforeAll(async () => {
      result = await synthesized(name);
      // Whether replicas may talk to each other is a question of its own.
      world = await worldOf(result, cluster, 2);
    });
    afterAll(() => world?.stop());

    test('before any policy everybody may talk to everybody', async () => {
      const { found } = await world.disagreements([], () => 'allowed');
      expect(found).toEqual([]);
    });

    test('on every port, from and to every workload, and outside', async () => {
      const { policies, declares } = appOf(result, cluster);
      await world.apply(policies);
      const { asked, allowed, found } = await world.disagreements(policies, declares);
      expect(found).toEqual([]);
      expect(allowed).toBeGreaterThan(0);
      expect(allowed).toBeLessThan(asked);
      console.log(`${asked} connections asked, ${allowed} of them allowed`);
    });
  });
});
