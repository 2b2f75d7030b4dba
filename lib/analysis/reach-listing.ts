import type { PlacedWorkload } from '../model/cluster';
import type { AddressEnd } from '../model/connection';
import type { ListedReason, WorkloadRef } from '../model/connectivity-listing';
import type { BlastRadius, ReachedAddresses, ReachRow } from '../model/reach-listing';
import { addressRanges } from '../sets/address-set';
import { type Connectivity, type Reach, unknownPorts } from './connectivity/connectivity';
import { refsOf } from './connectivity/listing';
import { listedAddresses } from './connectivity/listing-addresses';
import { Cells } from './connectivity/listing-cells';
import { exposuresOf } from './connectivity/listing-exposures';
import type { PartySet } from './connectivity/listing-filters';
import { type OutsideFact, outsideOf } from './connectivity/listing-outside';
import { portTexts } from './connectivity/listing-ports';
import { type Reasons, reasonsFor } from './connectivity/listing-reasons';
import type { PodClass } from './connectivity/pod-classes';
import { byKey, groupedBy, listingHead } from './listing-head';
import { lastConnection, noAddresses, type Reached, type ReachStart, reachFrom } from './reach';

export interface BlastRadiusOptions {
  /** Ways that take more connections are not followed. @default no limit */
  readonly maxHops?: number;
}

/**
 * What somebody can reach who is in one of some workloads, or at one of some addresses: by shortest ways, hop by hop.
 *
 * Several workloads are one start: what any of them reaches. None of them is a target, nor are other pods of the same workload.
 */
export function listBlastRadius(
  connectivity: Connectivity,
  from: PartySet,
  { maxHops }: BlastRadiusOptions = {},
): BlastRadius {
  const { cluster, profile, classes } = connectivity;
  const naming = new Naming(connectivity, from);
  const start: ReachStart = { classes: naming.startClasses, addresses: from.addresses };
  const found = reachFrom(connectivity, start, { ...(maxHops ? { maxHops } : {}), rank: naming.rank });
  const targets = found.map((reached) => ({ reached, workloads: naming.targetsIn(reached.target) }));
  const real = targets.filter(({ workloads }) => workloads.length > 0);

  const certain = workloadsOf(real.filter(({ reached }) => reached.certainty === 'certain'));
  const perhaps = workloadsOf(real).filter(([workload]) => !new Map(certain).has(workload));
  const inner = (list: Hops) => list.filter(([, hops]) => hops < (maxHops ?? Number.POSITIVE_INFINITY));
  const own: Hops = [...from.workloads].map((workload) => [workload, 0] as const);
  const outside = [
    ...addressesFrom(connectivity, naming, own, 'allowed'),
    ...addressesFrom(connectivity, naming, inner(certain), 'allowed'),
    ...addressesFrom(connectivity, naming, inner(perhaps), 'unknown'),
  ];
  const isStart = (workload: PlacedWorkload | undefined) => workload !== undefined && from.workloads.has(workload);
  return {
    mode: 'from',
    ...listingHead(cluster, profile),
    from: {
      text: from.text,
      workloads: naming.refs([...from.workloads]),
      ...(from.addresses.isEmpty ? {} : { addresses: listedAddresses(from.addresses) }),
    },
    ...(maxHops ? { maxHops } : {}),
    reached: { allowed: certain.length, unknown: perhaps.length },
    rows: rowsOf(connectivity, start, naming, real),
    addresses: outside,
    entrances: {
      addresses: entrances(connectivity, naming, from),
      exposures: classes.length === 0 ? [] : exposuresOf(connectivity, naming.refOf, isStart),
    },
  };
}

/** Workloads with how near they are. */
type Hops = readonly (readonly [PlacedWorkload, number])[];

interface Target {
  readonly reached: Reached;
  readonly workloads: readonly PlacedWorkload[];
}

function workloadsOf(targets: readonly Target[]): Hops {
  const hops = new Map<PlacedWorkload, number>();
  for (const { reached, workloads } of targets) {
    for (const workload of workloads) hops.set(workload, Math.min(hops.get(workload) ?? reached.hops, reached.hops));
  }
  return [...hops];
}

/** Names workloads, and says which of a class stand for it. */
class Naming {
  readonly cells: Cells;
  readonly startClasses: ReadonlySet<number>;
  private readonly names: ReadonlyMap<PlacedWorkload, WorkloadRef>;
  private readonly numbers: ReadonlyMap<PlacedWorkload, number>;

  constructor(
    { cluster, classes }: Connectivity,
    private readonly from: PartySet,
  ) {
    this.cells = new Cells(cluster);
    this.names = refsOf(this.cells.workloads);
    this.numbers = new Map(this.cells.workloads.map((workload, number) => [workload, number] as const));
    const started = classes.filter(({ workloads }) => workloads.some((workload) => from.workloads.has(workload)));
    this.startClasses = new Set(started.map(({ index }) => index));
  }

  readonly refOf = (workload: PlacedWorkload): WorkloadRef => this.names.get(workload)!;

