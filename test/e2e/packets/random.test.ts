import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { synthesize } from '../../../lib/constructs/synthesizer';
import { build, names, program } from '../../support/arbitrary-program';
import { pod } from '../../support/program';
import { describeWith } from '../support/describe-with';
import { dataplane } from '../support/requirements';
import { arbitraryPolicies, namespaces, outside, pods, ports } from './arbitrary-policies';
import { appOf } from './declared';
import { World } from './world';

/** The pods of the random programs, each service's, an unnamed one, and a stranger; no range of them holds their addresses. */
const programPods = [
  ...names.map((name, i) => ({ namespace: i < 3 ? 'one' : 'two', name, labels: pod(name).labels! })),
  { namespace: 'one', name: 'unnamed', labels: { 'app.kubernetes.io/name': 'unnamed' } },
  { namespace: 'other', name: 'stranger', labels: {} },
  { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' } },
].map((one, i) => ({ ...one, address: `172.20.0.${i + 1}` }));

describeWith(dataplane, 'random programs: what is declared is what the engine says and what packets do', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      namespaces: [...new Set(programPods.map(({ namespace }) => namespace))].map((name) => ({ name })),
      pods: programPods,
      outside: ['10.1.0.1', '10.2.0.1', '8.8.8.8'],
      ports: { TCP: [53, 80, 90, 91, 1000], UDP: [53, 80] },
    });
  });
  afterAll(() => world?.stop());

  test.for(fc.sample(program, 25).map((statements, i) => [i + 1, statements] as const))(
    '%i',
    async ([, statements]) => {
      const { policies, declares } = appOf(synthesize(build(statements)), 'default');
      await world.apply(policies);
      const { found } = await world.disagreements(policies, declares);
      expect({ statements, found }).toEqual({ statements, found: [] });
    },
  );
});

describeWith(dataplane, 'random policies: what the engine says is what packets do', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ namespaces, pods, outside, ports });
  });
  afterAll(() => world?.stop());

  test.for(fc.sample(arbitraryPolicies, 50).map((policies, i) => [i + 1, policies] as const))(
    '%i',
    async ([, policies]) => {
      await world.apply(policies);
      const { found } = await world.disagreements(policies, 'what the engine says');
      expect({ policies, found }).toEqual({ policies, found: [] });
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
