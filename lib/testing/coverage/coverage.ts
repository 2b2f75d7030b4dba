import { listedPlace } from '../../analysis/connectivity/listing-place';
import type { PlacedWorkload } from '../../model/cluster';
import type { ListedPlace } from '../../model/connectivity-listing';
import type { CoverageReport, Covered, CoveredItem, CoveredLine, CoveredPoint } from '../../model/coverage-report';
import { type Direction, type Policy, policyToString } from '../../model/policy';
import type { Claim, ClaimEnd } from '../claim';
import { claimsOf } from '../claims-of';
import type { Network } from '../network';
import { type AssertedNetwork, mergedNetworks } from '../recording/asserted';
import { selects } from '../world';
import { declaredOpenings, openingsOf } from './openings';
import { isAbout, type NamespaceLabels, type OpeningPoint } from './point';

const directions: readonly Direction[] = ['ingress', 'egress'];

/** What tests state of policies, service by service and line by line. */
export function coverageOf(networks: readonly AssertedNetwork[]): CoverageReport {
  const parts = mergedNetworks(networks).map((asserted) => new NetworkCoverage(asserted));
  const policies = parts.flatMap((part) => part.policies);
  return {
    allowed: sumOf(policies.map(({ allowed }) => allowed)),
    denied: sumOf(parts.flatMap((part) => part.services.map(({ denied }) => denied))),
    policies,
    services: parts.flatMap((part) => part.services),
    lines: linesOf(parts.flatMap((part) => part.points)),
  };
}

type PlacedPoint = CoveredPoint & { readonly place: ListedPlace };

class NetworkCoverage {
  readonly policies: readonly CoveredItem[];
  readonly services: readonly CoveredItem[];
  readonly points: readonly PlacedPoint[];
  private readonly allowed: readonly Claim[];
  /** How many statements say that something is denied to a workload, or isolates it, by workload. */
  private readonly denials: Readonly<Record<Direction, Map<PlacedWorkload, number>>>;
  private readonly labels: NamespaceLabels;
  private readonly stated = new Map<OpeningPoint, number>();

  constructor({ network, assertions }: AssertedNetwork) {
    const { cluster } = network;
    this.labels = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels] as const));
    const claims = assertions
      .flatMap(({ assertion }) => claimsOf(assertion, network))
      .filter((claim) => !network.world.check(claim));
    this.allowed = claims.filter(({ kind }) => kind === 'allowed');
    this.denials = denialsOf(claims, network);
    const openings = new Map(cluster.policies.map((policy) => [policy, openingsOf(policy, cluster)] as const));
    const all = [...openings.values()].flat();
    const declared = declaredOpenings(network);
    for (const point of [...all, ...declared]) this.stated.set(point, this.count(point));
    this.policies = cluster.policies.map((policy) => this.policyItem(policy, openings.get(policy)!, cluster.workloads));
    this.services = cluster.workloads.map((workload) => this.serviceItem(workload, all, network));
    this.points = [
      ...(network.source.app ? declared : all).map((point): PlacedPoint => {
        return { kind: 'allowed', text: point.text, stated: this.stated.get(point)!, place: point.place };
      }),
      ...this.denialPoints(network),
    ];
  }

  private count(point: OpeningPoint): number {
    return this.allowed.filter((claim) => isAbout(claim, point, this.labels)).length;
  }

  private policyItem(
    policy: Policy,
    points: readonly OpeningPoint[],
    workloads: readonly PlacedWorkload[],
  ): CoveredItem {
    const sides = policy.isolates.map((direction) =>
      workloads.some((w) => selects(policy, direction, w) && this.denials[direction].has(w)),
    );
    return {
      name: policyToString(policy),
      place: listedPlace(policy.place),
      allowed: coveredOf(points.map((point) => this.stated.get(point)! > 0)),
      denied: coveredOf(sides),
    };
  }

  private serviceItem(workload: PlacedWorkload, points: readonly OpeningPoint[], network: Network): CoveredItem {
    const { namespace, name, podLabels, place } = workload;
    const own = points.filter((point) => point.namespace === namespace && point.pods.matches(podLabels));
    return {
      name: `${namespace}/${name}`,
      place: listedPlace(place),
      allowed: coveredOf(own.map((point) => this.stated.get(point)! > 0)),
      denied: coveredOf(isolatedSides(workload, network).map((direction) => this.denials[direction].has(workload))),
    };
  }

  /** At the lines of services for an app, where no line is that of an isolation; else at those of the policies that isolate. */
  private denialPoints(network: Network): PlacedPoint[] {
    const { workloads, policies } = network.cluster;
    const pointOf = (text: string, stated: number, place: ListedPlace): PlacedPoint => ({
      kind: 'denied',
      text,
      stated,
      place,
    });
    if (network.source.app) {
      return workloads.flatMap((workload) =>
        isolatedSides(workload, network).map((direction) => {
          const text = `denials of ${direction} of ${workload.namespace}/${workload.name}`;
          return pointOf(text, this.denials[direction].get(workload) ?? 0, listedPlace(workload.place));
        }),
      );
    }
    return policies.flatMap((policy) =>
      policy.isolates.map((direction) => {
        const own = workloads.filter((workload) => selects(policy, direction, workload));
        const stated = own.reduce((sum, workload) => sum + (this.denials[direction].get(workload) ?? 0), 0);
        return pointOf(`denials of ${direction} by ${policyToString(policy)}`, stated, listedPlace(policy.place));
      }),
    );
  }
}

