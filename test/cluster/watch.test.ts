import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ApiServer } from '../../lib/cluster/api-server';
import { coreResources } from '../../lib/cluster/resources';
import { watchResource } from '../../lib/cluster/watch';

const status = (code: number) => JSON.stringify({ kind: 'Status', code, message: 'no' });

test.for<[string, number, string]>([
  ['ends each watch at once', 200, ''],
  ['takes each version for too old', 200, `{"type":"ERROR","object":${status(410)}}\n`],
  ['takes each version for too old before it answers', 410, status(410)],
])('a server that %s is asked less and less often', async ([, code, body]) => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    const isWatch = request.url!.includes('watch=1');
    response.writeHead(isWatch ? code : 200, { 'content-type': 'application/json' });
    response.end(isWatch ? body : JSON.stringify({ metadata: { resourceVersion: '1' }, items: [] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'watch-'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const text = {
    clusters: [{ name: 'c', cluster: { server: url } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(text));
  const stop = new AbortController();
  const failures: string[] = [];
  const handler = {
    listed: () => {},
    changed: () => {},
    interrupted: (_: unknown, failure?: Error) => void (failure && failures.push(failure.message)),
  };
  try {
    const api = await ApiServer.of({ kubeconfig: 'config', cwd: folder, env: {} });
    const watching = watchResource(api, coreResources[0]!, handler, stop.signal);
    await wait(1_500);
    stop.abort();
    await watching;
  } finally {
    server.close();
    server.closeAllConnections();
  }
  expect(failures[0]).toMatch(/^watch namespaces of cluster c: /);
  expect(asked).toBeLessThan(16);
});
