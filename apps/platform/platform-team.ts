import { type Environment, Namespace, Peer, Service } from 'tierwall';

/** What every team's services share: an admission webhook, and scraping of whatever declares a port `metrics`. */
export function platformTeam(production: Environment) {
  const admission = new Namespace(production, 'admission', { team: 'platform', object: 'written' });
  const webhook = new Service(admission, 'policy-webhook', { ports: { https: 9443, metrics: 9090 } });
  webhook.allowFrom(Peer.apiServer(), { ports: ['https'], because: 'admission reviews' });
  webhook.allowTo(Peer.apiServer(), { because: 'reads policies' });
  return { admission, webhook };
}

/** To be called for every namespace whose services declare a port `metrics`. */
export function scraped(...namespaces: readonly Namespace[]): void {
  for (const namespace of namespaces) {
    namespace.allowFrom(Peer.prometheus(), { ports: ['metrics'], because: 'metrics' });
  }
}
