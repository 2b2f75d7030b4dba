import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConnectProxy } from './support/connect-proxy';
import { ControlPlane } from './support/control-plane';
import { describeWith } from './support/describe-with';
import { apiServer } from './support/requirements';
import { shopFolder } from './support/shop';
import { tierwall } from './support/tierwall';
import { Watching } from './support/watching';

describeWith(apiServer, 'a cluster behind a proxy', () => {
  const folder = shopFolder();
  const policies = join(folder, 'policies');
  let plane: ControlPlane;
  const proxies: ConnectProxy[] = [];

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.namespace('shop-production');
  });
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.stop();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  const start = async (credentials?: string) => {
    const proxy = await ConnectProxy.start(credentials);
    proxies.push(proxy);
    return proxy;
  };
  // The name is the proxy's to resolve; the certificate is the server's, of 127.0.0.1.
  const server = () => `https://kubernetes.test:${new URL(plane.url).port}`;
  const kubeconfig = (cluster = {}) =>
    plane.kubeconfig('admin', { url: server(), cluster: { 'tls-server-name': 'kubernetes', ...cluster } });

  test('is reached by `proxy-url` of the kubeconfig: read, written and watched', async () => {
    const proxy = await start('alice:se cret');
    const config = kubeconfig({ 'proxy-url': `http://alice:se%20cret@127.0.0.1:${proxy.port}` });
    expect(await tierwall(config, ['apply', policies])).toMatchObject({ code: 0, stderr: '' });
    expect(await tierwall(config, ['drift', policies])).toMatchObject({ code: 0 });
    const watching = await Watching.start(config, [policies]);
    const path = '/apis/networking.k8s.io/v1/namespaces/shop-production/networkpolicies/tierwall-web';
    await plane.admin.done('DELETE', path);
    await watching.until('drift', 'tierwall-web');
    await watching.stop();
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(server()).host]));
  });

  test('is reached by HTTPS_PROXY, unless NO_PROXY names it', async () => {
    const proxy = await start();
    const HTTPS_PROXY = `127.0.0.1:${proxy.port}`;
    const ask = (env: NodeJS.ProcessEnv) => tierwall(kubeconfig(), ['connectivity', '--cluster'], undefined, '', env);
    expect(await ask({ HTTPS_PROXY })).toMatchObject({ code: 0, stderr: '' });
    expect(proxy.asked.length).toBeGreaterThan(0);
    proxy.asked.length = 0;
    const excepted = await ask({ HTTPS_PROXY, NO_PROXY: '.test' });
    expect([excepted.code, excepted.stderr]).toEqual([2, expect.stringContaining('kubernetes.test')]);
    expect(proxy.asked).toEqual([]);
  });

  test('is an error that names the proxy, without its password, where that lets nobody through', async () => {
    const proxy = await start('alice:secret');
    const config = kubeconfig({ 'proxy-url': `http://alice:wrong@127.0.0.1:${proxy.port}` });
    const { code, stderr } = await tierwall(config, ['connectivity', '--cluster']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`407 (by the proxy http://127.0.0.1:${proxy.port})`)]);
    expect(stderr).not.toContain('wrong');
    const nonsense = await tierwall(kubeconfig({ 'proxy-url': 'ftp://proxy' }), ['connectivity', '--cluster']);
    expect([nonsense.code, nonsense.stderr]).toEqual([
      2,
      expect.stringContaining('`proxy-url` of the kubeconfig is no proxy: `ftp://proxy`'),
    ]);
  });
});
