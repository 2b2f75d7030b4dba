import { createServer, type Server } from 'node:http';

export interface Endpoint {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Serves each path by asking its function, until the signal. @returns the port, which the system chose if it was 0 @throws what the system says, as where the port is taken */
export async function serveEndpoints(
  { host, port }: { readonly host: string | undefined; readonly port: number },
  endpoints: Readonly<Record<string, () => Endpoint>>,
  signal: AbortSignal,
): Promise<number> {
  const server: Server = createServer((request, response) => {
    const endpoint = Object.hasOwn(endpoints, request.url?.split('?')[0] ?? '')
      ? endpoints[request.url!.split('?')[0]!]
      : undefined;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const answer: Endpoint =
      endpoint && isRead ? endpoint() : { status: endpoint ? 405 : 404, type: 'text/plain', body: '' };
    response.writeHead(answer.status, { 'content-type': answer.type });
    response.end(request.method === 'HEAD' ? '' : answer.body);
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 100;
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen({ port, ...(host ? { host } : {}), signal }, ready);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
