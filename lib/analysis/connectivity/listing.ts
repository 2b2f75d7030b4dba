import type { Cluster, PlacedWorkload, UnreadPolicy } from '../../model/cluster';
import type {
  ConnectivityListing,
  ListedIsolation,
  ListedReason,
  ListedUnread,
  ListedWorkload,
  WorkloadRef,
} from '../../model/connectivity-listing';
import { type Direction, type Policy, policyToString } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { podPorts } from '../../model/workload';
import type { PortSet } from '../../sets/port-set';
import { byKey } from '../grouping';
import type { Connectivity } from './connectivity';
import { listedAddresses } from './listing-addresses';
import { type Cell, Cells } from './listing-cells';
import { exposuresOf } from './listing-exposures';
import { factsOf } from './listing-facts';
import { filteredPorts, type ListingFilters } from './listing-filters';
import { outsideOf } from './listing-outside';
import { listedPlace } from './listing-place';
import { portTexts } from './listing-ports';
import type { Reasons } from './listing-reasons';
import { rowsOf } from './listing-rows';
import { openToStrangers } from './listing-strangers';
import type { Side } from './sides';

/**
 * Who may talk to whom, in rows of workloads that are alike: as many as policies tell apart, and not as many as there are pairs.
 *
 * A workload among its own pods is listed as other pairs are, since it may have replicas; a Pod by itself is not.
 */
export function listConnectivity(connectivity: Connectivity, filters: ListingFilters = {}): ConnectivityListing {
  const { cluster, profile } = connectivity;
  const cells = new Cells(cluster);
  const refs = refsOf(cells.workloads);
  const refOf = (workload: PlacedWorkload) => refs.get(workload)!;
  const listRefs = ({ numbers }: Cell) => numbers.map((number) => refOf(cells.workloads[number]!));

  const facts = rowsOf(factsOf(connectivity, cells, filters), cells);
  const outside = outsideOf(connectivity, cells, filters);
  const shown = shownWorkloads(cells, filters, [
    ...facts.flatMap(({ sources, destinations }) => [sources, destinations]),
    ...outside.map(({ workloads }) => workloads),
  ]);
  const isWanted = (workload: PlacedWorkload | undefined, ports: PortSet) => {
    if (!workload) return filters.from === undefined && filters.to === undefined && filters.focus === undefined;
    const party = filters.to ?? filters.focus;
    if (filters.from || (party && !party.workloads.has(workload))) return false;
    return !filters.ports || !ports.intersect(filteredPorts(filters, podPorts(workload))).isEmpty;
  };

  const listedStrangers = (direction: Direction) => {
    const open = openToStrangers(connectivity, direction);
    return cells.workloads.filter((workload) => open.has(workload) && shown.has(workload)).map(refOf);
  };

  return {
    cni: { id: profile.id, name: profile.name },
    totals: {
      namespaces: cluster.namespaces.length,
      workloads: cluster.workloads.length,
      policies: cluster.policies.length,
    },
    filters: filterTexts(filters),
    connections: facts.map((row) => ({
      sources: listRefs(row.sources),
      destinations: listRefs(row.destinations),
      ...listedPorts(row),
    })),
    outside: outside.map((row) => ({
      direction: row.direction,
      addresses: listedAddresses(row.addresses),
      workloads: listRefs(row.workloads),
      ...listedPorts(row),
    })),
    workloads: listedWorkloads(connectivity, shown, refOf),
    ...listedNamespaces(cluster),
    strangers: {
      ingress: listedStrangers('ingress'),
      egress: listedStrangers('egress'),
    },
    idlePolicies: idlePolicies(connectivity),
    exposures: exposuresOf(connectivity, refOf, isWanted),
    unread: cluster.unread.map(listedUnread).sort(byKey((u) => `${u.kind}\0${u.namespace ?? ''}\0${u.name}`)),
    skipped: [...cluster.skipped].map(([what, count]) => ({ what, count })).sort(byKey(({ what }) => what)),
  };
}

/** Whether a policy of a kind that is not read leaves some listed connection open. */
export function hasUnreadDoubt({ connections, outside }: ConnectivityListing): boolean {
  const question = 'what does a policy of a kind that is not read do?';
  return [...connections, ...outside].some((row) => row.because.some((reason) => reason.question === question));
}

