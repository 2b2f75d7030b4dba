import type { Direction } from '../model/policy';
import type { RankedWorkloads, ReachCount, ReachRanking } from '../model/reach-listing';
import type { Connectivity } from './connectivity/connectivity';
import { refsOf } from './connectivity/listing';
import { Cells } from './connectivity/listing-cells';
import { groupedBy, listingHead } from './listing-head';
import { reachCounts } from './reach-counts';

/** All workloads by how many others somebody reaches who breaks in there; workloads with the same figures are one row. */
export function listReachRanking(connectivity: Connectivity): ReachRanking {
  const { cluster, profile, classes } = connectivity;
  const cells = new Cells(cluster);
  const refs = refsOf(cells.workloads);
  const numbers = new Map(cells.workloads.map((workload, number) => [workload, number] as const));
  const [certain, possible] = [reachCounts(connectivity, 'certain'), reachCounts(connectivity, 'possible')];
  const exposedBy = exposingObjects(connectivity);

  const figures = classes.flatMap(({ index, workloads }) => {
    const direct = countOf(certain.direct[index]!, possible.direct[index]!);
    const all = countOf(certain.all[index]!, possible.all[index]!);
    const [fromOutside, toOutside] = [outside(connectivity, index, 'ingress'), outside(connectivity, index, 'egress')];
    const own = { direct, all, fromOutside, toOutside, exposedBy: exposedBy.get(index) ?? [] };
    const key = JSON.stringify(own);
    return workloads.map((workload) => ({ workload, own, key }));
  });
  const rows = [...groupedBy(figures, ({ key }) => key).values()].map((alike) => {
    const own = alike.map(({ workload }) => numbers.get(workload)!).sort((a, b) => a - b);
    return { first: own[0]!, row: { workloads: own.map((n) => refs.get(cells.workloads[n]!)!), ...alike[0]!.own } };
  });
  rows.sort((a, b) => farther(a.row, b.row) || a.first - b.first);
  return { mode: 'ranking', ...listingHead(cluster, profile), rows: rows.map(({ row }) => row) };
}

function countOf(certain: number, possible: number): ReachCount {
  return { allowed: certain, unknown: possible - certain };
}

function farther(a: RankedWorkloads, b: RankedWorkloads): number {
  return (
    b.all.allowed - a.all.allowed ||
    b.all.unknown - a.all.unknown ||
    b.direct.allowed - a.direct.allowed ||
    b.direct.unknown - a.direct.unknown
  );
}

function outside(connectivity: Connectivity, index: number, direction: Direction): RankedWorkloads['fromOutside'] {
  const reaches = connectivity.addresses(index, direction);
  if (reaches.some(({ certain }) => !certain.isEmpty)) return 'allowed';
  return reaches.some(({ possible }) => !possible.isEmpty) ? 'unknown' : 'denied';
}

/** The Ingresses and routes that lead to each class, by its number. */
function exposingObjects({ cluster, classes }: Connectivity): ReadonlyMap<number, readonly string[]> {
  const services = new Map(cluster.services.map((s) => [`${s.namespace}/${s.name}`, s] as const));
  const found = new Map<number, Set<string>>();
  for (const { kind, namespace, name, backends } of cluster.exposures) {
    for (const backend of backends) {
      const selector = services.get(`${backend.namespace}/${backend.service}`)?.selector;
      if (!selector) continue;
      const labels = Object.entries(selector);
      for (const { index, end } of classes) {
        if (end.namespace !== backend.namespace || labels.some(([key, value]) => end.labels[key] !== value)) continue;
        const names = found.get(index) ?? new Set();
        found.set(index, names.add(`${kind} ${namespace}/${name}`));
      }
    }
  }
  return new Map([...found].map(([index, names]) => [index, [...names].sort()] as const));
}
