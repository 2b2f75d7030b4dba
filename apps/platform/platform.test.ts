import { Peer } from 'tierwall';
import { networkOfApp } from 'tierwall/vitest';
import { describe, expect, test } from 'vitest';
import { platform } from './app';

// Access with a last day is judged by this one, and not by the day of the last commit.
process.env['TIERWALL_AS_OF'] = '2026-11-24';
const { app, guarantees } = platform();
// Both clusters run Cilium, which never takes a pod for an address.
const shared = networkOfApp(app, { cluster: 'default', cni: 'cilium' });
const recovery = networkOfApp(app, { cluster: 'recovery', cni: 'cilium' });

const names = [Peer.nodeLocalDns(), Peer.kubeDns()];
const metrics = 'monitoring{app.kubernetes.io/name=prometheus} on metrics';
const ingress = Peer.ingressNginx();
const provider = ['203.0.113.0/24', '2001:db8:77::/48'];
const apiServer = ['192.0.2.10/32', '192.0.2.11/32'];

interface Talks {
  readonly to: readonly (string | { readonly peer: Peer | readonly string[]; readonly ports: string })[];
  readonly from: readonly (string | { readonly peer: Peer | readonly string[]; readonly ports: string })[];
}

/** Whom each service reaches, beside the DNS that comes with it, and who reaches it. */
const services: Readonly<Record<string, Talks>> = {
  'storefront/shop': {
    to: ['storefront/orders on grpc', 'storefront/session-cache on cache'],
    from: [{ peer: ingress, ports: 'http' }, metrics],
  },
  'storefront/search': { to: ['storefront/orders on grpc'], from: [{ peer: ingress, ports: 'http' }, metrics] },
  'storefront/orders': {
    to: ['databases/orders-db on postgres', 'events/kafka on clients', 'payments/payments-api on grpc'],
    from: ['storefront/shop on grpc', 'storefront/search on grpc', metrics],
  },
  'storefront/session-cache': { to: [], from: ['storefront/shop on cache', metrics] },
  'payments/payments-api': {
    to: [{ peer: provider, ports: '443' }, 'databases/ledger-db on postgres', 'events/kafka on clients'],
    from: ['payments/provider-webhooks on grpc', 'storefront/orders on grpc', 'support/console on grpc', metrics],
  },
  'payments/provider-webhooks': {
    to: ['payments/payments-api on grpc'],
    from: [{ peer: provider, ports: 'http' }, metrics],
  },
  'support/console': { to: ['payments/payments-api on grpc'], from: [] },
  'databases/orders-db': {
    to: [],
    from: ['storefront/orders on postgres', 'batch/nightly-export on postgres', metrics],
  },
  'databases/ledger-db': { to: [], from: ['payments/payments-api on postgres', metrics] },
  'events/kafka': {
    to: ['events/kafka on replication'],
    from: [
      'events/kafka on replication',
      'payments/payments-api on clients',
      'storefront/orders on clients',
      'storefront-staging/event-replay on clients',
      metrics,
    ],
  },
  'batch/nightly-export': {
    to: ['databases/orders-db on postgres', '10.40.0.0/16 except 10.40.9.0/24 on 443'],
    from: [],
  },
  'admission/policy-webhook': {
    to: [{ peer: apiServer, ports: '6443' }],
    from: [{ peer: apiServer, ports: 'https' }, metrics],
  },
  'storefront-staging/shop': { to: [], from: [{ peer: ingress, ports: 'http' }] },
  'storefront-staging/event-replay': { to: ['events/kafka on clients'], from: [] },
};

describe.for(Object.entries(services))('%s', ([name, { to, from }]) => {
  test('reaches what it needs and nothing else', () => {
    expect(shared.pods(name)).toReachOnly([...to, ...(to.length > 0 ? names : [])]);
  });

  test('is reached by those who need it and nobody else', () => {
    expect(shared.pods(name)).toBeReachableOnlyFrom(from);
  });
});

/** Pods of a namespace that carry the labels of none of its services. */
const strangers: Readonly<Record<string, readonly string[]>> = {
  storefront: [
    'storefront{app.kubernetes.io/name!=shop|search|orders|cache}',
    'storefront{app.kubernetes.io/name=cache,app.kubernetes.io/instance!=session}',
  ],
  payments: ['payments{app.kubernetes.io/name!=payments-api|provider-webhooks}'],
  support: ['support{app.kubernetes.io/name!=console}'],
  databases: ['databases{app.kubernetes.io/name!=orders-db|ledger-db}'],
  events: ['events{app.kubernetes.io/name!=kafka}'],
  batch: ['batch{app.kubernetes.io/name!=nightly-export}'],
  admission: ['admission{app.kubernetes.io/name!=policy-webhook}'],
  'storefront-staging': ['storefront-staging{app.kubernetes.io/name!=shop|event-replay}'],
};
const anybody = ['*{}', '0.0.0.0/0', '::/0'];

test('the standby in the other cluster is reached from production alone, and reaches nobody', () => {
  expect(recovery.pods('databases/orders-db')).toBeReachableOnlyFrom(['10.20.0.0/16']);
  expect(recovery.pods('databases/orders-db')).toReachOnly([]);
  expect(recovery).toBeIsolated('databases{}');
  const others = 'databases{app.kubernetes.io/name!=orders-db}';
  expect(recovery).toDeny(others, anybody);
  expect(recovery).toDeny(anybody, others);
});

test.for(Object.entries(strangers))('in %s a pod that no service names is denied everything', ([namespace, pods]) => {
  expect(shared).toBeIsolated(`${namespace}{}`);
  expect(shared).toDeny(pods, anybody);
  expect(shared).toDeny(anybody, pods);
});

test('guarantees hold, and the policies mean what the code says', () => {
  for (const guarantee of guarantees) expect(shared).toHold(guarantee);
  expect(shared).toBeProved();
  expect(recovery).toBeProved();
});
