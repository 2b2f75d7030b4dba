import { calico } from '../../../lib/model/cni/calico';
import type { Connection } from '../../../lib/model/connection';
import { clusterOfObjects } from '../../../lib/read/cluster';
import { Engines, type Party } from '../../support/engines';
import { nameOf, type PodProps } from '../support/dataplane';
import type { Transport } from '../support/pods';
import type { Expected } from './compare';
import type { StoredPolicy } from './policies';

/** Who there is, and what is asked of each. */
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
  readonly source: Party;
  readonly destination: Party;
  readonly connection: Connection;
}

/** The same world as the engine reads it, under Calico's profile. */
export function enginesOf(props: WorldProps, policies: readonly StoredPolicy[]): Engines {
  const namespaces = props.namespaces.map(({ name, labels = {} }) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
  }));
  return new Engines(clusterOfObjects([...namespaces, ...props.pods.map(podObject), ...policies]), calico);
}

/** Every connection of two different ends, one of them a pod, on every port. */
export function connectionsOf({ pods, outside, ports }: WorldProps, engines: Engines): Asked[] {
  const ends = [
    ...pods.map((pod) => ({ name: nameOf(pod), address: pod.address, party: engines.pod(nameOf(pod)) as Party })),
    ...outside.map((address) => ({ name: address, address, party: engines.address(address) })),
  ];
  const all = (['TCP', 'UDP'] as const).flatMap((protocol) => ports[protocol].map((port) => ({ protocol, port })));
  return ends.flatMap((from, i) =>
    ends.flatMap((to, j) => {
      if (i === j || Math.min(i, j) >= pods.length) return [];
      const [source, destination] = [from.party, to.party];
      return all.map((port): Asked => {
        return {
          from,
          to,
          ...port,
          source,
          destination,
          connection: { source: source.end, destination: destination.end, ...port },
        };
      });
    }),
  );
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
