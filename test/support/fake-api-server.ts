import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from '../../lib/cluster/api-server';

/** Asks an API server, called `c`, that gives these answers, and ends it. */
export async function withApiServer<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  ask: (api: ApiServer) => Promise<T>,
): Promise<T> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'api-server-'));
  const config = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(config));
  const limits = { answerMs: 500, retryMs: 100 };
  try {
    return await ask(await ApiServer.of({ kubeconfig: 'config', cwd: folder, env: {} }, limits));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
