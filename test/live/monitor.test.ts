import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiServer } from '../../lib/cluster/api-server';
import { type LogRecord, Monitor } from '../../lib/live/monitor';
import { clusterOfTexts } from '../../lib/read/cluster';

afterEach(() => void vi.useRealTimers());

/** A monitor of a server that answers lists with this status, once it has found that out, and what its health is then and a minute later. */
async function health(status: { readonly discovery: number; readonly lists: number }): Promise<number[]> {
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/apis';
    response.writeHead(isDiscovery ? status.discovery : status.lists, { 'content-type': 'application/json' });
    response.end(isDiscovery ? '{"groups":[]}' : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'monitor-'));
  const text = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(text));
  const stop = new AbortController();
  const log: LogRecord[] = [];
  const limits = { answerMs: 500, retryMs: 100 };
  const monitor = new Monitor({
    api: await ApiServer.of({ kubeconfig: 'config', cwd: folder, env: {} }, limits),
    intended: { cluster: clusterOfTexts([]), declaredAt: () => undefined, intentsOf: () => [] },
    identity: 'one',
    events: 'none',
    log: (record) => void log.push(record),
    signal: stop.signal,
  });
  const running = monitor.run();
  try {
    await vi.waitUntil(() => log.length > 0, 5_000);
    const now = monitor.endpoints['/healthz']().status;
    vi.setSystemTime(Date.now() + 61_000);
    return [now, monitor.endpoints['/healthz']().status];
  } finally {
    stop.abort();
    await running;
    server.close();
    server.closeAllConnections();
  }
}

describe('a monitor is not healthy after a minute', () => {
  test.for([
    ['that never learns what the server serves', { discovery: 500, lists: 200 }],
    ['that cannot watch since the server fails', { discovery: 200, lists: 500 }],
  ] as const)('%s', async ([, status]) => expect(await health(status)).toEqual([200, 503]));
});

test('a monitor whose role lets it not watch is healthy, as a new start would change nothing', async () => {
  expect(await health({ discovery: 200, lists: 403 })).toEqual([200, 200]);
});
