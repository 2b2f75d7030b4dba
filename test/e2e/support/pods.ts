import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { built } from './binaries';
import type { Keeper } from './keeper';

/** Those that are sent: the kernel may lack SCTP. */
export type Transport = 'TCP' | 'UDP';

export interface Probe {
  /** The name of a namespace. */
  readonly from: string;
  /** An address. */
  readonly to: string;
  /** Of ICMP none. */
  readonly port: number;
  readonly protocol: Transport | 'ICMP';
}

/** How a conversation went: connections tried, and what failed, with the time. */
export interface Said {
  readonly times: number;
  readonly failures: readonly string[] | null;
}

interface Actions {
  /** Makes a network namespace; answers with a path by which `nsenter` and `ip` find it. */
  namespace: (with_: { name: string }) => string;
  /** Runs a command in a namespace; answers with what it prints. */
  run: (with_: { in: string; command: readonly string[]; input?: string }) => string;
  serve: (with_: { in: string; protocol: Transport; ports: readonly number[] }) => null;
  /** Makes a port of the loopback device of this process the same port of a namespace's. */
  relay: (with_: { to: string; port: number }) => null;
  /** For each the name of the namespace that answered, `refused` where nobody listens, `unreachable` without a route, `echo` for ICMP, or an empty text if nothing came back. */
  probe: (with_: { probes: readonly Probe[]; timeoutMs: number }) => string[];
  talk: (with_: { talks: readonly Probe[]; everyMs: number }) => null;
  hush: (with_: Record<string, never>) => Said[];
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Network namespaces that listen, ask and talk as pods would: the program in `../pods`. */
export class Pods {
  readonly #child = spawn(join(built('pods'), 'pods'), { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(keeper: Keeper) {
    keeper.process(this.#child);
    createInterface(this.#child.stdout).on('line', (line) => {
      const { id, value, error } = JSON.parse(line);
      const { resolve, reject } = this.#waiting.get(id)!;
      this.#waiting.delete(id);
      if (error === undefined) resolve(value as never);
      else reject(new Error(error));
    });
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the process of the pods has ended'));
    });
  }

  do<A extends keyof Actions>(action: A, asked: Parameters<Actions[A]>[0]): Promise<ReturnType<Actions[A]>> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, do: action, with: asked })}\n`);
    });
  }
}
