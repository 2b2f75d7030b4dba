import type { Chart } from 'cdk8s';
import { Cron } from 'cdk8s';
import { CronJob, Protocol, StatefulSet } from 'cdk8s-plus-28';
import { type Environment, Namespace, Peer, Tier } from 'tierwall';
import { fromWorkload } from 'tierwall/plus';

const port = (name: string, number: number) => ({ name, number, protocol: Protocol.TCP });

/** Databases, the event bus, and the nightly export. */
export function dataTeam(production: Environment, databases: Chart, events: Chart, batch: Chart) {
  const postgresNamespace = new Namespace(production, 'databases', { team: 'data' });
  const storage = new Tier(postgresNamespace, 'storage');
  const orders = new StatefulSet(databases, 'orders', {
    containers: [{ image: 'postgres:16', ports: [port('postgres', 5432), port('metrics', 9187)] }],
  });
  const ledger = new StatefulSet(databases, 'ledger', {
    containers: [{ image: 'postgres:16', ports: [port('postgres', 5432), port('metrics', 9187)] }],
  });
  const ordersDb = fromWorkload(storage, 'orders-db', orders, { labels: 'scheme' });
  const ledgerDb = fromWorkload(storage, 'ledger-db', ledger, { labels: 'scheme' });

  const kafkaNamespace = new Namespace(production, 'events', { team: 'data' });
  const brokers = new StatefulSet(events, 'kafka', {
    containers: [
      { image: 'kafka:3.9', ports: [port('clients', 9092), port('replication', 9093), port('metrics', 9404)] },
    ],
  });
  const kafka = fromWorkload(kafkaNamespace, 'kafka', brokers, { labels: 'scheme' });
  kafka.allowFrom(kafka, { ports: ['replication'], because: 'brokers replicate to each other' });

  const batchNamespace = new Namespace(production, 'batch', { team: 'data' });
  const job = new CronJob(batch, 'export', {
    schedule: Cron.daily(),
    containers: [{ image: 'export:1' }],
  });
  const exporter = fromWorkload(batchNamespace, 'nightly-export', job, { labels: 'scheme' });
  ordersDb.allowFrom(exporter, { ports: ['postgres'], because: 'nightly export' });
  exporter.allowTo(Peer.cidr('10.40.0.0/16', { except: ['10.40.9.0/24'], name: 'the data warehouse' }), {
    ports: [443],
    because: 'nightly export',
  });
  return { postgresNamespace, kafkaNamespace, batchNamespace, ordersDb, ledgerDb, kafka };
}
