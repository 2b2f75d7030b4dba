import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiServer } from '../../lib/cluster/api-server';
import { Monitor } from '../../lib/live/monitor';
import { clusterOfTexts } from '../../lib/read/cluster';

afterEach(() => void vi.useRealTimers());

test('a monitor that never learns what the server serves is not healthy after a while', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-'));
  const text = {
    clusters: [{ name: 'c', cluster: { server: 'https://c.example' } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(text));
  const monitor = new Monitor({
    api: await ApiServer.of({ kubeconfig: 'config', cwd: folder, env: {} }),
    intended: { cluster: clusterOfTexts([]), declaredAt: () => undefined, intentsOf: () => [] },
    identity: 'one',
    events: 'none',
    log: () => {},
    signal: new AbortController().signal,
  });
  const health = () => monitor.endpoints['/healthz']().status;
  expect(health()).toBe(200);
  vi.setSystemTime(Date.now() + 61_000);
  expect(health()).toBe(503);
});
