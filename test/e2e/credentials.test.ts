import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clusterRules } from '../../lib/cluster/rbac';
import { ApiClient } from './support/api-client';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { eventually } from './support/eventually';
import { FaultyProxy } from './support/faulty-proxy';
import { apiServer } from './support/requirements';
import { shopFolder } from './support/shop';
import { tierwall } from './support/tierwall';
import { Watching } from './support/watching';

const namespace = 'shop-production';
const pathOf = (name: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;

describeWith(apiServer, 'credentials that expire', () => {
  const folder = shopFolder();
  const policies = join(folder, 'policies');
  const [tokenFile, plugin, runs] = ['token', 'log-in.sh', 'runs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let plane: ControlPlane;
  let proxy: FaultyProxy;
  let account: { readonly name: string; readonly uid: string };
  const watchers: Watching[] = [];

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace(namespace);
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    const { metadata } = await plane.admin.done('POST', accounts, { metadata: { name: 'watcher' } });
    account = metadata;
    await plane.grant('system:serviceaccount:default:watcher', clusterRules('watch', []));
    expect(await tierwall(plane.kubeconfig(), ['apply', policies])).toMatchObject({ code: 0 });
    proxy = await FaultyProxy.before(plane, () => ({ kind: 'none' }));
    // What a cloud's own command does: it says that its token lasts for an hour, whatever the server thinks of that.
    writeFileSync(
      plugin,
      `#!/bin/sh\necho run >> ${runs}\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"2099-01-01T00:00:00Z"}}' "$(cat ${tokenFile})"\n`,
      { mode: 0o755 },
    );
  });
  afterEach(async () => {
    await Promise.all(watchers.splice(0).map((one) => one.stop()));
    expect(await tierwall(plane.kubeconfig(), ['apply', policies])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    proxy?.stop();
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  const give = (seconds: number) => {
    const token = plane.serviceAccountToken(account, seconds);
    writeFileSync(tokenFile, `${token}\n`);
    return token;
  };
  const isExpired = async (token: string) => {
    const client = new ApiClient({ url: plane.url, caFile: plane.caFile, token });
    await eventually(async () => ((await client.ask('GET', '/api')).status === 401 ? true : undefined));
    client.close();
  };
  const logsIn = {
    'a token file': { tokenFile },
    'a command': {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' },
    },
  };
  const watch = async (user: object) => {
    const one = await Watching.start(plane.kubeconfig('admin', { url: proxy.url, user }), [policies]);
    watchers.push(one);
    return one;
  };

  describe.for(Object.entries(logsIn))('from %s', ([, user]) => {
    test('are read again when the server takes them no longer, and a watch goes on without a gap', async () => {
      const first = give(10);
      rmSync(runs, { force: true });
      const watching = await watch(user);
      await isExpired(first);
      give(600);
      // A watch that is under way outlives its token; the next one does not.
      proxy.cutAll();
      await watching.until('credentials-renewed', 'cluster e2e took the credentials no longer: they were read again');
      await plane.admin.done('DELETE', pathOf('tierwall-cart'));
      await watching.until('drift', 'tierwall-cart');
      expect(watching.log.filter(({ event }) => event === 'credentials-renewed')).toHaveLength(1);
      expect(watching.log.filter(({ failure }) => failure === 'unauthorized')).toEqual([]);
      if ('exec' in user) expect(readFileSync(runs, 'utf8')).toBe('run\nrun\n');
    });

    test('are an error that says what to do while there are no others, and it recovers by itself', async () => {
      const only = give(10);
      const watching = await watch(user);
      await isExpired(only);
      proxy.cutAll();
      const interrupted = await watching.until('watch-interrupted', 'Unauthorized (401)');
      expect(interrupted).toMatchObject({
        level: 'error',
        failure: 'unauthorized',
        todo: expect.stringMatching(/^log in again/),
      });
      await plane.admin.done('DELETE', pathOf('tierwall-cart'));
      give(600);
      await watching.until('watch-resumed', 'networkpolicies', 0, 40_000);
      await watching.until('drift', 'tierwall-cart');
      // Each kind that is watched says it once, and so does looking for kinds.
      const said = watching.log.filter(({ failure }) => failure === 'unauthorized').map(({ message }) => message);
      expect(said).toEqual([...new Set(said)]);
    });
  });

  test('a command that fails is told with what it printed', async () => {
    const failing = join(folder, 'failing.sh');
    writeFileSync(failing, '#!/bin/sh\necho "your session has ended" >&2\nexit 1\n', { mode: 0o755 });
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: failing } };
    const ran = await tierwall(plane.kubeconfig('admin', { user }), ['connectivity', '--cluster']);
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/no credentials: your session has ended\s*; log in again/),
    ]);
  });
});
