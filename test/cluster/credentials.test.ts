import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Credentials } from '../../lib/cluster/credentials';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
const file = (name: string, text: string, mode = 0o600) => {
  writeFileSync(join(folder, name), text, { mode });
  return join(folder, name);
};
const config = (user: object, server = 'https://one.example') =>
  file(
    'kubeconfig',
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: ['a', 'b'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
      'current-context': 'a',
    }),
  );
const credentials = async () => {
  const said: string[] = [];
  const read = await Credentials.of({ kubeconfig: 'kubeconfig', cwd: folder, env: {} }, (m) => void said.push(m));
  return { read, said };
};
const bearer = async (read: Credentials) => (await read.options()).headers;

test('a token is read from the file that the kubeconfig names, seen from there, without the line break at its end', async () => {
  file('token', 'secret\n');
  config({ token: 'of before', tokenFile: 'token' });
  expect(await bearer((await credentials()).read)).toEqual({ Authorization: 'Bearer secret' });
});

test('who asks as another one does so with groups, uid and all else that the kubeconfig says', async () => {
  config({ token: 't', as: 'zoe', 'as-groups': ['a', 'b'], 'as-uid': '7', 'as-user-extra': { 'x/y': ['1'] } });
  expect(await bearer((await credentials()).read)).toEqual({
    Authorization: 'Bearer t',
    'Impersonate-User': 'zoe',
    'Impersonate-Group': ['a', 'b'],
    'Impersonate-Uid': '7',
    'Impersonate-Extra-x%2Fy': ['1'],
  });
});

test('a server without TLS, as `kubectl proxy`, is asked', async () => {
  config({}, 'http://127.0.0.1:8001');
  expect(await bearer((await credentials()).read)).toEqual({});
});

test('a command that logs in is run once for requests at the same time', async () => {
  const command = file(
    'log-in',
    `#!/bin/sh\necho >> ${join(folder, 'runs')}\necho '{"status":{"token":"secret"}}'\n`,
    0o700,
  );
  config({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command } });
  const { read } = await credentials();
  expect(await Promise.all([bearer(read), bearer(read)])).toEqual(Array(2).fill({ Authorization: 'Bearer secret' }));
  expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('\n');
});

test('a command that fails is asked again by the next request', async () => {
  const command = file('log-in', `#!/bin/sh\n[ -e ${join(folder, 'up')} ] && echo '{"status":{"token":"t"}}'\n`, 0o700);
  config({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command } });
  const { read } = await credentials();
  await expect(bearer(read)).rejects.toThrow();
  file('up', '');
  expect(await bearer(read)).toEqual({ Authorization: 'Bearer t' });
});

describe('those that the server refused', () => {
  afterEach(() => void vi.useRealTimers());
  const later = () => vi.setSystemTime(Date.now() + 6_000);

  test('are read again with the kubeconfig, by its context of before, and that is said once', async () => {
    config({ token: 'old' });
    const { read, said } = await credentials();
    const old = await read.options();
    config({ token: 'new' });
    later();
    expect(await Promise.all([read.renew(old), read.renew(old)])).toEqual([true, true]);
    expect(await bearer(read)).toEqual({ Authorization: 'Bearer new' });
    expect(said).toEqual(['cluster a took the credentials no longer: they were read again']);
  });

  test('are not replaced by those of another server, nor by what is no kubeconfig', async () => {
    config({ token: 'old' });
    const { read, said } = await credentials();
    const old = await read.options();
    config({ token: 'new' }, 'https://two.example');
    later();
    expect(await read.renew(old)).toBe(false);
    file('kubeconfig', '{');
    later();
    expect(await read.renew(old)).toBe(false);
    expect([await bearer(read), said]).toEqual([{ Authorization: 'Bearer old' }, []]);
  });
});
