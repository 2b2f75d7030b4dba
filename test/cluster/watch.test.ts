import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { coreResources } from '../../lib/cluster/resources';
import { watchResource } from '../../lib/cluster/watch';
import { withApiServer } from '../support/fake-api-server';

const status = (code: number) => JSON.stringify({ kind: 'Status', code, message: 'no' });

test.for<[string, number, string]>([
  ['ends each watch at once', 200, ''],
  ['takes each version for too old', 200, `{"type":"ERROR","object":${status(410)}}\n`],
  ['takes each version for too old before it answers', 410, status(410)],
])('a server that %s is asked less and less often', async ([, code, body]) => {
  let asked = 0;
  const stop = new AbortController();
  const failures: string[] = [];
  const handler = {
    listed: () => {},
    changed: () => {},
    interrupted: (_: unknown, failure?: Error) => void (failure && failures.push(failure.message)),
  };
  await withApiServer(
    (request, response) => {
      asked++;
      const isWatch = request.url!.includes('watch=1');
      response.writeHead(isWatch ? code : 200, { 'content-type': 'application/json' });
      response.end(isWatch ? body : JSON.stringify({ metadata: { resourceVersion: '1' }, items: [] }));
    },
    async (api) => {
      const watching = watchResource(api, coreResources[0]!, handler, stop.signal);
      await wait(1_500);
      stop.abort();
      await watching;
    },
  );
  expect(failures[0]).toMatch(/^watch namespaces of cluster c: /);
  expect(asked).toBeLessThan(16);
});
