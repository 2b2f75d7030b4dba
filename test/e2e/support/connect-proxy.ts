import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that knows CONNECT alone, and takes every host for the machine itself. */
export class ConnectProxy {
  /** What was asked for, as `host:port`. */
  readonly asked: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param credentials without these, as `user:password`, it answers 407 */
  static async start(credentials?: string): Promise<ConnectProxy> {
    const server = createServer((_, answer) => answer.writeHead(405).end());
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const proxy = new ConnectProxy(server, (server.address() as AddressInfo).port);
    const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    server.on('connect', ({ url = '', headers }, client: Socket, head: Buffer) => {
      proxy.asked.push(url);
      if (headers['proxy-authorization'] !== expected) {
        client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const upstream = connect(Number(url.split(':').pop()), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) {
        proxy.sockets.add(socket);
        socket.on('error', () => {}).on('close', () => [client, upstream].map((one) => one.destroy()));
      }
    });
    return proxy;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