function isolatedSides(workload: PlacedWorkload, { world }: Network): Direction[] {
  return directions.filter((direction) => world.known.sideOf(direction, workload).policies.length > 0);
}

/** What is denied, at the ends whose policies deny it. */
function denialsOf(
  claims: readonly Claim[],
  network: Network,
): Readonly<Record<Direction, Map<PlacedWorkload, number>>> {
  const found = { ingress: new Map<PlacedWorkload, number>(), egress: new Map<PlacedWorkload, number>() };
  const note = (direction: Direction, end: ClaimEnd) => {
    for (const workload of workloadsOf(end, network)) {
      found[direction].set(workload, (found[direction].get(workload) ?? 0) + 1);
    }
  };
  for (const claim of claims) {
    if (claim.kind === 'isolated') note(claim.direction, claim.who);
    if (claim.kind !== 'denied') continue;
    const { source, destination } = claim;
    if (denies('egress', claim, network)) note('egress', source);
    if (denies('ingress', claim, network)) note('ingress', destination);
  }
  return found;
}

/** Whether the policies of that end alone deny some of it; of pods that only could exist, whether they isolate it at all. */
function denies(
  direction: Direction,
  claim: Extract<Claim, { kind: 'denied' }>,
  { world: { known } }: Network,
): boolean {
  const { source, destination, ports } = claim;
  const end = direction === 'egress' ? source : destination;
  if (end.kind === 'addresses') return false;
  if (source.kind === 'workload' && destination.kind === 'workload') {
    const open = known.sideBetween(direction, source.workload, destination.workload);
    return !ports.subtract(open).isEmpty;
  }
  return end.kind === 'pods' || known.sideOf(direction, end.workload).policies.length > 0;
}

/** Those that are meant: pods that could exist with labels of a workload, and no others than that workload has, are its. */
function workloadsOf(end: ClaimEnd, { cluster }: Network): readonly PlacedWorkload[] {
  if (end.kind === 'workload') return [end.workload];
  if (end.kind === 'addresses') return [];
  const labels = new Map(cluster.namespaces.map((n) => [n.name, n.labels] as const));
  return cluster.workloads.filter(
    ({ namespace, podLabels }) =>
      end.space.namespaces.matches(labels.get(namespace) ?? {}) && end.space.pods.matches(podLabels),
  );
}

function coveredOf(points: readonly boolean[]): Covered {
  return { stated: points.filter(Boolean).length, total: points.length };
}

function sumOf(list: readonly Covered[]): Covered {
  return {
    stated: list.reduce((sum, { stated }) => sum + stated, 0),
    total: list.reduce((sum, { total }) => sum + total, 0),
  };
}

function linesOf(points: readonly PlacedPoint[]): CoveredLine[] {
  const lines = new Map<string, { file: string; line: number; points: CoveredPoint[] }>();
  for (const {
    place: { file, line },
    ...point
  } of points) {
    if (file === undefined || line === undefined) continue;
    const key = `${file}\0${line}`;
    const known = lines.get(key) ?? { file, line, points: [] };
    lines.set(key, known);
    known.points.push(point);
  }
  return [...lines.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
