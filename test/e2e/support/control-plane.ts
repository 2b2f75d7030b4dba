import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient } from './api-client';
import { built } from './binaries';
import { apiServerArguments, etcdArguments } from './control-plane-arguments';
import { freePorts } from './free-port';
import { Keeper } from './keeper';
import { Part } from './part';

export interface ControlPlaneProps {
  /** Names of users who may do nothing until `grant` lets them. */
  readonly users?: readonly string[];
  /** Further flags of kube-apiserver. */
  readonly flags?: readonly string[];
}

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/**
 * etcd and kube-apiserver, on the loopback device and with their data in a temporary folder. There is no controller-manager: nobody ends a deleted
 * namespace, makes ServiceAccounts, or runs pods.
 */
export class ControlPlane {
  /** Ends everything that belongs to this control plane; more may be given to it. */
  readonly keeper: Keeper;
  readonly url: string;
  /** Trust this for the server's certificate. */
  readonly caFile: string;
  readonly kubectl: string;
  readonly etcdUrl: string;
  readonly etcd: Part;
  readonly apiServer: Part;
  readonly #folder: string;
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #clients = new Map<string, ApiClient>();

  static async start(props: ControlPlaneProps = {}): Promise<ControlPlane> {
    const tools = built('apiserver');
    const keeper = new Keeper();
    try {
      const plane = new ControlPlane(keeper, tools, props, await freePorts(3));
      await plane.etcd.start();
      await plane.apiServer.start();
      return plane;
    } catch (error) {
      await keeper.end();
      throw error;
    }
  }

  private constructor(keeper: Keeper, tools: string, props: ControlPlaneProps, ports: readonly number[]) {
    const [etcdPort, etcdPeerPort, port] = ports;
    this.keeper = keeper;
    this.#folder = keeper.folder('control-plane');
    this.kubectl = join(tools, 'kubectl');
    this.etcdUrl = `http://127.0.0.1:${etcdPort}`;
    this.url = `https://127.0.0.1:${port}`;
    this.caFile = join(this.#folder, 'certificates', 'apiserver.crt');
    this.#tokens = new Map(['admin', ...(props.users ?? [])].map((name) => [name, randomBytes(16).toString('hex')]));
    this.#write(
      'tokens.csv',
      [...this.#tokens].map(([name, token]) => `${token},${name},${name}${groupOf(name)}\n`).join(''),
    );
    this.#write('service-accounts.key', newKey());

    this.etcd = new Part({
      name: 'etcd',
      command: join(tools, 'server'),
      args: etcdArguments(this.#folder, this.etcdUrl, `http://127.0.0.1:${etcdPeerPort}`),
      log: join(this.#folder, 'etcd.log'),
      isReady: () => isHealthy(this.etcdUrl),
      keeper,
    });
    this.apiServer = new Part({
      name: 'kube-apiserver',
      command: join(tools, 'kube-apiserver'),
      args: [...apiServerArguments(this.#folder, this.etcdUrl, port!), ...(props.flags ?? [])],
      log: join(this.#folder, 'kube-apiserver.log'),
      isReady: () => this.#isReady(),
      keeper,
    });
  }

  /** Of a member of system:masters. */
  get admin(): ApiClient {
    return this.client('admin');
  }

  client(user: string): ApiClient {
    const existing = this.#clients.get(user);
    if (existing) return existing;
    const client = new ApiClient({ url: this.url, caFile: this.caFile, token: this.token(user) });
    this.#clients.set(user, client);
    return client;
  }

  token(user: string): string {
    const token = this.#tokens.get(user);
    if (token === undefined) throw new Error(`name \`${user}\` among the users when the control plane is started`);
    return token;
  }

  /** The path of a kubeconfig whose one context is the user's; `change` may break it, as a test of failures needs. */
  kubeconfig(
    user = 'admin',
    change: {
      readonly url?: string;
      readonly caFile?: string;
      readonly token?: string;
      /** Fields of the cluster and of the user, as kubectl knows them. */
      readonly cluster?: object;
      readonly user?: object;
    } = {},
  ): string {
    const { url = this.url, caFile = this.caFile, token = this.token(user) } = change;
    const name = 'e2e';
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server: url, 'certificate-authority': caFile, ...change.cluster } }],
      users: [{ name: user, user: change.user ?? { token } }],
      contexts: [{ name, context: { cluster: name, user } }],
      'current-context': name,
    };
    return this.#write(`kubeconfig-${randomBytes(4).toString('hex')}`, JSON.stringify(config));
  }

  /** What a kubelet would give a pod of this account, and for a shorter time than it may ask for: a server remembers for 10 s more whom it knew. */
  serviceAccountToken({ name, uid }: { readonly name: string; readonly uid: string }, seconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const issuer = 'https://kubernetes.default.svc';
    const claims = {
      iss: issuer,
      aud: [issuer],
      sub: `system:serviceaccount:default:${name}`,
      iat: now - leewaySeconds,
      nbf: now - leewaySeconds,
      exp: now - leewaySeconds + seconds,
      jti: randomBytes(8).toString('hex'),
      'kubernetes.io': { namespace: 'default', serviceaccount: { name, uid } },
    };
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${encoded({ alg: 'ES256', typ: 'JWT' })}.${encoded(claims)}`;
    const key = readFileSync(join(this.#folder, 'service-accounts.key'));
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** Lets the user do what the rules say, in every namespace. */
  async grant(user: string, rules: readonly PolicyRule[]): Promise<void> {
    const name = `e2e-${user}-${randomBytes(4).toString('hex')}`;
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const apiGroup = 'rbac.authorization.k8s.io';
    await this.admin.done('POST', `${rbac}/clusterroles`, { metadata: { name }, rules });
    await this.admin.done('POST', `${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: [{ apiGroup, kind: 'User', name: user }],
    });
  }

  /** Makes a namespace as a controller-manager would leave it, unless it exists. */
  async namespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    const { status, body } = await this.admin.ask('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    if (status !== 201 && status !== 409) throw new Error(body.message);
  }

  async stop(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    await this.keeper.end();
  }

  async #isReady(): Promise<boolean> {
    if (!existsSync(this.caFile.replace('.crt', '.key'))) return false; // written after the certificate
    return this.admin.ask('GET', '/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  #write(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }
}

/** For so long a server takes a token that has expired, as clocks differ. */
const leewaySeconds = 60;

function groupOf(user: string): string {
  return user === 'admin' ? ',system:masters' : '';
}

/** What signs the tokens of ServiceAccounts. */
function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }) as string;
}

async function isHealthy(etcdUrl: string): Promise<boolean> {
  return fetch(`${etcdUrl}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
