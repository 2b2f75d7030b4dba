import type { Construct } from 'constructs';
import { type Environment, Namespace, Peer, Tier } from 'tierwall';
import { fromWorkload } from 'tierwall/plus';
import { Workloads } from './workloads';

/** Who may talk to whom in the shop: the same in every environment. */
export function boutique(app: Construct, environment: Environment, name: string): Namespace {
  const pods = new Workloads(app, `workloads-${environment.node.id}`, name);
  const namespace = new Namespace(environment, 'boutique', { name, team: 'storefront', object: 'written' });
  const web = new Tier(namespace, 'web');
  const backend = new Tier(namespace, 'backend');
  const data = new Tier(namespace, 'data');
  const scheme = { labels: 'scheme' } as const;

  const frontend = fromWorkload(web, 'frontend', pods.frontend, scheme);
  const loadGenerator = fromWorkload(web, 'loadgenerator', pods.loadGenerator, scheme);
  const ads = fromWorkload(backend, 'adservice', pods.ads, scheme);
  const cart = fromWorkload(backend, 'cartservice', pods.cart, scheme);
  const catalog = fromWorkload(backend, 'productcatalogservice', pods.catalog, scheme);
  const checkout = fromWorkload(backend, 'checkoutservice', pods.checkout, scheme);
  const currency = fromWorkload(backend, 'currencyservice', pods.currency, scheme);
  const email = fromWorkload(backend, 'emailservice', pods.email, scheme);
  const payment = fromWorkload(backend, 'paymentservice', pods.payment, scheme);
  const recommendations = fromWorkload(backend, 'recommendationservice', pods.recommendations, scheme);
  const shipping = fromWorkload(backend, 'shippingservice', pods.shipping, scheme);
  const redis = fromWorkload(data, 'redis-cart', pods.redis, scheme);

  frontend.allowFrom(Peer.internet({ via: 'direct' }), { because: 'the shop is public' });
  frontend.allowFrom(loadGenerator, { because: 'synthetic shoppers' });
  frontend.allowTo([ads, cart, catalog, checkout, currency, recommendations, shipping]);
  checkout.allowTo([cart, catalog, currency, email, payment, shipping], { because: 'placing an order' });
  catalog.allowFrom(recommendations);
  redis.allowFrom(cart, { because: 'shopping carts' });
  return namespace;
}
