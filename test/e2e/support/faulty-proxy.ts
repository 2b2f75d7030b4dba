import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { ControlPlane } from './control-plane';

/** What becomes of a request: it reaches the real server, late if asked for, or is answered here, or is never answered, or is cut off. */
export type Fault =
  | { readonly kind: 'none'; readonly delayMs?: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  | { readonly kind: 'silence' }
  | { readonly kind: 'cut' }
  /** The real server does it, and its answer gets lost. */
  | { readonly kind: 'lost-answer' };

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
}

/**
 * A TLS proxy before the real API server, for faults that a healthy server cannot be made to have on demand: overload, failures, and
 * answers that come late, in part or never. Everything else is the server's own.
 */
export class FaultyProxy {
  readonly seen: ProxiedRequest[] = [];
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(
    plane: ControlPlane,
    fault: (request: ProxiedRequest) => Fault | Promise<Fault>,
  ): Promise<FaultyProxy> {
    const cert = readFileSync(plane.caFile);
    const key = readFileSync(plane.caFile.replace(/\.crt$/, '.key'));
    const handler: { current?: FaultyProxy } = {};
    const server = createServer({ cert, key }, (from, to) => {
      const { method = '', url: path = '' } = from;
      handler.current!.seen.push({ method, path });
      void Promise.resolve(fault({ method, path })).then((what) => handler.current!.handle(plane, what, from, to));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    handler.current = new FaultyProxy(server, `https://127.0.0.1:${port}`);
    return handler.current;
  }

  /** Also answers that were under way. */
  cutAll(): void {
    this.server.closeAllConnections();
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private async handle(plane: ControlPlane, what: Fault, from: IncomingMessage, to: ServerResponse): Promise<void> {
    if (what.kind === 'silence') return;
    if (what.kind === 'cut') {
      from.socket.destroy();
      return;
    }
    if (what.kind === 'answer') {
      to.writeHead(what.status, { 'content-type': 'application/json', ...what.headers });
      to.end(what.body ?? JSON.stringify({ kind: 'Status', message: 'a fault that a test made' }));
      return;
    }
    if (what.kind === 'none' && what.delayMs) await wait(what.delayMs);
    const { host: _, ...headers } = from.headers;
    const on = request(`${plane.url}${from.url}`, { method: from.method!, headers, agent: this.agent }, (answer) => {
      if (what.kind === 'lost-answer') {
        answer.resume().on('end', () => from.socket.destroy());
        return;
      }
      to.writeHead(answer.statusCode!, answer.headers);
      to.flushHeaders();
      answer.pipe(to);
      answer.on('error', () => to.destroy());
    });
    on.on('error', () => to.destroy());
    to.on('close', () => on.destroy());
    from.pipe(on);
  }
}
