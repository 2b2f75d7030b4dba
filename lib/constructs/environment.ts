import { Construct } from 'constructs';
import type { Dns } from '../model/dns';
import { kubeDns } from '../model/known-peers';
import { LabelScheme, type LabelSchemeProps, labelRoles } from '../model/label-scheme';
import type { ApiServerAddress, EnvironmentModel } from '../model/program';
import { specialAddresses } from '../model/special-addresses';
import { Origin } from '../origin/origin';
import { checkId, checkOptions, duplicate, kindOf, misuse, withArticle } from './mistakes';
import { labelKey, list, made, nested, oneOf, options, show, text } from './options';
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

const environmentOptions = options<EnvironmentProps>('Environment', {
  name: text(),
  cluster: text(),
  labels: made((value) => value instanceof LabelScheme, 'LabelScheme', 'give `new LabelScheme({ … })`'),
  dns: made(isDns, 'DNS', 'give `kubeDns()`, `nodeLocalDns()`, `openshiftDns()` or `noDns()`'),
  apiServer: nested(
    options<ApiServerAddress>(
      'Environment',
      { cidrs: list(text()), port: made((value) => typeof value === 'number', 'number', 'write it without quotes') },
      ['cidrs', 'port'],
    ),
  ),
  notInternet: list(text()),
});
const roles = { name: labelKey, tier: labelKey, team: labelKey, environment: labelKey };
const allowed = { name: list(text()), tier: list(text()), team: list(text()), environment: list(text()) };
const schemeOptions = options<LabelSchemeProps>('LabelScheme', {
  ...roles,
  allowed: nested(options('LabelScheme', allowed)),
  required: list(oneOf(...labelRoles)),
});

/**
 * Production, staging, …: the namespaces that belong together, in one cluster.
 *
 * Under a plain `app.synth()`, cdk8s numbers the files of all charts as soon as any two depend on each other; put the environments into an
 * app of their own, or use `tierwall synth`, where file names must stay the same.
 */
export class Environment extends Construct {
  /** @internal */
  readonly model: EnvironmentModel;

  /** @param scope an `App`, or a `Chart`, which then gets the objects; without a chart the environment makes its own. */
  constructor(scope: Construct, id: string, props: EnvironmentProps = {}) {
    const outer = scope?.node?.scopes.map(kindOf).findLast((kind) => kind !== undefined);
    if (outer)
      throw misuse(
        'wrong-scope',
        `the scope of Environment \`${id}\` is inside ${withArticle(outer)}`,
        'give an App or Chart',
      );
    if (!scope?.node)
      throw misuse(
        'wrong-scope',
        `the scope of Environment \`${show(id)}\` is \`${show(scope)}\``,
        'give an App or Chart',
      );
    checkId(scope, 'Environment', id);
    const free = freeId(scope, id);
    super(scope, free);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const given = checkOptions(this, declared, props, environmentOptions);
    const { name = id, cluster = 'default', labels = new LabelScheme(), dns = kubeDns() } = given;
    const scheme = new LabelScheme(checkOptions(this, declared, labels.given, schemeOptions));
    const { apiServer, notInternet = specialAddresses } = given;
    this.model = { kind: 'environment', ...declared, name, cluster, scheme, dns, apiServer, notInternet };
    const registry = Registry.of(this);
    if (free === id) registry.addEnvironment(this.model);
    else registry.addMistake(duplicate('environment', id, this.model));
    attachSynthesis(this);
  }
}

function isDns(value: unknown): boolean {
  return Array.isArray((value as Partial<Dns> | undefined)?.servers);
}
