import type { PodSpace } from '../../analysis/open-world/meetings';
import type { PlacedWorkload } from '../../model/cluster';
import type { Direction, Policy } from '../../model/policy';
import { namespaceBox } from '../../model/selector';
import type { Claim, ClaimEnd } from '../claim';
import type { Network } from '../network';
import { selects } from '../world';

/** A direction in which policies deny something to some pods. */
export interface Denial {
  readonly direction: Direction;
  /** How many statements say that something is denied to them there, or that they are isolated. */
  readonly stated: number;
}

const directions: readonly Direction[] = ['ingress', 'egress'];

/** What policies deny, and what of it is stated. A direction that is open to everyone on every port denies nothing, and no test could state otherwise. */
export class Denials {
  private readonly byWorkload = {
    ingress: new Map<PlacedWorkload, number>(),
    egress: new Map<PlacedWorkload, number>(),
  };
  private readonly spaces: Readonly<Record<Direction, PodSpace[]>> = { ingress: [], egress: [] };
  private readonly sides = new Map<PlacedWorkload, readonly Direction[]>();

  constructor(
    claims: readonly Claim[],
    private readonly network: Network,
  ) {
    for (const claim of claims) {
      if (claim.kind === 'isolated') this.note(claim.direction, claim.who);
      if (claim.kind !== 'denied') continue;
      if (denies('egress', claim, network)) this.note('egress', claim.source);
      if (denies('ingress', claim, network)) this.note('ingress', claim.destination);
    }
  }

  ofWorkload(workload: PlacedWorkload): Denial[] {
    return this.sidesOf(workload).map((direction) => {
      return { direction, stated: this.byWorkload[direction].get(workload) ?? 0 };
    });
  }

  /** By the pods that are known and that it selects; where there are none, by those that could exist. */
  ofPolicy(policy: Policy): Denial[] {
    const { namespace, pods, isolates } = policy;
    return isolates.flatMap((direction): Denial[] => {
      const own = this.network.cluster.workloads.filter((workload) => selects(policy, direction, workload));
      if (own.length === 0) {
        if (!this.network.world.possible.deniesAny(direction, namespace, pods)) return [];
        const stated = this.spaces[direction].filter(
          (space) => space.namespaces.meets(namespaceBox(namespace)) && space.pods.meets(pods),
        );
        return [{ direction, stated: stated.length }];
      }
      const denied = own.filter((workload) => this.sidesOf(workload).includes(direction));
      if (denied.length === 0) return [];
      const stated = denied.reduce((sum, workload) => sum + (this.byWorkload[direction].get(workload) ?? 0), 0);
      return [{ direction, stated }];
    });
  }

  private sidesOf(workload: PlacedWorkload): readonly Direction[] {
    let found = this.sides.get(workload);
    if (!found) {
      const { known, possible } = this.network.world;
      const { pods } = possible.exactly(workload);
      found = directions.filter(
        (direction) =>
          known.sideOf(direction, workload).isolation === 'certain' &&
          possible.deniesAny(direction, workload.namespace, pods),
      );
      this.sides.set(workload, found);
    }
    return found;
  }

  private note(direction: Direction, end: ClaimEnd): void {
    if (end.kind === 'pods') this.spaces[direction].push(end.space);
    const counts = this.byWorkload[direction];
    for (const workload of workloadsOf(end, this.network)) counts.set(workload, (counts.get(workload) ?? 0) + 1);
  }
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
