import type { WorkloadRef } from '../../model/connectivity-listing';
import type { BlastRadius, StolenReachListing } from '../../model/reach-listing';
import type { GraphSource } from '../connectivity/graph';
import { distinct } from './words';

/** The tree of shortest ways as connections to draw: what is not reached is not in it. */
export function radiusAsConnections(listing: BlastRadius): GraphSource {
  const { rows, addresses, from, namespaces, totals } = listing;
  const inside = rows.filter(({ via }) => via !== undefined);
  const entered = rows.filter(({ via }) => via === undefined);
  return {
    namespaces,
    totals,
    workloads: shown([...from.workloads, ...rows.flatMap(({ targets }) => targets)]),
    connections: inside.map(({ via, targets, ports, unknownPorts, decision, because }) => ({
      sources: [via!],
      destinations: targets,
      ports: ports.length > 0 ? ports : unknownPorts,
      decision,
      because,
    })),
    outside: [
      ...entered.map(({ targets, ports, unknownPorts, decision, because }) => ({
        direction: 'ingress' as const,
        addresses: from.addresses!,
        workloads: targets,
        ports: ports.length > 0 ? ports : unknownPorts,
        decision,
        because,
      })),
      ...addresses.map((row) => ({ ...row, direction: 'egress' as const })),
    ],
  };
}

/** The stolen pod as one more workload of its namespace. */
export function stolenAsConnections(listing: StolenReachListing): GraphSource {
  const { namespace, namespaces, rows, totals } = listing;
  const name = 'a pod with labels of free choice';
  const pod: WorkloadRef = { id: `${namespace}/${name}`, namespace, name, kind: 'Pod' };
  const inside = rows.filter(({ addresses }) => addresses === undefined);
  return {
    namespaces,
    totals,
    workloads: shown([pod, ...rows.flatMap(({ workloads }) => workloads)]),
    connections: inside.map(({ direction, workloads, ports, decision, because }) => {
      const [sources, destinations] = direction === 'egress' ? [[pod], workloads] : [workloads, [pod]];
      return { sources, destinations, ports, decision, because };
    }),
    outside: rows.flatMap(({ direction, addresses, ports, decision, because }) =>
      addresses ? [{ direction, addresses, workloads: [pod], ports, decision, because }] : [],
    ),
  };
}

function shown(refs: readonly WorkloadRef[]): GraphSource['workloads'] {
  const unasked = { network: 'pod', ingress: 'open', egress: 'open', selectedBy: [] } as const;
  return distinct(refs).map((ref) => ({ ...ref, ...unasked }));
}
