import { type Environment, Namespace, Never, Peer, Service } from 'tierwall';
import type { dataTeam } from './data-team';

/** The only ones who talk to the payment provider. */
export function paymentsTeam(production: Environment, data: ReturnType<typeof dataTeam>) {
  const namespace = new Namespace(production, 'payments', { team: 'payments', object: 'written' });
  const api = new Service(namespace, 'payments-api', { ports: { grpc: 8443, metrics: 9090 } });
  const webhooks = new Service(namespace, 'provider-webhooks', { ports: { http: 8080, metrics: 9090 } });
  const provider = Peer.cidrs(['203.0.113.0/24', '2001:db8:77::/48'], { name: 'the payment provider' });

  api.allowTo(provider, { ports: [443], because: 'charges and refunds' });
  webhooks.allowFrom(provider, { ports: ['http'], because: 'results of charges' });
  api.allowFrom(webhooks, { ports: ['grpc'] });
  data.ledgerDb.allowFrom(api, { ports: ['postgres'], because: 'the ledger' });
  data.kafka.allowFrom(api, { ports: ['clients'], because: 'payment events' });

  const support = new Service(new Namespace(production, 'support', { team: 'payments' }), 'console');
  api.allowFrom(support, { ports: ['grpc'], because: 'INC-4711, disputed charges', until: '2027-03-31' });

  new Never(production, 'only-payments-reaches-the-provider', {
    from: [data.postgresNamespace, data.kafkaNamespace, data.batchNamespace, support],
    to: provider,
  });
  return { namespace, api };
}
