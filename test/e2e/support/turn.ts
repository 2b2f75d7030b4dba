import type { ControlPlane } from './control-plane';
import { type Dataplane, nameOf } from './dataplane';

const namespace = 'e2e-turn';
const asker = { namespace, name: 'asker', address: '10.254.0.1' };
const answerer = { namespace, name: 'answerer', address: '10.254.0.2' };
const ports = [1001, 1002] as const;
const timeoutMs = 200;

/**
 * Tells when Felix has seen all that was written before: it takes the changes of one kind in their order, so that a change of each kind is written last, on which
 * together one more connection depends.
 */
export class Turn {
  #number = 0;

  constructor(
    readonly plane: ControlPlane,
    readonly dataplane: Dataplane,
  ) {}

  async prepare(): Promise<void> {
    await this.plane.namespace(namespace);
    await this.dataplane.add([asker, answerer]);
    await this.dataplane.serve(answerer, 'TCP', ports);
    await this.take();
  }

  async take(): Promise<void> {
    const turn = String(++this.#number);
    const { admin } = this.plane;
    const labelled = { metadata: { labels: { turn } } };
    const merge = 'application/merge-patch+json';
    await admin.done('PATCH', `/api/v1/namespaces/${namespace}`, labelled, merge);
    await admin.done('PATCH', `/api/v1/namespaces/${namespace}/pods/${asker.name}`, labelled, merge);
    const port = ports[this.#number % 2]!;
    const selector = { matchLabels: { turn } };
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'turn' },
      spec: {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: selector, podSelector: selector }], ports: [{ port }] }],
      },
    };
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/turn?fieldManager=e2e&force=true`;
    await admin.done('PATCH', path, policy, 'application/apply-patch+yaml');
    await this.#answered(port);
  }

  async #answered(port: number): Promise<void> {
    const probes = [{ from: nameOf(asker), to: answerer.address, port, protocol: 'TCP' as const }];
    const end = Date.now() + 60_000;
    while ((await this.dataplane.pods.do('probe', { probes, timeoutMs }))[0] !== nameOf(answerer)) {
      if (Date.now() > end || this.dataplane.felix.pid === undefined) {
        throw new Error(`felix does not take over what is written:\n${this.dataplane.felix.log().slice(-3000)}`);
      }
    }
  }
}
