import { type Environment, Namespace, Peer, Service } from 'tierwall';
import type { dataTeam } from './data-team';

/** Staging: the shop alone, and one reason to read from production. */
export function staging(environment: Environment, data: ReturnType<typeof dataTeam>): Namespace {
  const namespace = new Namespace(environment, 'storefront', { name: 'storefront-staging', team: 'storefront' });
  const shop = new Service(namespace, 'shop', { ports: { http: 8080 } });
  shop.allowFrom(Peer.ingressNginx(), { because: 'previews' });
  const replay = new Service(namespace, 'event-replay');
  data.kafka.allowFrom(replay, {
    ports: ['clients'],
    crossEnvironment: { because: 'replays production events' },
    until: '2026-12-31',
  });
  return namespace;
}

/** The other cluster, which production knows only by address. Its default deny was there before, and is taken over. */
export function recovery(environment: Environment): void {
  const namespace = Namespace.fromExisting(environment, 'databases', { team: 'data', defaultDeny: 'deny-all' });
  const standby = new Service(namespace, 'orders-db', { ports: { postgres: 5432 } });
  standby.allowFrom(Peer.cidr('10.20.0.0/16', { name: 'production' }), { because: 'streaming replication' });
}
