import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { App } from 'cdk8s';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handoverOf } from '../../../lib/constructs/handover';
import { synthesize } from '../../../lib/constructs/synthesizer';
import type { Connection } from '../../../lib/model/connection';
import { layOut } from '../../../lib/synth/layout';
import { build, program, type Statement } from '../../support/arbitrary-program';
import { describeWith } from '../support/describe-with';
import { again, drawn } from '../support/drawn';
import { dataplane } from '../support/requirements';
import { tierwall } from '../support/tierwall';
import { synthesized, worldOf } from './app-world';
import { programWorld } from './arbitrary-program-world';
import { type AppOfCluster, appOf } from './declared';
import type { Asked } from './questions';
import type { World } from './world';

const policies = resolve(__dirname, '../../../apps/online-boutique/policies');
const ours = ['--all-namespaces', '--selector=app.kubernetes.io/managed-by=tierwall'];
const defaultDenies = ['delete', 'networkpolicies', ...ours, '--field-selector=metadata.name=tierwall-default-deny'];

/** Ways of bringing a folder of `tierwall synth` into a cluster. */
const ways = [
  ['kubectl apply -k', applyByKubectl],
  ['tierwall apply', applyByTierwall],
] as const;

describeWith(dataplane, 'on a system that talks no declared connection is cut', () => {
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

  test.for(ways)('while default deny and all else is rolled out by %s, nor while it is removed', async ([, apply]) => {
    expect(declared.length).toBeGreaterThan(50);
    expect(await world.cutDuring(declared, () => apply(world, policies, ['staging', 'production']))).toEqual([]);
    expect((await world.disagreements(app.policies, app.declares)).found).toEqual([]);
    const cut = await world.cutDuring(declared, async () => {
      await kubectl(world, ...defaultDenies);
      await kubectl(world, 'delete', 'networkpolicies', ...ours);
    });
    expect(cut).toEqual([]);
    expect((await world.disagreements([], () => 'allowed')).found).toEqual([]);
  });

  test('but is where the default denies come first, or go last', async () => {
    const denies = app.policies.filter(({ metadata }) => metadata.name === 'tierwall-default-deny');
    expect(await world.cutDuring(declared, () => world.apply(denies))).not.toEqual([]);
    await world.apply(app.policies);
    expect(await world.cutDuring(declared, () => world.apply(denies))).not.toEqual([]);
  });
});

describeWith(
  dataplane,
  `while a random program takes the place of another, nothing is cut that both declare (${again})`,
  () => {
    let world: World;
    beforeAll(async () => {
      world = await programWorld();
    });
    afterAll(() => world?.stop());

    const rollouts = drawn(fc.tuple(program, program, program), 8).map((programs, i) => [i + 1, programs] as const);
    describe.for(ways)('by %s', ([, apply]) => {
      test.for(rollouts)('%i', async ([, [kept, gone, added]]) => {
        const before = declaring([...kept, ...gone]);
        const after = declaring([...added, ...kept]);
        const folder = write(after.app, world.plane.keeper.folder('rollout'));
        await world.apply(before.policies);
        const both = declaredBy(world, before).filter(({ connection }) => after.declares(connection) === 'allowed');
        const cut = await world.cutDuring(both, async () => {
          await apply(world, folder, ['prod']);
          await world.apply(after.policies); // deletes what is of the first one only
        });
        expect(cut, JSON.stringify({ kept, gone, added })).toEqual([]);
      });
    });
  },
);

function declaring(statements: readonly Statement[]): AppOfCluster & { readonly app: App } {
  const app = build(statements);
  return { app, ...appOf(synthesize(app), 'default') };
}

function declaredBy(world: World, { declares }: AppOfCluster): Asked[] {
  return world.connections().filter(({ connection }) => isManaged(connection) && declares(connection) === 'allowed');
}

/** What is between strangers is open in any case. */
function isManaged({ source, destination }: Connection): boolean {
  const managed = /^(boutique.*|one|two)$/;
  return [source, destination].some((end) => end.kind === 'pod' && managed.test(end.namespace));
}

/** As `tierwall synth` writes it. */
function write(app: App, folder: string): string {
  for (const [path, text] of layOut([handoverOf(app)])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function applyByKubectl(world: World, folder: string, environments: readonly string[]): Promise<void> {
  for (const name of environments) {
    await kubectl(world, 'apply', '-k', join(folder, name), '--server-side', '--force-conflicts');
  }
}

async function applyByTierwall({ plane }: World, folder: string): Promise<void> {
  const { code, stderr } = await tierwall(plane.kubeconfig(), ['apply', folder, '--prune']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.anything() });
}

async function kubectl({ plane }: World, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
  await promisify(execFile)(plane.kubectl, args, { env });
}
