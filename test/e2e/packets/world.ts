import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Decision } from '../../../lib/model/connection';
import { decisionAt } from '../../support/engines';
import { ControlPlane } from '../support/control-plane';
import { Dataplane, nameOf } from '../support/dataplane';
import type { Probe, Transport } from '../support/pods';
import { connectionToString, differences, type Expected } from './compare';
import { replacePolicies, type StoredPolicy } from './policies';
import { type Asked, connectionsOf, enginesOf, type WorldProps } from './questions';

/** One small cluster: real pods behind a real dataplane, and the same as the engine reads it. */
export class World {
  static async start(props: WorldProps): Promise<World> {
    const plane = await ControlPlane.start();
    try {
      const dataplane = await Dataplane.start(plane);
      for (const { name, labels } of props.namespaces) await plane.namespace(name, labels);
      await dataplane.add(props.pods);
      for (const address of props.outside) await dataplane.outside(address);
      const served = Object.entries(props.ports) as [Transport, readonly number[]][];
      for (const name of [...props.pods.map(nameOf), ...props.outside]) {
        for (const [protocol, ports] of served) await dataplane.pods.do('serve', { in: name, protocol, ports });
      }
      return new World(plane, dataplane, props);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  private constructor(
    readonly plane: ControlPlane,
    readonly dataplane: Dataplane,
    private readonly props: WorldProps,
  ) {}

  /** The policies are in force when this is done, and no others. */
  async apply(policies: readonly StoredPolicy[]): Promise<void> {
    await replacePolicies(this.plane, policies);
    await this.dataplane.settle();
  }

  /** Every connection of two different ends, one of them a pod, on every port. */
  connections(): Asked[] {
    return connectionsOf(this.props, enginesOf(this.props, []));
  }

  /**
   * What of the engine's answers is not what is expected, and what the packets do otherwise; empty if all agree. Packets are sent only where the engine
   * agrees with what is expected of it.
   */
  async disagreements(
    policies: readonly StoredPolicy[],
    expected: ((connection: Connection) => Decision) | 'what the engine says',
  ): Promise<{ readonly asked: number; readonly allowed: number; readonly found: readonly string[] }> {
    const engines = enginesOf(this.props, policies);
    const all = connectionsOf(this.props, engines);
    const found: string[] = [];
    const sent: Expected[] = [];
    for (const one of all) {
      const { connectivity } = engines.reachesBetween(one.source, one.destination);
      const says = decisionAt(connectivity, one.protocol, one.port);
      const wanted = expected === 'what the engine says' ? says : expected(one.connection);
      if (says === wanted && says !== 'unknown') sent.push({ ...one, expected: says });
      else found.push(`${connectionToString(one)}: ${says} by the engine, but ${wanted}`);
    }
    const allowed = sent.filter((one) => one.expected === 'allowed').length;
    return { asked: all.length, allowed, found: [...found, ...(await differences(this.dataplane, sent))] };
  }

  /** What of these connections fails while something happens: new ones, again and again, and one of each that stays open. */
  async cutDuring(connections: readonly Asked[], happens: () => Promise<void>): Promise<readonly string[]> {
    const { pods } = this.dataplane;
    const talks = connections.map(
      ({ from, to, port, protocol }): Probe => ({ from: from.name, to: to.address, port, protocol }),
    );
    await pods.do('talk', { talks, everyMs: 50 });
    await sleep(300);
    const happened = happens().then(() => this.dataplane.settle());
    await happened.then(() => sleep(300)).catch(() => {}); // the talk ends in any case
    const said = await pods.do('hush', {});
    await happened;
    return said.flatMap(({ times, failures }, i) => {
      const name = connectionToString(connections[i]!);
      if (times < 5) return [`${name}: only ${times} connections were tried`];
      return (failures ?? []).map((failure) => `${name}: ${failure}`);
    });
  }

  async stop(): Promise<void> {
    await this.plane.stop();
  }
}
