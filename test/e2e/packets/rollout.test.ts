import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handoverOf } from '../../../lib/constructs/handover';
import { synthesize } from '../../../lib/constructs/synthesizer';
import type { Connection } from '../../../lib/model/connection';
import { layOut } from '../../../lib/synth/layout';
import { build, program } from '../../support/arbitrary-program';
import { describeWith } from '../support/describe-with';
import { dataplane } from '../support/requirements';
import { synthesized, worldOf } from './app-world';
import { programWorld } from './arbitrary-program-world';
import { type AppOfCluster, appOf } from './declared';
import type { Asked, World } from './world';

const policies = resolve(__dirname, '../../../apps/online-boutique/policies');
const environments = ['staging', 'production'].map((name) => join(policies, name));
const ours = ['--all-namespaces', '--selector=app.kubernetes.io/managed-by=tierwall'];
const defaultDenies = ['delete', 'networkpolicies', ...ours, '--field-selector=metadata.name=tierwall-default-deny'];

describeWith(
  dataplane,
  'while policies are rolled out onto a system that talks, and removed, no declared connection is cut',
  () => {
    let world: World;
    let app: AppOfCluster;
    let declared: readonly Asked[];
    beforeAll(async () => {
      const result = await synthesized('online-boutique');
      world = await worldOf(result, 'default', 1);
      app = appOf(result, 'default');
      declared = declaredBy(world, app);
    });
    afterAll(() => world?.stop());

    test('default deny with everything else, by kubectl apply -k', async () => {
      expect(declared.length).toBeGreaterThan(50);
      const cut = await world.cutDuring(declared, async () => {
        for (const folder of environments) await kubectl(world, 'apply', '-k', folder, '--server-side');
      });
      expect(cut).toEqual([]);
      expect((await world.disagreements(app.policies, app.declares)).found).toEqual([]);
    });

    test('all of it removed, the default denies first', async () => {
      const cut = await world.cutDuring(declared, async () => {
        await kubectl(world, ...defaultDenies);
        await kubectl(world, 'delete', 'networkpolicies', ...ours);
      });
      expect(cut).toEqual([]);
      expect((await world.disagreements([], () => 'allowed')).found).toEqual([]);
    });

    test('the default denies first is seen to be cut, and last to be removed as well', async () => {
      const denies = app.policies.filter(({ metadata }) => metadata.name === 'tierwall-default-deny');
      expect(await world.cutDuring(declared, () => world.apply(denies))).not.toEqual([]);
      await world.apply(app.policies);
      expect(await world.cutDuring(declared, () => world.apply(denies))).not.toEqual([]);
    });
  },
);

describeWith(
  dataplane,
  'while one random program takes the place of another, no connection that both declare is cut',
  () => {
    let world: World;
    beforeAll(async () => {
      world = await programWorld();
    });
    afterAll(() => world?.stop());

    const pairs = fc.sample(fc.tuple(program, program), 10).map((pair, i) => [i + 1, pair] as const);
    test.for(pairs)('%i: applied by kubectl, then what is gone is deleted', async ([, [before, after]]) => {
      const [old, next] = [before, after].map((statements) => appOf(synthesize(build(statements)), 'default')) as [
        AppOfCluster,
        AppOfCluster,
      ];
      const folder = write(build(after), world.plane.keeper.folder('rollout'));
      await world.apply(old.policies);
      const both = declaredBy(world, old).filter(({ connection }) => next.declares(connection) === 'allowed');
      const cut = await world.cutDuring(both, async () => {
        await kubectl(world, 'apply', '-k', folder, '--server-side', '--force-conflicts');
        await world.apply(next.policies); // deletes what only the old one has
      });
      expect({ before, after, cut }).toEqual({ before, after, cut: [] });
    });
  },
);

function declaredBy(world: World, { declares }: AppOfCluster): Asked[] {
  return world
    .connections(world.engines([]))
    .filter(({ connection }) => isManaged(connection) && declares(connection) === 'allowed');
}

/** What is between strangers is open in any case. */
function isManaged({ source, destination }: Connection): boolean {
  const managed = /^(boutique.*|one|two)$/;
  return [source, destination].some((end) => end.kind === 'pod' && managed.test(end.namespace));
}

/** As `tierwall synth` writes it. Returns the environment's folder. */
function write(app: Parameters<typeof handoverOf>[0], folder: string): string {
  for (const [path, text] of layOut([handoverOf(app)])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return join(folder, 'prod');
}

async function kubectl({ plane }: World, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
  await promisify(execFile)(plane.kubectl, args, { env });
}
