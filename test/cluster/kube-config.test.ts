import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { readKubeConfig } from '../../lib/cluster/kube-config';
import { problemsOfAsync } from '../read/reading';

const folder = mkdtempSync(join(tmpdir(), 'kube-config-'));

function config(name: string, ...contexts: readonly string[]): string {
  const file = join(folder, name);
  const text = {
    clusters: contexts.map((c) => ({ name: c, cluster: { server: `https://${name}.${c}.example` } })),
    users: contexts.map((c) => ({ name: c, user: { token: 'secret' } })),
    contexts: contexts.map((c) => ({ name: c, context: { cluster: c, user: c } })),
    'current-context': contexts[0],
  };
  writeFileSync(file, JSON.stringify(text));
  return file;
}

const [one, two] = [config('one', 'dev'), config('two', 'prod', 'dev')];
const absent = join(folder, 'absent');
const servers = async (choice: { context?: string; kubeconfig?: string; env?: NodeJS.ProcessEnv }) => {
  const read = await readKubeConfig({ cwd: folder, env: {}, ...choice });
  return [read.getCurrentContext(), read.getCurrentCluster()?.server];
};

test('the files of KUBECONFIG are one: of entries of one name the first one counts, and files that are not there are none', async () => {
  const env = { KUBECONFIG: [absent, one, two].join(delimiter) };
  expect(await servers({ env })).toEqual(['dev', 'https://one.dev.example']);
  expect(await servers({ env, context: 'prod' })).toEqual(['prod', 'https://two.prod.example']);
});

test('a file that is named comes before KUBECONFIG', async () => {
  expect(await servers({ kubeconfig: 'two', env: { KUBECONFIG: one } })).toEqual(['prod', 'https://two.prod.example']);
});

test('a context that is not there, a file that is not there, and no file at all are mistakes that say what to do', async () => {
  expect(await problemsOfAsync(() => servers({ kubeconfig: 'two', context: 'stage' }))).toEqual([
    'the kubeconfig has no context `stage`; there are: prod, dev',
  ]);
  expect(await problemsOfAsync(() => servers({ kubeconfig: 'absent' }))).toEqual([
    `there is no kubeconfig: \`${absent}\`; give \`--kubeconfig\`, set KUBECONFIG, or run in a pod with a service account`,
  ]);
  expect(await problemsOfAsync(() => servers({ env: { HOME: '/nowhere' } }))).toEqual([
    'there is no kubeconfig: `/nowhere/.kube/config`; give `--kubeconfig`, set KUBECONFIG, or run in a pod with a service account',
  ]);
});

test('what is no kubeconfig is a mistake at its file', async () => {
  writeFileSync(join(folder, 'bad'), 'clusters: [{}]');
  expect((await problemsOfAsync(() => servers({ kubeconfig: 'bad' })))[0]).toContain('bad: this is no kubeconfig: ');
});

test.for<[string, object, string]>([
  ['groups', { 'as-groups': ['g'] }, '`as-groups`, `as-uid` or `as-user-extra`, and no `as`'],
  ['a uid', { 'as-uid': '7' }, '`as-groups`, `as-uid` or `as-user-extra`, and no `as`'],
  ['further fields', { 'as-user-extra': { a: ['b'] } }, '`as-groups`, `as-uid` or `as-user-extra`, and no `as`'],
  ['groups that are no list', { as: 'a', 'as-groups': 'g' }, '`as-groups` of user `u` is no list of texts'],
])(
  'to ask as another one with %s alone is refused, as the server would take it as from the user itself',
  async ([, user, message]) => {
    const cluster = { name: 'c', cluster: { server: 'https://c.example' } };
    const contexts = [{ name: 'c', context: { cluster: 'c', user: 'u' } }];
    const text = { clusters: [cluster], users: [{ name: 'u', user }], contexts, 'current-context': 'c' };
    writeFileSync(join(folder, 'as'), JSON.stringify(text));
    expect((await problemsOfAsync(() => servers({ kubeconfig: 'as' })))[0]).toContain(message);
  },
);
