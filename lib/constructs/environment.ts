import { Construct } from 'constructs';
import type { Dns } from '../model/dns';
import { kubeDns } from '../model/known-peers';
import { LabelScheme } from '../model/label-scheme';
import type { ApiServerAddress, EnvironmentModel } from '../model/program';
import { specialAddresses } from '../model/special-addresses';
import { Origin } from '../origin/origin';
import { duplicate } from './mistakes';
import { freeId, Registry } from './registry';
import { attachSynthesis } from './synthesis';

export interface EnvironmentProps {
  /** Carried by the environment's namespaces as a label, and the name of its folder. @default the construct id */
  readonly name?: string;
  /**
   * The cluster the environment runs in. Environments of one cluster must not use one namespace name twice and are kept apart;
   * those of different clusters reach each other only by address.
   * @default all environments share one cluster
   */
  readonly cluster?: string;
  /** Which labels carry name, tier, team and environment. @default `new LabelScheme()` */
  readonly labels?: LabelScheme;
  /** Where pods look up names. @default `Dns.kubeDns()` */
  readonly dns?: Dns;
  /** Needed for `Peer.apiServer()`: endpoint addresses and port, which differ from cluster to cluster. @default none */
  readonly apiServer?: ApiServerAddress;
  /** The addresses that are not the internet. @default `specialAddresses` */
  readonly notInternet?: readonly string[];
}

/** Production, staging, …: the namespaces that belong together, in one cluster. */
export class Environment extends Construct {
  /** @internal */
  readonly model: EnvironmentModel;

  /** @param scope an `App`, or a `Chart`, which then gets the objects; without a chart the environment makes its own. */
  constructor(scope: Construct, id: string, props: EnvironmentProps = {}) {
    const free = freeId(scope, id);
    super(scope, free);
    this.model = {
      kind: 'environment',
      path: this.node.path,
      origin: Origin.capture(),
      name: props.name ?? id,
      cluster: props.cluster ?? 'default',
      scheme: props.labels ?? new LabelScheme(),
      dns: props.dns ?? kubeDns(),
      apiServer: props.apiServer,
      notInternet: props.notInternet ?? specialAddresses,
    };
    const registry = Registry.of(this);
    registry.addEnvironment(this.model);
    if (free !== id) registry.addMistake(duplicate('environment', id, this.model));
    attachSynthesis(this);
  }
}