  readonly rank = ({ workloads }: PodClass): number =>
    workloads.reduce((least, workload) => Math.min(least, this.numbers.get(workload)!), Number.POSITIVE_INFINITY);

  refs(workloads: readonly PlacedWorkload[]): WorkloadRef[] {
    return this.inOrder(workloads).map(this.refOf);
  }

  targetsIn({ workloads }: PodClass): readonly PlacedWorkload[] {
    return workloads.filter((workload) => !this.from.workloads.has(workload));
  }

  /** The workload by which a class is named as the last stop of a way. */
  stop({ hops, target }: Reached): WorkloadRef {
    const fitting = hops === 0 ? target.workloads.filter((w) => this.from.workloads.has(w)) : this.targetsIn(target);
    return this.refOf(this.inOrder(fitting)[0]!);
  }

  private inOrder(workloads: readonly PlacedWorkload[]): PlacedWorkload[] {
    return [...workloads].sort((a, b) => this.numbers.get(a)! - this.numbers.get(b)!);
  }
}

/** One row for targets with the same last stop and the same ports. */
function rowsOf(connectivity: Connectivity, start: ReachStart, naming: Naming, targets: readonly Target[]): ReachRow[] {
  const stops = new Map<Reached, number>();
  const numberOf = (stop: Reached) => {
    if (!stops.has(stop)) stops.set(stop, stops.size);
    return stops.get(stop)!;
  };
  const connected = targets.map((target) => {
    const reach = lastConnection(connectivity, start, target.reached);
    const { hops, via, certainty } = target.reached;
    const stop = via ? numberOf(via) : -1;
    return { ...target, reach, key: `${hops} ${certainty} ${stop} ${reach.certain}|${reach.possible}` };
  });
  return [...groupedBy(connected, ({ key }) => key).values()].map((alike): ReachRow => {
    const { reached, reach } = alike[0]!;
    const open = unknownPorts(reach);
    return {
      hops: reached.hops,
      decision: reached.certainty === 'certain' ? 'allowed' : 'unknown',
      ...(reached.via ? { via: naming.stop(reached.via) } : {}),
      targets: naming.refs(alike.flatMap(({ workloads }) => workloads)),
      ports: portTexts(reach.certain),
      unknownPorts: portTexts(open),
      because: open.isEmpty ? [] : listedReasons(reasonsOf(connectivity, start, reached, reach)),
    };
  });
}

function reasonsOf(connectivity: Connectivity, start: ReachStart, { via, target }: Reached, reach: Reach): Reasons {
  const ingress = connectivity.sideOf(target.index, 'ingress');
  // Another pod than the source, also where the two are replicas.
  const destination = { ...target.end };
  if (via) {
    const sides = [connectivity.sideOf(via.target.index, 'egress'), ingress];
    return reasonsFor(connectivity, { source: via.target.end, destination }, sides, reach);
  }
  const open = connectivity.addresses(target.index, 'ingress').find((part) => {
    return !part.addresses.intersect(start.addresses).isEmpty && !unknownPorts(part).isEmpty;
  });
  const address = addressRanges(open!.addresses.intersect(start.addresses))[0]!.first;
  const source: AddressEnd = { kind: 'address', address };
  return reasonsFor(connectivity, { source, destination }, [ingress], reach);
}

/** Where workloads may connect to outside the cluster. @param way that leads to the workloads */
function addressesFrom(
  connectivity: Connectivity,
  naming: Naming,
  workloads: Hops,
  way: 'allowed' | 'unknown',
): ReachedAddresses[] {
  if (workloads.length === 0) return [];
  const hops = new Map(workloads);
  const from = { text: '', workloads: new Set(hops.keys()), addresses: noAddresses };
  return outsideOf(connectivity, naming.cells, { from }).map((fact) => {
    const nearest = fact.workloads.numbers.reduce(
      (least, number) => Math.min(least, hops.get(naming.cells.workloads[number]!)!),
      Number.POSITIVE_INFINITY,
    );
    return addressRow(fact, naming, nearest + 1, way === 'unknown' ? 'unknown' : fact.decision);
  });
}

function entrances(connectivity: Connectivity, naming: Naming, { workloads }: PartySet): ReachedAddresses[] {
  if (workloads.size === 0) return [];
  const to = { text: '', workloads, addresses: noAddresses };
  return outsideOf(connectivity, naming.cells, { to }).map((fact) => addressRow(fact, naming, 1, fact.decision));
}

function addressRow(
  fact: OutsideFact,
  { cells, refOf }: Naming,
  hops: number,
  decision: 'allowed' | 'unknown',
): ReachedAddresses {
  return {
    hops,
    decision,
    addresses: listedAddresses(fact.addresses),
    workloads: fact.workloads.numbers.map((number) => refOf(cells.workloads[number]!)),
    ports: portTexts(fact.ports),
    because: listedReasons(fact.because),
  };
}

export function listedReasons(reasons: Reasons): ListedReason[] {
  return [...reasons]
    .map(([question, examples]): ListedReason => ({ question, examples }))
    .sort(byKey(({ question }) => question));
}
