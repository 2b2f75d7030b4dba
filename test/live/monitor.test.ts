import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type LogRecord, Monitor } from '../../lib/live/monitor';
import { clusterOfTexts } from '../../lib/read/cluster';
import { answerJson, withApiServer } from '../support/fake-api-server';

afterEach(() => void vi.useRealTimers());

/** Runs a monitor of a server that answers so, and what is asked of it meanwhile. */
function monitored<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  ask: (monitor: Monitor, log: readonly LogRecord[]) => Promise<T>,
): Promise<T> {
  return withApiServer(answer, async (api) => {
    const stop = new AbortController();
    const log: LogRecord[] = [];
    const monitor = new Monitor({
      api,
      intended: { cluster: clusterOfTexts([]), declaredAt: () => undefined, intentsOf: () => [] },
      identity: 'one',
      events: 'none',
      log: (record) => void log.push(record),
      signal: stop.signal,
    });
    const running = monitor.run();
    try {
      return await ask(monitor, log);
    } finally {
      stop.abort();
      await running;
    }
  });
}

/** Of a monitor of a server that answers lists with this status, once it has found that out, and a minute later. */
function health(status: { readonly discovery: number; readonly lists: number }): Promise<number[]> {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const isDiscovery = request.url === '/apis';
    response.writeHead(isDiscovery ? status.discovery : status.lists, { 'content-type': 'application/json' });
    response.end(isDiscovery ? '{"groups":[]}' : '{}');
  };
  return monitored(answer, async (monitor, log) => {
    await vi.waitUntil(() => log.length > 0, 5_000);
    const now = monitor.endpoints['/healthz']().status;
    vi.setSystemTime(Date.now() + 61_000);
    return [now, monitor.endpoints['/healthz']().status];
  });
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

describe('a kind that nobody here knows, and that calls itself a network policy', () => {
  const group = 'example.com';
  const kind = { name: 'supernetworkpolicies', kind: 'SuperNetworkPolicy', verbs: ['list'] };

  test.for([
    ['whose role does not let it be listed', 403, 403, 'at once'],
    ['whose objects the server cannot convert', 500, 500, 'at once'],
    ['that cannot be watched', 200, 405, 'at once'],
    ['for which its own API server does not answer', 504, 504, 'in a minute'],
    ['that is listed, and fails to be watched', 200, 500, 'in a minute'],
  ] as const)('%s leaves open what it does, and the rest is watched', async ([, lists, watches, when]) => {
    const answer = ({ url }: IncomingMessage, response: ServerResponse) => {
      const isWatch = url!.includes('watch=1');
      if (url === '/apis')
        answerJson(response, 200, { groups: [{ name: group, preferredVersion: { version: 'v1' } }] });
      else if (url === `/apis/${group}/v1`) answerJson(response, 200, { resources: [kind] });
      else if (url!.startsWith(`/apis/${group}/`) && (isWatch ? watches : lists) !== 200)
        answerJson(response, isWatch ? watches : lists, { kind: 'Status', message: 'no' });
      else if (isWatch) response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      else answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [] });
    };
    await monitored(answer, async (monitor, log) => {
      const said = (event: string) => log.filter((record) => record.event === event);
      if (when === 'in a minute') {
        await vi.waitUntil(() => said('watch-interrupted').length > 0, 8_000);
        expect(said('synced')).toEqual([]);
        vi.setSystemTime(Date.now() + 61_000);
      }
      await vi.waitUntil(() => said('synced').length > 0 && said('drift').length > 0, 8_000);
      expect(said('drift')).toMatchObject([
        { rule: 'no-unread-policy', message: expect.stringContaining('SuperNetworkPolicy') },
      ]);
      expect(said('watch-interrupted')).toHaveLength(1);
      expect(monitor.endpoints['/readyz']().status).toBe(200);
      vi.setSystemTime(Date.now() + 61_000);
      expect(monitor.endpoints['/healthz']().status).toBe(200);
    });
  });
});
