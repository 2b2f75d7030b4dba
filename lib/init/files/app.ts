import type { Project } from '../project';
import { type InitFile, plainFile } from './init-file';

/** What the example is about. */
export interface ExampleApp {
  /** Of the services, in production. */
  readonly namespace: string;
  /** What is said above it. */
  readonly lead: string;
}

/**
 * In a new project a shop, to be replaced. Where there is something already, a namespace that nobody has: what is declared of a namespace
 * isolates its pods, and nothing that runs is to be isolated by an example.
 */
export function exampleFor({ place, manifests }: Pick<Project, 'place' | 'manifests'>): ExampleApp {
  if (place === 'own' && manifests.length === 0) {
    const lead =
      'Everything is denied, in both directions, until a line here allows it. Replace the shop with your own services.';
    return { namespace: 'shop', lead: `/** ${lead} */` };
  }
  return {
    namespace: 'tierwall-example',
    lead: `/**
 * Everything is denied, in both directions, until a line here allows it. This is an example, in namespaces that nothing of yours is in: put your
 * own namespaces and services in its place. \`Service.fromManifests\` takes labels and ports from manifests that are there, and
 * \`fromWorkload\` of 'tierwall/plus' from cdk8s-plus workloads.
 */`,
  };
}

/** An app to start from: a shop of three services, in two environments. @param folder of the app, with a slash at its end, or nothing */
export function appFiles(folder: string, example: ExampleApp): InitFile[] {
  return [plainFile(`${folder}main.ts`, main), plainFile(`${folder}network.ts`, networkOf(example))];
}

const main = `import { declareNetwork } from './network';

declareNetwork().synth();
`;

const networkOf = ({ namespace, lead }: ExampleApp) => `import { App } from 'cdk8s';
import { Environment, Namespace, Never, Peer, Service, Tier } from 'tierwall';

${lead}
export function declareNetwork(): App {
  const app = new App();
  const staging = new Environment(app, 'staging');
  const production = new Environment(app, 'production');
  shop(staging, '${namespace}-staging');
  shop(production, '${namespace}');
  new Never(production, 'no-staging', { from: staging, to: production });
  return app;
}

function shop(environment: Environment, name: string): void {
  const namespace = new Namespace(environment, 'shop', { name, team: 'storefront' });
  const data = new Tier(namespace, 'data');

  // A service is the pods labelled \`app.kubernetes.io/name: <id>\`; \`labels\` says otherwise.
  const frontend = new Service(namespace, 'frontend', { ports: { http: 8080 } });
  const cart = new Service(namespace, 'cart', { ports: { grpc: 7070 } });
  const redis = new Service(data, 'redis', { ports: { redis: 6379 } });

  frontend.allowFrom(Peer.ingressNginx(), { because: 'the shop is public' });
  cart.allowFrom(frontend);
  redis.allowFrom(cart, { because: 'shopping carts' });
  new Never(namespace, 'data-stays-inside', { from: data, to: Peer.internet() });
}
`;
