import type { App } from 'cdk8s';
import { Environment, LabelScheme, nodeLocalDns } from 'tierwall';

const labels = new LabelScheme({ allowed: { team: ['storefront', 'payments', 'data', 'platform'] } });

/** Production and staging share a cluster, so they are kept apart; disaster recovery is a cluster of its own. */
export function environments(app: App) {
  const cluster = { labels, dns: nodeLocalDns(), apiServer: { cidrs: ['192.0.2.10/32', '192.0.2.11/32'], port: 6443 } };
  return {
    production: new Environment(app, 'production', cluster),
    staging: new Environment(app, 'staging', cluster),
    recovery: new Environment(app, 'recovery', { labels, cluster: 'recovery' }),
  };
}