/** Names of workloads, by which listings call them. */
export function refsOf(workloads: readonly PlacedWorkload[]): ReadonlyMap<PlacedWorkload, WorkloadRef> {
  const kinds = new Map<string, Set<string>>();
  for (const { namespace, name, kind } of workloads) {
    const id = `${namespace}/${name}`;
    const known = kinds.get(id);
    if (known) known.add(kind);
    else kinds.set(id, new Set([kind]));
  }
  return new Map(
    workloads.map((workload) => {
      const { namespace, name, kind } = workload;
      const short = `${namespace}/${name}`;
      const id = kinds.get(short)!.size > 1 ? `${kind}/${short}` : short;
      return [workload, { id, namespace, name, kind }] as const;
    }),
  );
}

function shownWorkloads(
  { workloads }: Cells,
  { from, to, focus }: ListingFilters,
  rows: readonly Cell[],
): ReadonlySet<PlacedWorkload> {
  const parties = [from, to, focus].filter((party) => party !== undefined);
  if (parties.length === 0) return new Set(workloads);
  const shown = new Set(parties.flatMap((party) => [...party.workloads]));
  for (const cell of new Set(rows)) for (const number of cell.numbers) shown.add(workloads[number]!);
  return shown;
}

function listedWorkloads(
  connectivity: Connectivity,
  shown: ReadonlySet<PlacedWorkload>,
  refOf: (workload: PlacedWorkload) => WorkloadRef,
): ListedWorkload[] {
  return connectivity.classes
    .flatMap(({ index, workloads }) => {
      const [ingress, egress] = [connectivity.sideOf(index, 'ingress'), connectivity.sideOf(index, 'egress')];
      const selectedBy = policyNames([...ingress.policies, ...egress.policies]);
      return workloads
        .filter((workload) => shown.has(workload))
        .map((workload) => ({
          ...refOf(workload),
          network: workload.network,
          ingress: isolationOf(ingress),
          egress: isolationOf(egress),
          selectedBy,
        }));
    })
    .sort(byKey(({ namespace, name, kind }) => `${namespace}\0${name}\0${kind}`));
}

export function isolationOf({ isolation }: Side): ListedIsolation {
  if (isolation === 'none') return 'open';
  return isolation === 'certain' ? 'isolated' : 'unknown';
}

function policyNames(policies: readonly Policy[]): string[] {
  return [...new Set(policies.map(policyToString))].sort();
}

function idlePolicies(connectivity: Connectivity): string[] {
  const selecting = new Set<Policy>();
  const sides = connectivity.classes.flatMap(({ index }) =>
    (['ingress', 'egress'] as const).map((direction) => connectivity.sideOf(index, direction)),
  );
  for (const side of new Set(sides)) for (const policy of side.policies) selecting.add(policy);
  return policyNames(connectivity.cluster.policies.filter((policy) => !selecting.has(policy)));
}

function listedNamespaces({ namespaces, workloads, policies }: Cluster) {
  const counts = new Map<string, number>();
  for (const { namespace } of workloads) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  const asks = policies
    .flatMap(({ rules }) => rules)
    .filter(({ peers }) =>
      peers.some((peer) => peer.kind === 'pods' && peer.namespaces.keys.some((key) => key !== namespaceNameKey)),
    );
  return {
    namespaces: namespaces
      .map(({ name, source }) => ({ name, workloads: counts.get(name) ?? 0, labels: source }))
      .sort(byKey(({ name }) => name)),
    rulesByNamespaceLabels: asks.length,
  };
}

function listedPorts(row: {
  readonly ports: PortSet;
  readonly decision: 'allowed' | 'unknown';
  readonly because: Reasons;
}) {
  const because = [...row.because]
    .map(([question, examples]): ListedReason => ({ question, examples }))
    .sort(byKey(({ question }) => question));
  return { ports: portTexts(row.ports), decision: row.decision, because };
}

export function listedUnread({ kind, name, namespace, place }: UnreadPolicy): ListedUnread {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }), place: listedPlace(place) };
}

function filterTexts({ from, to, focus, ports }: ListingFilters): ConnectivityListing['filters'] {
  return {
    ...(from ? { from: from.text } : {}),
    ...(to ? { to: to.text } : {}),
    ...(focus ? { focus: focus.text } : {}),
    ...(ports ? { ports: ports.text } : {}),
  };
}
