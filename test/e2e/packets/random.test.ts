import { afterAll, beforeAll, expect, test } from 'vitest';
import { synthesize } from '../../../lib/constructs/synthesizer';
import { build, program } from '../../support/arbitrary-program';
import { describeWith } from '../support/describe-with';
import { again, drawn } from '../support/drawn';
import { dataplane } from '../support/requirements';
import { arbitraryPolicies, namespaces, outside, pods, ports } from './arbitrary-policies';
import { programWorld } from './arbitrary-program-world';
import { appOf } from './declared';
import { World } from './world';

describeWith(
  dataplane,
  `random programs: what is declared is what the engine says and what packets do (${again})`,
  () => {
    let world: World;
    beforeAll(async () => {
      world = await programWorld();
    });
    afterAll(() => world?.stop());

    test.for(drawn(program, 25).map((statements, i) => [i + 1, statements] as const))('%i', async ([, statements]) => {
      const { policies, declares } = appOf(synthesize(build(statements)), 'default');
      await world.apply(policies);
      const { found } = await world.disagreements(policies, declares);
      expect(found, JSON.stringify(statements)).toEqual([]);
    });
  },
);

describeWith(dataplane, `random policies: what the engine says is what packets do (${again})`, () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ namespaces, pods, outside, ports });
  });
  afterAll(() => world?.stop());

  test.for(drawn(arbitraryPolicies, 50).map((policies, i) => [i + 1, policies] as const))(
    '%i',
    async ([, policies]) => {
      await world.apply(policies);
      const { found } = await world.disagreements(policies, 'what the engine says');
      expect(found, JSON.stringify(policies)).toEqual([]);
    },
  );

  test('a policy that is not there is seen, and one that is too much', async () => {
    const head = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny', namespace: 'a' },
    };
    const denied = [{ ...head, spec: { podSelector: {}, policyTypes: ['Ingress'] } }];
    await world.apply(denied);
    expect((await world.disagreements([], 'what the engine says')).found).toContain(
      'b/xx to a/xx 80/TCP: no answer, but allowed',
    );
    await world.apply([]);
    expect((await world.disagreements(denied, 'what the engine says')).found).toContain(
      'b/xx to a/xx 80/TCP: an answer by a/xx, but denied',
    );
  });

  test('a dead Felix is seen, which leaves open what it should deny', async () => {
    await world.dataplane.felix.stop();
    await expect(world.apply([])).rejects.toThrow('felix');
  });
});
