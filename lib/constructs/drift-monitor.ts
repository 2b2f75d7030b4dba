import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Origin } from '../origin/origin';
import { monitorObjects } from './drift-monitor-objects';
import type { Environment } from './environment';
import { checkId, checkOptions, kindOf, misuse } from './mistakes';
import type { Namespace } from './namespace';
import { anything, list, made, oneOf, options, show, text } from './options';
import { Peer, type PeerLike } from './peer';
import { Service } from './service';

export interface DriftMonitorProps {
  /** Where it runs. Its environment needs `apiServer`, which is all that it talks to. */
  readonly namespace: Namespace;
  /** An image with tierwall as `tierwall`, and the output of `tierwall synth`. */
  readonly image: string;
  /** The path of that output in the image. @default /policies */
  readonly policies?: string;
  /** The environments that it watches, all of them in the cluster that it runs in. @default that of its namespace */
  readonly environments?: readonly Environment[];
  /** Whether policies of the app that are missing or changed are put back, or only said to be. @default off */
  readonly enforce?: 'off' | 'dry-run' | 'on';
  /** Whether policies that the code no longer gives are deleted, where others are put back. @default no */
  readonly prune?: 'yes' | 'no';
  /** Who reads its metrics. @default nobody may */
  readonly metricsTo?: PeerLike | readonly PeerLike[];
  /** All watch; one of them enforces and writes Events. @default 2 */
  readonly replicas?: number;
}

const monitorOptions = options<DriftMonitorProps>(
  'DriftMonitor',
  {
    namespace: made((value) => kindOf(value) === 'namespace', 'Namespace', 'give the Namespace that it runs in'),
    image: text('give an image, as `registry.example/tierwall:1.2.3`'),
    policies: text(),
    environments: list(made((value) => kindOf(value) === 'environment', 'Environment', 'give Environments')),
    enforce: oneOf('off', 'dry-run', 'on'),
    prune: oneOf('yes', 'no'),
    metricsTo: anything,
    replicas: made((value) => Number.isInteger(value) && Number(value) > 0, 'number', 'give a whole number, as 2'),
  },
  ['namespace', 'image'],
);

const port = 8080;

/**
 * `tierwall drift --watch` in the cluster: its Deployment, ServiceAccount and roles, which the chart gets, and a service of the
 * namespace whose policy lets it reach the API server and nothing else, but for the DNS that goes with egress.
 */
export class DriftMonitor extends Construct {
  /** Its pods, for further intents. */
  readonly service: Service;

  /** @param scope a `Chart`, which `cdk8s synth` writes: `tierwall synth` writes the policy alone */
  constructor(scope: Construct, id: string, given: DriftMonitorProps) {
    checkId(scope, 'DriftMonitor', id);
    if (kindOf(given?.namespace) !== 'namespace') {
      throw misuse(
        'wrong-option',
        `the \`namespace\` of DriftMonitor \`${id}\` is \`${show(given?.namespace)}\``,
        'give the Namespace that it runs in',
      );
    }
    super(scope, id);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const { namespace, replicas = 2, policies = '/policies', enforce = 'off', prune = 'no' } = given;
    this.service = new Service(namespace, id, { ports: { http: port } });
    this.service.allowTo(Peer.apiServer());
    if (given.metricsTo) this.service.allowFrom(given.metricsTo, { ports: ['http'], because: 'metrics' });
    const { image = '', environments = [] } = checkOptions(this.service, declared, given, monitorOptions);
    const { environment, name, team } = namespace.model;
    const { keys } = environment.scheme;
    const selector = { [keys.name]: id };
    const objects = monitorObjects({
      ...{ name: id, namespace: name, image, policies, enforce, prune, replicas, port, selector },
      environments: (environments.length > 0 ? environments.map(({ model }) => model) : [environment]).map(
        (e) => e.name,
      ),
      podLabels: { ...selector, [keys.environment]: environment.name, ...(team ? { [keys.team]: team } : {}) },
    });
    for (const object of objects) new ApiObject(this, `${object.kind}`.toLowerCase(), object);
  }
}
