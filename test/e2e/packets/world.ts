import { setTimeout as sleep } from 'node:timers/promises';
import { calico } from '../../../lib/model/cni/calico';
import type { Connection, Decision } from '../../../lib/model/connection';
import { clusterOfObjects } from '../../../lib/read/cluster';
import { decisionAt, Engines, type Party } from '../../support/engines';
import { ControlPlane } from '../support/control-plane';
import { Dataplane, nameOf, type PodProps } from '../support/dataplane';
import type { Probe, Transport } from '../support/pods';
import { differences, type Expected, type Target } from './compare';
import { replacePolicies, type StoredPolicy } from './policies';

export interface WorldProps {
  readonly namespaces: readonly { readonly name: string; readonly labels?: Readonly<Record<string, string>> }[];
  readonly pods: readonly PodProps[];
  /** Addresses outside of the cluster. */
  readonly outside: readonly string[];
  /** Everything listens on all of them. */
  readonly ports: Readonly<Record<Transport, readonly number[]>>;
}

/** A connection that is asked of the engine and of the packets alike. */
export interface Asked extends Omit<Expected, 'expected'> {
  readonly connection: Connection;
}

/** One small cluster: real pods behind a real dataplane, and the same as the engine reads it. */
export class World {
  static async start(props: WorldProps): Promise<World> {
    const plane = await ControlPlane.start();
    try {
      const dataplane = await Dataplane.start(plane);
      for (const { name, labels } of props.namespaces) await plane.namespace(name, labels);
      await dataplane.add(props.pods);
      for (const address of props.outside) await dataplane.outside(address, [address]);
      const names = [...props.pods.map(nameOf), ...props.outside];
      const served = Object.entries(props.ports) as [Transport, readonly number[]][];
      await Promise.all(
        names.flatMap((name) =>
          served.map(([protocol, ports]) => dataplane.pods.do('serve', { in: name, protocol, ports })),
        ),
      );
      return new World(plane, dataplane, props);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  private constructor(
    readonly plane: ControlPlane,
    readonly dataplane: Dataplane,
    readonly props: WorldProps,
  ) {}

  /** The policies are in force when this is done, and no others. */
  async apply(policies: readonly StoredPolicy[]): Promise<void> {
    await replacePolicies(this.plane, policies);
    await this.dataplane.settle();
  }

  /** Every connection of two different ends, one of them a pod, on every port. */
  connections(engines: Engines): Asked[] {
    const pods = this.props.pods.map((pod) => ({ target: targetOf(pod), party: engines.pod(nameOf(pod)) as Party }));
    const outside = this.props.outside.map((address) => ({
      target: { name: address, address },
      party: engines.address(address),
    }));
    const ends = [...pods, ...outside];
    const ports = (['TCP', 'UDP'] as const).flatMap((protocol) =>
      this.props.ports[protocol].map((port) => ({ protocol, port })),
    );
    return ends.flatMap((from, i) =>
      ends.flatMap((to, j) => {
        if (i === j || Math.min(i, j) >= pods.length) return [];
        return ports.map(({ protocol, port }) => ({
          from: from.target,
          to: to.target,
          protocol,
          port,
          connection: { source: from.party.end, destination: to.party.end, protocol, port },
        }));
      }),
    );
  }

  /** What the engine says under Calico's profile. */
  engines(policies: readonly StoredPolicy[]): Engines {
    const namespaces = this.props.namespaces.map(({ name, labels = {} }) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
    }));
    return new Engines(clusterOfObjects([...namespaces, ...this.props.pods.map(podObject), ...policies]), calico);
  }

  /**
   * What of the engine's answers is not what is expected, and what the packets do otherwise; empty if all agree. Packets are sent only where the engine
   * agrees with what is expected of it.
   */
  async disagreements(
    policies: readonly StoredPolicy[],
    expected: ((connection: Connection) => Decision) | 'what the engine says',
  ): Promise<{ readonly asked: number; readonly allowed: number; readonly found: readonly string[] }> {
    const engines = this.engines(policies);
    const parties = new Map<unknown, Party>();
    for (const pod of this.props.pods) parties.set(engines.pod(nameOf(pod)).end, engines.pod(nameOf(pod)));
    const party = (end: Connection['source']) => parties.get(end) ?? { end: end as never };
    const found: string[] = [];
    const sent: Expected[] = [];
    const all = this.connections(engines);
    for (const { connection, ...asked } of all) {
      const { source, destination, protocol, port } = connection;
      const { connectivity } = engines.reachesBetween(party(source), party(destination));
      const says = decisionAt(connectivity, protocol, port);
      const wanted = expected === 'what the engine says' ? says : expected(connection);
      if (says === wanted && says !== 'unknown') sent.push({ ...asked, expected: says });
      else
        found.push(`${asked.from.name} to ${asked.to.name} ${port}/${protocol}: ${says} by the engine, but ${wanted}`);
    }
    const allowed = sent.filter((one) => one.expected === 'allowed').length;
    return { asked: all.length, allowed, found: [...found, ...(await differences(this.dataplane, sent))] };
  }

  /** What of these connections fails while something happens: new ones, again and again, and one of each that stays open. */
  async cutDuring(connections: readonly Asked[], happens: () => Promise<void>): Promise<readonly string[]> {
    const talks = connections.map(
      ({ from, to, port, protocol }): Probe => ({ from: from.name, to: to.address, port, protocol }),
    );
    await this.dataplane.pods.do('talk', { talks, everyMs: 50 });
    await sleep(300);
    await happens();
    await this.dataplane.settle();
    await sleep(300);
    const said = await this.dataplane.pods.do('hush', {});
    return said.flatMap(({ times, failures }, i) => {
      const { from, to, port, protocol } = connections[i]!;
      const name = `${from.name} to ${to.name} ${port}/${protocol}`;
      if (times < 5) return [`${name}: only ${times} connections were tried`];
      return (failures ?? []).map((failure) => `${name}: ${failure}`);
    });
  }

  async stop(): Promise<void> {
    await this.plane.stop();
  }
}

function targetOf(pod: PodProps): Target {
  return { name: nameOf(pod), address: pod.address };
}

function podObject({ namespace, name, labels = {}, address, ports = [] }: PodProps): object {
  const declared = ports.map((port) => ({ name: port.name, containerPort: port.number, protocol: port.protocol }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { containers: [{ name: 'main', image: 'none', ports: declared }] },
    status: { podIP: address },
  };
}
