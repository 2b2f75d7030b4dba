import { listedPlace } from '../../analysis/connectivity/listing-place';
import type { PlacedWorkload } from '../../model/cluster';
import type { ListedPlace } from '../../model/connectivity-listing';
import type { CoverageReport, Covered, CoveredItem, CoveredLine, CoveredPoint } from '../../model/coverage-report';
import { type Policy, policyToString } from '../../model/policy';
import type { Claim } from '../claim';
import { claimsOf } from '../claims-of';
import type { Network } from '../network';
import { type AssertedNetwork, mergedNetworks, untestedClusters } from '../recording/asserted';
import { Denials } from './denials';
import { guaranteePoints } from './guarantee-points';
import { declaredOpenings, impliedOpenings, openingsOf } from './openings';
import { isAbout, type NamespaceLabels, type OpeningPoint } from './point';

/** What tests state of policies, service by service and line by line. */
export function coverageOf(networks: readonly AssertedNetwork[]): CoverageReport {
  const parts = mergedNetworks(networks).map((asserted) => new NetworkCoverage(asserted));
  const policies = parts.flatMap((part) => part.policies);
  return {
    allowed: sumOf(policies.map(({ allowed }) => allowed)),
    denied: sumOf(parts.flatMap((part) => [...part.services, ...part.guarantees].map(({ denied }) => denied))),
    policies,
    services: parts.flatMap((part) => part.services),
    guarantees: parts.flatMap((part) => part.guarantees),
    lines: linesOf(parts.flatMap((part) => part.points)),
    untested: untestedClusters(networks),
  };
}

type PlacedPoint = CoveredPoint & { readonly place: ListedPlace };

class NetworkCoverage {
  readonly policies: readonly CoveredItem[];
  readonly services: readonly CoveredItem[];
  readonly guarantees: readonly CoveredItem[];
  readonly points: readonly PlacedPoint[];
  private readonly allowed: readonly Claim[];
  private readonly denials: Denials;
  private readonly labels: NamespaceLabels;
  private readonly stated = new Map<OpeningPoint, number>();
  /** Of an app in several clusters, which one it is about. */
  private readonly where: string;

  constructor({ network, assertions }: AssertedNetwork) {
    const {
      cluster,
      source: { app },
    } = network;
    this.where = app && app.clusters.length > 1 ? ` (cluster ${app.name})` : '';
    this.labels = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels] as const));
    const claims = assertions
      .flatMap(({ assertion }) => claimsOf(assertion, network))
      .filter((claim) => !network.world.check(claim));
    this.allowed = claims.filter(({ kind }) => kind === 'allowed');
    this.denials = new Denials(claims, network);
    const openings = new Map(cluster.policies.map((policy) => [policy, openingsOf(policy, cluster)] as const));
    const all = [...openings.values()].flat();
    const declared = [...declaredOpenings(network), ...impliedOpenings(network)];
    for (const point of [...all, ...declared]) this.stated.set(point, this.count(point));
    this.policies = cluster.policies.map((policy) => this.policyItem(policy, openings.get(policy)!, network));
    this.services = cluster.workloads.map((workload) => this.serviceItem(workload, all));
    const guarded = guaranteePoints(network, claims, assertions);
    this.guarantees = guarded.map(({ path, stated, place }) => {
      return { name: path, place, allowed: coveredOf([]), denied: coveredOf([stated > 0]) };
    });
    this.points = [
      ...(app ? declared : all).map((point): PlacedPoint => {
        return {
          kind: 'allowed',
          text: `${point.text}${this.where}`,
          stated: this.stated.get(point)!,
          place: point.place,
        };
      }),
      ...this.denialPoints(network),
      ...guarded.map(({ path, stated, place }): PlacedPoint => {
        return { kind: 'denied', text: `denials of guarantee ${path}`, stated, place };
      }),
    ];
  }

  private count(point: OpeningPoint): number {
    return this.allowed.filter((claim) => isAbout(claim, point, this.labels)).length;
  }

  private policyItem(policy: Policy, points: readonly OpeningPoint[], { source }: Network): CoveredItem {
    return {
      name: `${policyToString(policy)}${this.where}`,
      place: source.app?.lineOfPolicy(policy) ?? listedPlace(policy.place),
      allowed: coveredOf(points.map((point) => this.stated.get(point)! > 0)),
      denied: coveredOf(this.denials.ofPolicy(policy).map(({ stated }) => stated > 0)),
    };
  }

  private serviceItem(workload: PlacedWorkload, points: readonly OpeningPoint[]): CoveredItem {
    const { namespace, name, podLabels, place } = workload;
    const own = points.filter((point) => point.namespace === namespace && point.pods.matches(podLabels));
    return {
      name: `${namespace}/${name}${this.where}`,
      place: listedPlace(place),
      allowed: coveredOf(own.map((point) => this.stated.get(point)! > 0)),
      denied: coveredOf(this.denials.ofWorkload(workload).map(({ stated }) => stated > 0)),
    };
  }

  /** At the lines of services for an app, where no line is that of an isolation; else at those of the policies that isolate. */
  private denialPoints({ cluster, source }: Network): PlacedPoint[] {
    const { workloads, policies } = cluster;
    if (source.app) {
      return workloads.flatMap((workload) =>
        this.denials.ofWorkload(workload).map(({ direction, stated }): PlacedPoint => {
          const text = `denials of ${direction} of ${workload.namespace}/${workload.name}${this.where}`;
          return { kind: 'denied', text, stated, place: listedPlace(workload.place) };
        }),
      );
    }
    return policies.flatMap((policy) =>
      this.denials.ofPolicy(policy).map(({ direction, stated }): PlacedPoint => {
        const text = `denials of ${direction} by ${policyToString(policy)}`;
        return { kind: 'denied', text, stated, place: listedPlace(policy.place) };
      }),
    );
  }
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
