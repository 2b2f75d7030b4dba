import { type InitFile, plainFile } from './init-file';

/** An app to start from: a shop of three services, in two environments. @param folder of the app, with a slash at its end, or nothing */
export function appFiles(folder: string): InitFile[] {
  return [plainFile(`${folder}main.ts`, main), plainFile(`${folder}network.ts`, network)];
}

const main = `import { declareNetwork } from './network';

declareNetwork().synth();
`;

const network = `import { App } from 'cdk8s';
import { Environment, Namespace, Never, Peer, Service, Tier } from 'tierwall';

/** Everything is denied, in both directions, until a line here allows it. Replace the shop with your own services. */
export function declareNetwork(): App {
  const app = new App();
  const staging = new Environment(app, 'staging');
  const production = new Environment(app, 'production');
  shop(staging, 'shop-staging');
  shop(production, 'shop');
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
