import { type IncomingMessage, request as requestPlain } from 'node:http';
import { type Agent, type RequestOptions, request as requestTls } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { textOf } from '../validation/json-value';
import { ApiFailure, kindOfStatus, kindOfSystemError } from './api-failure';
import { type ClusterChoice, readKubeConfig } from './kube-config';
import { linesOf } from './lines';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  /** What is done, as messages call it: `list pods`. */
  readonly what: string;
  readonly body?: object;
  /** @default application/json */
  readonly type?: string;
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
  /** How long nothing may come of an answer that does not end by itself. @default as for every answer */
  readonly idleMs?: number;
}

export interface ApiLimits {
  /** How long the server may take to answer, and between two pieces of an answer. */
  readonly answerMs: number;
  /** For how long a request that fails for a passing reason is repeated. */
  readonly retryMs: number;
}

const defaultLimits: ApiLimits = { answerMs: 30_000, retryMs: 20_000 };
const longestAnswer = 512 * 1024 * 1024;
const [firstPause, longestPause] = [200, 5_000];

/** The API server of one context: authentication, time limits, and another try after what passes. Every request is safe to repeat. */
export class ApiServer {
  private agent: { readonly agent: Agent; readonly secrets: string } | undefined;

  private constructor(
    /** The context. */
    readonly name: string,
    private readonly config: KubeConfig,
    private readonly limits: ApiLimits,
  ) {}

  /** Reads the kubeconfig; asks nothing of the server yet. @throws InputError for a kubeconfig that cannot be used */
  static async of(choice: ClusterChoice, limits: Partial<ApiLimits> = {}): Promise<ApiServer> {
    const config = await readKubeConfig(choice);
    return new ApiServer(config.getCurrentContext(), config, { ...defaultLimits, ...limits });
  }

  /** The JSON that the server answers. @throws ApiFailure */
  async ask(request: ApiRequest): Promise<unknown> {
    const end = Date.now() + this.limits.retryMs;
    for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
      try {
        return await this.askOnce(request);
      } catch (error) {
        if (!(error instanceof ApiFailure) || !error.isTransient) throw error;
        // Never together with all others that were refused at the same time.
        const asked = (error.retryAfter ?? 0) * 1000;
        const next = Math.max(asked, pause * (0.5 + Math.random() / 2));
        if (Date.now() + next > end) throw error;
        await wait(next, undefined, request.signal ? { signal: request.signal } : {});
      }
    }
  }

  async askOnce(request: ApiRequest): Promise<unknown> {
    const answer = await this.send(request);
    return parsed(await bodyOf(answer, request, this.name), request, this.name);
  }

  /** The lines of an answer that does not end by itself, as they come. @throws ApiFailure when it breaks off */
  async *lines(request: ApiRequest): AsyncGenerator<string> {
    const answer = await this.send(request);
    answer.socket.setKeepAlive(true, 15_000);
    if (request.idleMs !== undefined) answer.socket.setTimeout(request.idleMs);
    try {
      yield* linesOf(answer);
    } catch (error) {
      throw this.broken(request, error);
    } finally {
      answer.destroy();
    }
  }

  /** @throws ApiFailure for every answer that is no success */
  private async send(request: ApiRequest): Promise<IncomingMessage> {
    const answer = await this.answerOf(request);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const text = await bodyOf(answer, request, this.name);
    const retryAfter = Number(answer.headers['retry-after']);
    throw new ApiFailure(
      kindOfStatus(status),
      `${request.what} of cluster ${this.name}`,
      messageOf(text) || answer.statusMessage || 'no reason is given',
      status,
      Number.isFinite(retryAfter) ? retryAfter : undefined,
    );
  }

  private async answerOf(request: ApiRequest): Promise<IncomingMessage> {
    const { method, path, body, type = 'application/json', signal } = request;
    const server = this.config.getCurrentCluster()!.server.replace(/\/$/, '');
    const options = await this.optionsFor(request);
    const text = body && JSON.stringify(body);
    const url = new URL(server + path);
    const send = url.protocol === 'http:' ? requestPlain : requestTls;
    return new Promise((resolve, reject) => {
      const outgoing = send(
        url,
        {
          ...options,
          method,
          ...(signal ? { signal } : {}),
          timeout: this.limits.answerMs,
          headers: {
            ...options.headers,
            accept: 'application/json',
            'user-agent': 'tierwall',
            ...(text ? { 'content-type': type, 'content-length': Buffer.byteLength(text) } : {}),
          },
        },
        resolve,
      );
      outgoing.on('timeout', () => outgoing.destroy(new ApiFailure('timed-out', this.called(request), this.tooSlow())));
      outgoing.on('error', (error) => reject(this.broken(request, error)));
      outgoing.end(text);
    });
  }

  /** Credentials are asked for each time, as they may have been renewed; connections are kept while they stay the same. */
  private async optionsFor(request: ApiRequest): Promise<RequestOptions> {
    const options: RequestOptions = {};
    try {
      await this.config.applyToHTTPSOptions(options as Parameters<KubeConfig['applyToHTTPSOptions']>[0]);
    } catch (error) {
      throw new ApiFailure('unauthorized', this.called(request), `no credentials: ${(error as Error).message}`);
    }
    const secrets = [options.ca, options.cert, options.key].join('\n');
    if (this.agent?.secrets !== secrets) {
      const agent = options.agent as Agent & { keepAlive?: boolean };
      agent.keepAlive = true;
      this.agent = { agent, secrets };
    }
    return { ...options, agent: this.agent.agent };
  }

  private broken(request: ApiRequest, error: unknown): Error {
    if (error instanceof ApiFailure || request.signal?.aborted) return error as Error;
    const { code, message, errors } = error as NodeJS.ErrnoException & { readonly errors?: readonly Error[] };
    // Of a name with several addresses each attempt has an error of its own, and they have no message in common.
    const detail = message || errors?.map((one) => one.message).join('; ') || String(code);
    return new ApiFailure(kindOfSystemError(code), this.called(request), detail);
  }

  private called({ what }: ApiRequest): string {
    return `${what} of cluster ${this.name}`;
  }

  private tooSlow(): string {
    return `no answer within ${this.limits.answerMs / 1000} s`;
  }
}

async function bodyOf(answer: IncomingMessage, { what }: ApiRequest, name: string): Promise<string> {
  const blocks: Buffer[] = [];
  let length = 0;
  try {
    for await (const block of answer as AsyncIterable<Buffer>) {
      length += block.length;
      if (length > longestAnswer)
        throw new ApiFailure('refused', `${what} of cluster ${name}`, 'the answer is too long');
      blocks.push(block);
    }
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    throw new ApiFailure(
      'unreachable',
      `${what} of cluster ${name}`,
      `the answer broke off: ${(error as Error).message}`,
    );
  }
  return Buffer.concat(blocks).toString('utf8');
}

function parsed(text: string, { what }: ApiRequest, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiFailure('refused', `${what} of cluster ${name}`, 'the answer is no JSON; is this an API server?');
  }
}

/** What a Status object says; empty for anything else. */
function messageOf(text: string): string {
  try {
    return textOf((JSON.parse(text) as { message?: unknown }).message);
  } catch {
    return text.trim().slice(0, 300);
  }
}
