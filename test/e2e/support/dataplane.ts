import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { built } from './binaries';
import type { ControlPlane } from './control-plane';
import { felixEnvironment, felixScript, installCalico } from './felix';
import { Part } from './part';
import { Pods, type Transport } from './pods';
import { notSent } from './requirements';
import { Turn } from './turn';

/** The network namespace in which Felix forwards and filters, as on a node. */
export const node = 'node';
export const nodeAddress = '192.0.2.1';

/** The hardware address of the node's end of every pod's cable. */
const gateway = 'ee:ee:ee:ee:ee:ee';

export interface PodProps {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly address: string;
  /** What the pod declares. It listens on more ports than these: see `serve`. */
  readonly ports?: readonly { readonly name?: string; readonly number: number; readonly protocol: Transport }[];
}

/**
 * One node of Calico: Felix enforces policies in a network namespace of its own, and pods are network namespaces behind it. Nothing of the machine's own
 * network is touched, and all of it is gone with the process.
 */
export class Dataplane {
  readonly pods: Pods;
  readonly felix: Part;
  readonly #plane: ControlPlane;
  readonly #turn: Turn;

  static async start(plane: ControlPlane): Promise<Dataplane> {
    console.info(`packets are not sent by ${notSent().join(', nor by ')}`);
    const pods = new Pods(plane.keeper);
    const path = await pods.do('namespace', { name: node });
    await pods.do('run', { in: node, command: ['ip', 'link', 'set', 'lo', 'up'] });
    await pods.do('run', { in: node, command: ['ip', 'address', 'add', `${nodeAddress}/32`, 'dev', 'lo'] });
    await pods.do('run', { in: node, command: ['sysctl', '-qw', 'net.ipv4.ip_forward=1'] });
    await pods.do('relay', { to: node, port: Number(new URL(plane.url).port) });
    await installCalico(plane, node);
    const dataplane = new Dataplane(plane, pods, path);
    await dataplane.felix.start();
    await dataplane.#turn.prepare();
    return dataplane;
  }

  private constructor(plane: ControlPlane, pods: Pods, path: string) {
    this.#plane = plane;
    this.pods = pods;
    this.#turn = new Turn(plane, this);
    this.felix = new Part({
      name: 'felix',
      // Its own /run and /var/lib, where it writes what the next one would read.
      command: 'nsenter',
      args: [`--net=${path}`, 'unshare', '--mount', 'sh', '-ec', felixScript, join(built('felix'), 'calico-felix')],
      env: felixEnvironment(plane.kubeconfig(), node),
      log: join(plane.keeper.folder('felix'), 'felix.log'),
      isReady: async (printed) => printed.includes('Completed first update to dataplane'),
      keeper: plane.keeper,
    });
  }

  /** Makes pods, whose namespaces have to exist. They can be asked once that is settled. */
  async add(list: readonly PodProps[]): Promise<void> {
    await Promise.all(list.map((pod) => this.#wire(pod)));
    await Promise.all(list.map((pod) => this.#register(pod)));
  }

  async serve(
    pod: { readonly namespace: string; readonly name: string },
    protocol: Transport,
    ports: readonly number[],
  ) {
    await this.pods.do('serve', { in: nameOf(pod), protocol, ports });
  }

  /** Waits until everything that was written to the API before is in force. @throws if Felix has died, since it leaves traffic open */
  async settle(): Promise<void> {
    await this.#turn.take();
    if (this.felix.pid === undefined) throw new Error(`felix has ended:\n${this.felix.log().slice(-3000)}`);
  }

  /** An address outside of the cluster: a network namespace of that name, behind a router of the node. */
  async outside(address: string): Promise<void> {
    const device = `out${createHash('sha1').update(address).digest('hex').slice(0, 10)}`;
    const path = await this.pods.do('namespace', { name: address });
    await this.#ip(node, [
      `link add ${device} type veth peer name eth0 netns ${path}`,
      `link set ${device} up`,
      `address add 169.254.2.1/32 dev ${device}`,
      `route add ${address}/32 dev ${device} scope link`,
    ]);
    await this.#ip(address, [
      'link set lo up',
      'link set eth0 up',
      `address add ${address}/32 dev eth0`,
      'route add 169.254.2.1 dev eth0 scope link',
      'route add default via 169.254.2.1',
    ]);
  }

  async #wire(pod: PodProps): Promise<void> {
    const name = nameOf(pod);
    const device = deviceOf(pod);
    const path = await this.pods.do('namespace', { name });
    await this.#ip(node, [
      `link add ${device} address ${gateway} type veth peer name eth0 address ${macOf(pod)} netns ${path}`,
      `link set ${device} up`,
      `neighbour add ${pod.address} lladdr ${macOf(pod)} dev ${device} nud permanent`,
    ]);
    await this.#ip(name, [
      'link set lo up',
      `address add ${pod.address}/32 dev eth0`,
      'link set eth0 up',
      `neighbour add 169.254.1.1 lladdr ${gateway} dev eth0 nud permanent`,
      'route add 169.254.1.1 dev eth0 scope link',
      'route add default via 169.254.1.1',
    ]);
  }

  async #register({ namespace, name, labels = {}, address, ports = [] }: PodProps): Promise<void> {
    const declared = ports.map((port) => ({
      ...(port.name ? { name: port.name } : {}),
      containerPort: port.number,
      protocol: port.protocol,
    }));
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await this.#plane.admin.done('POST', path, {
      metadata: { name, labels },
      spec: { nodeName: node, containers: [{ name: 'main', image: 'none', ports: declared }] },
    });
    const status = { phase: 'Running', podIP: address, podIPs: [{ ip: address }] };
    await this.#plane.admin.done('PATCH', `${path}/${name}/status`, { status }, 'application/merge-patch+json');
  }

  async #ip(namespace: string, commands: readonly string[]): Promise<void> {
    await this.pods.do('run', {
      in: namespace,
      command: ['ip', '-batch', '-'],
      input: commands.map((c) => `${c}\n`).join(''),
    });
  }
}

/** How a pod's network namespace is called. */
export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The name by which Felix knows the node's end of a pod's cable. */
function deviceOf({ namespace, name }: PodProps): string {
  return `cali${createHash('sha1').update(`${namespace}.${name}`).digest('hex').slice(0, 11)}`;
}

function macOf({ address }: PodProps): string {
  return ['02', '00', ...address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))].join(':');
}
