import type { Agent, RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { InputError } from '../model/issue';
import { impersonationHeaders } from './impersonation';
import { type ClusterChoice, readKubeConfig } from './kube-config';

/** As long as client-go, too, takes what it read from a file for what is there. */
const freshMs = 60_000;
/** So often at most, while a server refuses them, they are read again: that may run a command. */
const leastMs = 5_000;

/**
 * How to send requests to the server of one context, and as whom. All requests share it, so that a command that logs in is run once for
 * all of them.
 */
export class Credentials {
  private reading: { readonly options: Promise<RequestOptions>; readonly at: number } | undefined;
  private renewing: Promise<void> | undefined;
  private agent: { readonly agent: Agent; readonly secrets: string } | undefined;

  private constructor(
    private config: KubeConfig,
    private readonly choice: ClusterChoice,
    private readonly renewed: (message: string) => void,
  ) {}

  /** @throws InputError for a kubeconfig that cannot be used */
  static async of(choice: ClusterChoice, renewed: (message: string) => void): Promise<Credentials> {
    const config = await readKubeConfig(choice);
    // Whatever becomes the current context meanwhile.
    return new Credentials(config, { ...choice, context: config.getCurrentContext() }, renewed);
  }

  get context(): string {
    return this.config.getCurrentContext();
  }

  get server(): string {
    return this.config.getCurrentCluster()!.server.replace(/\/$/, '');
  }

  /** The proxy that requests go through, without its password. */
  get proxy(): string | undefined {
    return this.config.getCurrentCluster()!.proxyUrl?.replace(/\/\/[^/]*@/, '//');
  }

  /** @throws Error where they cannot be had, as for a command that fails */
  async options(): Promise<RequestOptions> {
    if (!this.reading || Date.now() - this.reading.at > freshMs) this.read();
    const { reading } = this;
    try {
      return await reading!.options;
    } catch (error) {
      if (this.reading === reading) this.reading = undefined;
      throw error;
    }
  }

  /**
   * Reads the kubeconfig again, and what it names: the server may refuse credentials before the time at which they say that they end.
   * @returns whether there are others than those that were refused
   * @throws Error as {@link options}
   */
  async renew(refused: RequestOptions): Promise<boolean> {
    this.renewing ??= this.readAgain(refused).finally(() => {
      this.renewing = undefined;
    });
    await this.renewing;
    return isOther(await this.options(), refused);
  }

  private async readAgain(refused: RequestOptions): Promise<void> {
    if (this.reading && Date.now() - this.reading.at < leastMs) return;
    try {
      const config = await readKubeConfig(this.choice);
      // Not those of another server, which the context may name by now.
      if (config.getCurrentCluster()!.server === this.config.getCurrentCluster()!.server) this.config = config;
    } catch (error) {
      // Somebody may be writing it.
      if (!(error instanceof InputError)) throw error;
    }
    this.read();
    if (isOther(await this.options(), refused))
      this.renewed(`cluster ${this.context} took the credentials no longer: they were read again`);
  }

  private read(): void {
    this.reading = { options: this.readOptions(), at: Date.now() };
  }

  private async readOptions(): Promise<RequestOptions> {
    const options: RequestOptions = { headers: {} };
    await this.config.applyToHTTPSOptions(options as Parameters<KubeConfig['applyToHTTPSOptions']>[0]);
    const headers = {
      ...(options.headers as Record<string, string>),
      ...impersonationHeaders(this.config.getCurrentUser()!),
    } as Record<string, string | string[]>;
    // Files of tokens end with a line break.
    if (headers['Authorization']) headers['Authorization'] = String(headers['Authorization']).trim();
    // Connections are kept while they would be made alike.
    const secrets = [options.ca, options.cert, options.key].join('\n');
    if (this.agent?.secrets !== secrets) {
      const agent = options.agent as Agent & { keepAlive?: boolean };
      agent.keepAlive = true;
      this.agent = { agent, secrets };
    }
    return { ...options, headers, agent: this.agent.agent };
  }
}

function isOther(one: RequestOptions, other: RequestOptions): boolean {
  const secretsOf = ({ headers, auth, cert, key }: RequestOptions) =>
    [(headers as Record<string, string>)['Authorization'], auth, cert, key].join('\n');
  return secretsOf(one) !== secretsOf(other);
}
