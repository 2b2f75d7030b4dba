import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

export interface Answer {
  readonly status: number;
  /** The texts of the Warning headers, which is how the server says what it accepts unwillingly. */
  readonly warnings: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
  readonly body: any;
}

export interface Credentials {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** As little of a client as asks a server thousands of things quickly: connections are kept, and nothing is read into an answer. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #credentials: Credentials;

  constructor(credentials: Credentials, connections = 8) {
    this.#credentials = credentials;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: connections,
      ca: readFileSync(credentials.caFile),
      noDelay: true,
    });
  }

  /** @throws if no answer comes */
  ask(method: Method, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> {
    const { url, token } = this.#credentials;
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, { method, headers, agent: this.#agent, timeout: 60_000 }, (received) => {
        const chunks: Buffer[] = [];
        received.on('data', (chunk: Buffer) => chunks.push(chunk));
        received.on('error', reject);
        received.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          const isJson = received.headers['content-type']?.startsWith('application/json');
          resolve({
            status: received.statusCode!,
            warnings: warningsOf(received.headers.warning),
            body: isJson ? JSON.parse(answer) : answer,
          });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** The answer's body. @throws unless the server did it */
  async done(method: Method, path: string, body?: unknown, contentType?: string): Promise<Answer['body']> {
    const answer = await this.ask(method, path, body, contentType);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body?.message ?? answer.body}`);
    return answer.body;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** `299 - "text"`, several of them in one header, quotes and backslashes within a text escaped. */
function warningsOf(header: string | undefined): string[] {
  return [...(header ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!.replace(/\\(.)/g, '$1'));
}
