import { App, Chart } from 'cdk8s';
import { Never, Peer } from 'tierwall';
import { dataTeam } from './data-team';
import { environments } from './environments';
import { recovery, staging } from './other-environments';
import { paymentsTeam } from './payments-team';
import { platformTeam, scraped } from './platform-team';
import { storefrontTeam } from './storefront-team';

/** A platform of five teams, in two clusters. */
export function platform() {
  const app = new App();
  const at = environments(app);
  const chart = (namespace: string) => new Chart(app, `${namespace}-workloads`, { namespace });

  const platform = platformTeam(at.production);
  const data = dataTeam(at.production, chart('databases'), chart('events'), chart('batch'));
  const payments = paymentsTeam(at.production, data);
  const storefront = storefrontTeam(at.production, data, payments);
  const preview = staging(at.staging, data);
  recovery(at.recovery);
  scraped(platform.admission, data.postgresNamespace, data.kafkaNamespace, payments.namespace, storefront.namespace);

  const guarantees = [
    new Never(at.production, 'batch-stays-inside', { from: data.batchNamespace, to: Peer.internet() }),
    new Never(at.production, 'ledger-only-from-payments', {
      from: [storefront.namespace, preview, data.batchNamespace],
      to: data.ledgerDb,
    }),
  ];
  return { app, guarantees };
}
