import type { Exposure, PlacedWorkload } from '../../model/cluster';
import type { ListedExposure, WorkloadRef } from '../../model/connectivity-listing';
import type { RulePeer } from '../../model/policy';
import type { ServiceObject } from '../../model/service-object';
import { highestPort, lowestPort, type PortItem, PortSet } from '../../sets/port-set';
import type { Connectivity } from './connectivity';
import { listedPlace } from './listing-place';
import { portTexts } from './listing-ports';
import type { PodClass } from './pod-classes';
import { PortTable, RulePorts } from './port-table';

type Backend = Exposure['backends'][number];

/** The workloads behind Ingresses and routes, and whom their policies let in there. */
export function exposuresOf(
  connectivity: Connectivity,
  refOf: (workload: PlacedWorkload) => WorkloadRef,
  isWanted: (workload: PlacedWorkload | undefined, ports: PortSet) => boolean,
): ListedExposure[] {
  const { cluster, classes } = connectivity;
  if (cluster.exposures.length === 0) return [];
  const services = new Map<string, ServiceObject>(
    cluster.services.map((service) => [`${service.namespace}/${service.name}`, service]),
  );
  const table = new PortTable();
  const listed = cluster.exposures.flatMap((exposure) =>
    exposure.backends.flatMap((backend): ListedExposure[] => {
      const head = {
        kind: exposure.kind,
        namespace: exposure.namespace,
        name: exposure.name,
        service: `${backend.namespace}/${backend.service}`,
      };
      const place = listedPlace(exposure.place);
      const service = services.get(head.service);
      const found = service ? workloadsBehind(classes, backend.namespace, service) : [];
      const rows = found.flatMap(([podClass, workload]): ListedExposure[] => {
        const ports = targetPorts(service!, backend, workload);
        if (!isWanted(workload, ports)) return [];
        const admitted = admissionOf(connectivity, podClass, ports, table);
        return [{ ...head, workload: refOf(workload), ports: portTexts(ports), ...admitted, place }];
      });
      if (found.length > 0 || !isWanted(undefined, PortSet.all)) return rows;
      return [{ ...head, ports: [], admits: 'unknown', peers: [], place }];
    }),
  );
  const keyed = listed.map((row) => [keyOf(row), row] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row);
}

function workloadsBehind(
  classes: readonly PodClass[],
  namespace: string,
  { selector }: ServiceObject,
): (readonly [PodClass, PlacedWorkload])[] {
  if (!selector) return [];
  const labels = Object.entries(selector);
  return classes
    .filter(({ end }) => end.namespace === namespace && labels.every(([key, value]) => end.labels[key] === value))
    .flatMap((podClass) => podClass.workloads.map((workload) => [podClass, workload] as const));
}

/** The pod's own ports; empty where the Service has no such port, or the pod none of that name. */
function targetPorts({ ports }: ServiceObject, { port }: Backend, workload: PlacedWorkload): PortSet {
  const fitting = ports.filter((p) => port === undefined || p.port === port || p.name === port);
  return PortSet.of(
    fitting.flatMap(({ targetPort, protocol }): PortItem[] => {
      const numbers =
        typeof targetPort === 'number'
          ? [targetPort]
          : workload.ports.filter((p) => p.name === targetPort && p.protocol === protocol).map(({ number }) => number);
      const isPort = (number: number) => number >= lowestPort && number <= highestPort;
      return numbers.filter(isPort).map((number) => ({ protocol, first: number, last: number }));
    }),
  );
}

function admissionOf(
  connectivity: Connectivity,
  { index, end }: PodClass,
  ports: PortSet,
  table: PortTable,
): Pick<ListedExposure, 'admits' | 'peers'> {
  const side = connectivity.sideOf(index, 'ingress');
  if (side.isolation === 'none') return { admits: 'anyone', peers: [] };
  if (side.isolation === 'unread' || ports.isEmpty) return { admits: 'unknown', peers: [] };
  const rules = side.policies
    .flatMap((policy) => policy.rules)
    .filter(({ direction }) => direction === 'ingress')
    .map((rule) => ({ peers: rule.peers, ports: table.setOf(new RulePorts(rule.ports, table).at(end.ports)) }))
    .filter((rule) => !rule.ports.intersect(ports).isEmpty);
  const everyone = rules.filter(({ peers }) => peers.some(({ kind }) => kind === 'everyone'));
  const toEveryone = everyone.reduce((union, rule) => union.union(rule.ports), PortSet.empty);
  if (ports.isSubsetOf(toEveryone)) return { admits: 'anyone', peers: [] };
  const peers = [...new Set(rules.flatMap((rule) => rule.peers.map(peerText)))].sort();
  if (side.isolation === 'perhaps') return { admits: 'unknown', peers };
  return { admits: peers.length > 0 ? 'some' : 'nobody', peers };
}

function peerText(peer: RulePeer): string {
  switch (peer.kind) {
    case 'everyone':
      return 'anyone, on some of the ports';
    case 'addresses':
      return peer.block.cidr + (peer.block.except.length > 0 ? ` except ${peer.block.except.join(', ')}` : '');
    case 'pods': {
      const namespaces = peer.namespaces.isEverything ? 'any namespace' : `namespaces ${peer.namespaces}`;
      return `${peer.pods.isEverything ? 'any pod' : `pods ${peer.pods}`} in ${namespaces}`;
    }
  }
}

function keyOf({ kind, namespace, name, service, workload, ports }: ListedExposure): string {
  return [namespace, name, kind, service, workload?.id ?? '', ports.join()].join('\0');
}
