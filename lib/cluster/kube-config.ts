import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { InputError } from '../model/issue';
import { fieldsOf, itemsOf, textOf } from '../validation/json-value';
import { isHalfImpersonation, withImpersonation } from './impersonation';
import { proxyFor } from './proxy';

export interface ClusterChoice {
  /** A context of the kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** @default KUBECONFIG, else ~/.kube/config, else the service account of the pod that this runs in */
  readonly kubeconfig?: string | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The kubeconfig that kubectl would use, with the context that is asked for. @throws InputError */
export async function readKubeConfig({ context, kubeconfig, cwd, env }: ClusterChoice): Promise<KubeConfig> {
  // Only here: it takes a second to load.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const files = kubeconfig === undefined ? defaultFiles(env) : [resolve(cwd, kubeconfig)];
  const present = files.filter((file) => existsSync(file));
  if (present.length > 0) {
    config.loadFromOptions(merged(present.map((file) => readFile(new KubeConfig(), file))));
  } else if (kubeconfig !== undefined || !env['KUBERNETES_SERVICE_HOST']) {
    throw noConfig(files);
  } else {
    config.loadFromCluster();
  }
  if (context !== undefined) config.setCurrentContext(context);
  checkContext(config);
  return withProxy(config, env);
}

function defaultFiles(env: NodeJS.ProcessEnv): string[] {
  const named = env['KUBECONFIG'];
  if (named) return named.split(delimiter).filter((file) => file !== '');
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home ? [join(home, '.kube', 'config')] : [];
}

function readFile(config: KubeConfig, file: string): KubeConfig {
  try {
    const text = readFileSync(file, 'utf8');
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
    return withPlainServers(withImpersonation(withTokenFiles(config, text, file), text));
  } catch (error) {
    const message = `this is no kubeconfig: ${(error as Error).message}`;
    throw new InputError([
      { code: 'bad-kubeconfig', message, place: { file }, hint: 'correct it, or name another one' },
    ]);
  }
}

/** What a cluster's own `proxy-url` says counts more than the environment. @throws InputError for what is no proxy */
function withProxy(config: KubeConfig, env: NodeJS.ProcessEnv): KubeConfig {
  const { server, ...others } = config.getCurrentCluster()!;
  if (!URL.canParse(server)) {
    const message = `\`${server}\` of cluster \`${others.name}\` is no address of a server`;
    throw badContext(message, 'write `server` in the kubeconfig as `https://host:port`');
  }
  const proxyUrl = others.proxyUrl || proxyFor(server, env);
  if (!proxyUrl) return config;
  const kinds = ['http:', 'https:', 'socks5:', 'socks5h:'];
  if (!URL.canParse(proxyUrl) || !kinds.includes(new URL(proxyUrl).protocol)) {
    const from = others.proxyUrl ? '`proxy-url` of the kubeconfig' : 'HTTPS_PROXY';
    throw badContext(`${from} is no proxy: \`${proxyUrl}\``, 'write it as `http://host:port` or `socks5://host:port`');
  }
  config.clusters = config.clusters.map((one) => (one.name === others.name ? { ...one, proxyUrl } : one));
  return config;
}

/** Those that the client does not know; as with kubectl, one counts more than a token beside it. */
function withTokenFiles(config: KubeConfig, text: string, file: string): KubeConfig {
  const files = new Map(
    itemsOf(fieldsOf(load(text))['users']).map((entry) => {
      const { name, user } = fieldsOf(entry);
      return [textOf(name), textOf(fieldsOf(user)['tokenFile'])] as const;
    }),
  );
  config.users = config.users.map((user) => {
    const named = files.get(user.name);
    if (!named) return user;
    const { token: _, ...others } = user;
    const tokenFile = resolve(dirname(file), named);
    return { ...others, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
  return config;
}

/** The client refuses to ask without TLS unless no certificate is to be verified, and there is none. */
function withPlainServers(config: KubeConfig): KubeConfig {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server?.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  return config;
}

/** Of entries of one name the first one counts, as with kubectl. */
function merged(configs: readonly KubeConfig[]) {
  const firsts = <T extends { readonly name: string }>(lists: readonly (readonly T[])[]) =>
    lists.flat().filter(({ name }, i, all) => all.findIndex((other) => other.name === name) === i);
  return {
    clusters: firsts(configs.map(({ clusters }) => clusters)),
    users: firsts(configs.map(({ users }) => users)),
    contexts: firsts(configs.map(({ contexts }) => contexts)),
    currentContext: configs.find(({ currentContext }) => currentContext)?.currentContext ?? '',
  };
}

function checkContext(config: KubeConfig): void {
  const names = config.getContexts().map(({ name }) => name);
  const known = names.length > 0 ? `there are: ${names.slice(0, 20).join(', ')}` : 'it has none';
  const current = config.getCurrentContext();
  if (!current) throw badContext('the kubeconfig has no current context', `name one with \`--context\`; ${known}`);
  if (!names.includes(current)) throw badContext(`the kubeconfig has no context \`${current}\``, known);
  const { cluster, user } = config.getContextObject(current)!;
  const missing = !config.getCluster(cluster)
    ? `cluster \`${cluster}\``
    : !config.getUser(user)
      ? `user \`${user}\``
      : '';
  if (missing)
    throw badContext(`context \`${current}\` names the ${missing}, which is not there`, 'correct the kubeconfig');
  if (isHalfImpersonation(config.getUser(user)!)) {
    const message = `user \`${user}\` of the kubeconfig has \`as-groups\`, \`as-uid\` or \`as-user-extra\`, and no \`as\``;
    throw badContext(message, 'say with `as` as which user to ask, or leave them out');
  }
}

function badContext(message: string, hint: string): InputError {
  return new InputError([{ code: 'bad-context', message, place: {}, hint }]);
}

function noConfig(files: readonly string[]): InputError {
  const message = files.length > 0 ? `there is no kubeconfig: \`${files.join('`, `')}\`` : 'there is no kubeconfig';
  const hint = 'give `--kubeconfig`, set KUBECONFIG, or run in a pod with a service account';
  return new InputError([{ code: 'no-kubeconfig', message, place: {}, hint }]);
}
