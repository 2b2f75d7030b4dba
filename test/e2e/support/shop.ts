import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'cdk8s';
import { AllowFrom, Environment, Namespace, Peer, Service, synth } from '../../../lib';

/** What differs from run to run. */
export interface ShopProps {
  readonly environments?: readonly string[];
  /** Who may talk to redis. @default cart */
  readonly redisCallers?: readonly ('cart' | 'web')[];
  /** `gone`: nobody declares redis any more. @default declared */
  readonly redis?: 'declared' | 'gone';
  /** What becomes of pods that no service names. @default denied */
  readonly unnamedPods?: 'denied' | 'open';
  /** Of which the namespaces are `<name>-<environment>`. @default shop */
  readonly namespace?: string;
  /** Whether the namespaces are written too. @default not */
  readonly object?: 'written';
}

/** A folder with the written policies of a small shop, a namespace `shop-<environment>` for each environment. */
export function shopFolder(props: ShopProps = {}, folder = mkdtempSync(join(tmpdir(), 'shop-'))): string {
  const { environments = ['production'], redisCallers = ['cart'], unnamedPods = 'denied', namespace = 'shop' } = props;
  const app = new App({ outdir: join(folder, 'cdk8s') });
  for (const name of environments) {
    const environment = new Environment(app, name);
    const shop = new Namespace(environment, namespace, {
      name: `${namespace}-${name}`,
      unnamedPods,
      ...(props.object ? { object: props.object } : {}),
    });
    const web = new Service(shop, 'web', { ports: { http: 8080 } });
    const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
    new AllowFrom(web, 'shoppers', { from: Peer.internet({ via: 'direct' }) });
    cart.allowFrom(web);
    if (props.redis === 'gone') continue;
    const redis = new Service(shop, 'redis', { ports: { redis: 6379 } });
    for (const caller of redisCallers) redis.allowFrom({ cart, web }[caller]);
  }
  synth(app, { out: join(folder, 'policies') });
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A pod of a service, as it runs. */
export function podText(namespace: string, name: string, port: number, more = ''): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app.kubernetes.io/name: ${name}${more}}}
spec: {containers: [{name: a, image: a, ports: [{containerPort: ${port}}]}]}
`;
}
