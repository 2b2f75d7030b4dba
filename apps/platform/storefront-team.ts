import { join } from 'node:path';
import { type Environment, Manifests, Namespace, Peer, Service, servicePort, Tier } from 'tierwall';
import type { dataTeam } from './data-team';
import type { paymentsTeam } from './payments-team';

/** The public shop, behind ingress-nginx, which the internet reaches in its stead. */
export function storefrontTeam(
  production: Environment,
  data: ReturnType<typeof dataTeam>,
  payments: ReturnType<typeof paymentsTeam>,
) {
  const namespace = new Namespace(production, 'storefront', { team: 'storefront', object: 'written' });
  const web = new Tier(namespace, 'web');
  const shop = new Service(web, 'shop', { ports: { http: 8080, metrics: 9090 } });
  const search = new Service(web, 'search', { ports: { http: 8080, metrics: 9090 } });
  const orders = new Service(namespace, 'orders', { ports: { grpc: 7000, metrics: 9090 } });
  web.allowFrom(Peer.ingressNginx(), { ports: ['http'], because: 'public' });
  orders.allowFrom(web, { ports: ['grpc'] });

  const manifests = Manifests.fromFile(join(__dirname, 'manifests', 'cache.yaml'));
  const cache = Service.fromManifests(namespace, 'session-cache', { manifests });
  cache.allowFrom(shop, { ports: [servicePort(manifests.service('session-cache'), 80)], because: 'sessions' });

  data.ordersDb.allowFrom(orders, { ports: ['postgres'], because: 'orders' });
  data.kafka.allowFrom(orders, { ports: ['clients'], because: 'order events' });
  payments.api.allowFrom(orders, { ports: ['grpc'], because: 'charging an order' });
  return { namespace, shop, search, orders };
}
