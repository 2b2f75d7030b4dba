import { type IncomingMessage, request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestTls } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { textOf } from '../validation/json-value';
import { ApiFailure, kindOfStatus, kindOfSystemError } from './api-failure';
import { Credentials } from './credentials';
import type { ClusterChoice } from './kube-config';
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
  private constructor(
    private readonly credentials: Credentials,
    private readonly limits: ApiLimits,
  ) {}

  /**
   * Reads the kubeconfig; asks nothing of the server yet.
   * @param renewed called when credentials that the server refused were replaced by others
   * @throws InputError for a kubeconfig that cannot be used
   */
  static async of(
    choice: ClusterChoice,
    limits: Partial<ApiLimits> = {},
    renewed: (message: string) => void = () => {},
  ): Promise<ApiServer> {
    return new ApiServer(await Credentials.of(choice, renewed), { ...defaultLimits, ...limits });
  }

  /** The context. */
  get name(): string {
    return this.credentials.context;
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

  /**
   * The lines of an answer that does not end by itself, as they come.
   * @param answered called when it begins, which may be long before the first line
   * @throws ApiFailure when it breaks off
   */
  async *lines(request: ApiRequest, answered: () => void): AsyncGenerator<string> {
    const answer = await this.send(request);
    answered();
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
    const options = await this.withCredentials(request, () => this.credentials.options());
    const answer = await this.answerOf(request, options);
    if (isSuccess(answer)) return answer;
    const failure = await this.failureOf(request, answer);
    if (failure.kind !== 'unauthorized') throw failure;
    if (!(await this.withCredentials(request, () => this.credentials.renew(options)))) throw failure;
    const again = await this.answerOf(request, await this.credentials.options());
    if (isSuccess(again)) return again;
    throw await this.failureOf(request, again);
  }

  private async failureOf(request: ApiRequest, answer: IncomingMessage): Promise<ApiFailure> {
    const status = answer.statusCode ?? 0;
    const text = await bodyOf(answer, request, this.name);
    const retryAfter = Number(answer.headers['retry-after']);
    return new ApiFailure(
      kindOfStatus(status),
      this.called(request),
      messageOf(text) || answer.statusMessage || 'no reason is given',
      status,
      Number.isFinite(retryAfter) ? retryAfter : undefined,
    );
  }

  private answerOf(request: ApiRequest, options: RequestOptions): Promise<IncomingMessage> {
    const { method, path, body, type = 'application/json', signal } = request;
    const text = body && JSON.stringify(body);
    const url = new URL(this.credentials.server + path);
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

  private async withCredentials<T>(request: ApiRequest, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new ApiFailure('unauthorized', this.called(request), `no credentials: ${(error as Error).message}`);
    }
  }

  private broken(request: ApiRequest, error: unknown): Error {
    if (error instanceof ApiFailure || request.signal?.aborted) return error as Error;
    const { code, message, errors } = error as NodeJS.ErrnoException & { readonly errors?: readonly Error[] };
    // Of a name with several addresses each attempt has an error of its own, and they have no message in common.
    const detail = message || errors?.map((one) => one.message).join('; ') || String(code);
    const { proxy } = this.credentials;
    const by = proxy ? ` (by the proxy ${proxy})` : '';
    return new ApiFailure(kindOfSystemError(code), this.called(request), `${detail}${by}`);
  }

  private called({ what }: ApiRequest): string {
    return `${what} of cluster ${this.name}`;
  }

  private tooSlow(): string {
    return `no answer within ${this.limits.answerMs / 1000} s`;
  }
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
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
