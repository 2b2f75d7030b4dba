import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyCommand } from '../../lib/cli/commands/apply';
import { connectivityCommand } from '../../lib/cli/commands/connectivity';
import { driftCommand } from '../../lib/cli/commands/drift';
import { rbacCommand } from '../../lib/cli/commands/rbac';
import type { Io } from '../../lib/cli/io';
import { ownershipLine } from '../../lib/read/ownership-line';
import { applySchema } from '../../lib/render/schema/apply-schema';
import { schemaErrors } from '../support/json-schema';
import { runCommand } from '../support/run-command';

const folder = mkdtempSync(join(tmpdir(), 'live-'));
const policy = (namespace: string) =>
  `${ownershipLine}\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: ${namespace}}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n`;
for (const name of ['staging', 'production']) {
  mkdirSync(join(folder, 'policies', name, 'shop'), { recursive: true });
  writeFileSync(join(folder, 'policies', name, 'shop', 'p.yaml'), policy(`shop-${name}`));
}
mkdirSync(join(folder, 'empty'));
writeFileSync(join(folder, 'kubeconfig'), 'contexts: []');

type Make = Parameters<typeof runCommand>[0];

const run = (make: Make, line: string) =>
  runCommand(make, line.split(' '), folder, { env: { KUBECONFIG: join(folder, 'kubeconfig') } });

describe('commands on a live cluster refuse what cannot be meant', () => {
  test.for<[string, string, Make]>([
    ['policies --cluster', 'manifests are named, and the live cluster too', connectivityCommand],
    ['--kubeconfig kubeconfig', 'an app is read in the folder of its cdk8s.yaml', connectivityCommand],
    ['policies --kubeconfig kubeconfig', '`--kubeconfig` goes with `--cluster`', connectivityCommand],
    ['--cluster', 'the kubeconfig has no current context', connectivityCommand],
    ['policies/production --enforce', '`--enforce` goes with `--watch`', driftCommand],
    ['policies --environment prod', 'there is no environment `prod` in `policies`', driftCommand],
    ['policies/production --watch --prune', '`--prune` goes with `--enforce`', driftCommand],
    ['policies/production --watch -o sarif', '`--watch` prints no sarif', driftCommand],
    ['policies/production --watch --lease x', '`--lease x` is no lease', driftCommand],
    ['policies/production --watch --listen :99999', '`--listen :99999` is no address', driftCommand],
    ['policies/production --watch --enforce --max-writes 0', '`--max-writes 0` is no number of writes', driftCommand],
    ['empty', 'there are no policies of tierwall in `empty`', applyCommand],
    ['policies --environment prod', 'there is no environment `prod`; there are: production, staging', applyCommand],
    ['policies --wave staging --environment staging', '`--wave` already says which environments', applyCommand],
    ['policies --context prod=x', '`--context prod=x` names no environment that is applied', applyCommand],
  ])('`%s`: %s', async ([line, message, make]) => {
    const { code, stderr } = await run(make, line);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('what apply could not do is in its JSON, and the waves after it are not reached', async () => {
  const { code, stdout } = await run(applyCommand, 'policies -o json');
  const { environments } = JSON.parse(stdout);
  expect(schemaErrors(applySchema, JSON.parse(stdout))).toEqual([]);
  expect([code, environments.map((e: { outcome: string }) => e.outcome)]).toEqual([2, ['failed', 'not-reached']]);
  expect(environments[0].problems).toEqual([expect.stringContaining('the kubeconfig has no current context')]);
});

test('the role is printed without a cluster, as YAML and JSON', async () => {
  expect((await run(rbacCommand, '--for watch')).stdout).toMatch(
    /^apiVersion: rbac.*\nkind: ClusterRole\nmetadata:\n {2}name: tierwall-watch\n/,
  );
  expect(JSON.parse((await run(rbacCommand, '--name mine -o json')).stdout).metadata).toEqual({ name: 'mine' });
});

test('`rbac --for` takes the name of every command that asks a live cluster', async () => {
  const commands = readdirSync(join(__dirname, '../../lib/cli/commands')).map((file) => file.replace(/\.ts$/, ''));
  const made = await Promise.all(
    commands.map(async (name) => {
      const module = (await import(`../../lib/cli/commands/${name}.ts`)) as Record<string, unknown>;
      const make = module[`${name}Command`] as Make | undefined;
      return make?.({} as Io, () => {});
    }),
  );
  const live = made.filter((command) => command?.options.some(({ long }) => long === '--context'));
  const names = live.map((command) => command!.name()).filter((name) => name !== 'rbac');
  expect(names).toEqual(expect.arrayContaining(['connectivity', 'explain', 'drift', 'apply', 'import']));
  for (const name of names) {
    expect(await run(rbacCommand, `--for ${name}`)).toMatchObject({ code: 0, stderr: '' });
  }
  expect((await run(rbacCommand, '--for drift')).stdout).toContain('name: tierwall-read\n');
});
