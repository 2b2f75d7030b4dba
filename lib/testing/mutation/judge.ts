import { anyPod } from '../../analysis/open-world/cluster-world';
import type { PlacedWorkload } from '../../model/cluster';
import { everyAddress } from '../../sets/address-set';
import { PortSet } from '../../sets/port-set';
import { addressBreach } from '../addresses';
import type { Claim, ClaimEnd } from '../claim';
import type { KnownPods } from '../known-pods';
import type { Network } from '../network';
import type { AllowedConnection, WorldChange } from '../possible-pods';
import { containersOf, knownBreach, selects, type World } from '../world';
import type { Mutant } from './mutant';

type ConnectionClaim = Exclude<Claim, { kind: 'isolated' }>;

/** What becomes of a change. `equivalent`: whatever pods exist, no connection is opened or closed. */
export type Judgement = 'equivalent' | 'noticed' | 'survived';

/** What a change does to some connections. */
export interface Effect {
  readonly effect: 'opened' | 'closed';
  readonly connection: AllowedConnection;
}

const ways = [
  ['gained', 'most'],
  ['lost', 'least'],
  ['gained', 'least'],
  ['lost', 'most'],
] as const;

/** Judges changes of policies by claims that all hold without a change. Nothing is run again: only what a change touches is looked at. */
export class Judge {
  private readonly world: World;
  /** Claims about two known pods, or one and addresses, by the pods whose policies decide. */
  private readonly known = {
    ingress: new Map<PlacedWorkload, ConnectionClaim[]>(),
    egress: new Map<PlacedWorkload, ConnectionClaim[]>(),
  };
  /** Claims about pods that could exist. */
  private readonly possible: ConnectionClaim[] = [];
  private readonly isolated: Extract<Claim, { kind: 'isolated' }>[] = [];

  constructor(network: Network, claims: readonly Claim[]) {
    this.world = network.world;
    for (const claim of claims) this.add(claim);
  }

  judge(mutant: Mutant): Judgement {
    const change = this.world.possible.changeOf(mutant.policy, mutant.by);
    if (isNothing(change)) return 'equivalent';
    if (this.isNoticed(mutant, change)) return 'noticed';
    // One that only lets out what nobody lets in, as where the other end has its own rule, alters nothing.
    return this.allEffects(change).next().done ? 'equivalent' : 'survived';
  }

  private add(claim: Claim): void {
    if (claim.kind === 'isolated') this.isolated.push(claim);
    else if (isKnown(claim)) {
      for (const [direction, end] of [
        ['egress', claim.source],
        ['ingress', claim.destination],
      ] as const) {
        if (end.kind !== 'workload') continue;
        const list = this.known[direction].get(end.workload);
        if (list) list.push(claim);
        else this.known[direction].set(end.workload, [claim]);
      }
    } else this.possible.push(claim);
  }

  private isNoticed(mutant: Mutant, change: WorldChange): boolean {
    return (
      this.isolated.some((claim) => this.breaksIsolation(claim, mutant)) ||
      this.breaksKnown(mutant) ||
      this.breaksPossible(mutant, change)
    );
  }

  private breaksKnown({ policy, by }: Mutant): boolean {
    const changed = new Map<World, KnownPods>();
    const changedOf = (claim: Claim) => {
      const world = this.world.worldOf(claim);
      let known = changed.get(world);
      if (!known) {
        known = world.known.replacing(policy, by);
        changed.set(world, known);
      }
      return known;
    };
    for (const direction of ['egress', 'ingress'] as const) {
      for (const [workload, claims] of this.known[direction]) {
        if (workload.namespace !== policy.namespace) continue;
        if (!selects(policy, direction, workload) && !selects(by, direction, workload)) continue;
        if (claims.some((claim) => breaks(claim, changedOf(claim)))) return true;
      }
    }
    return false;
  }

  private breaksPossible({ policy, by }: Mutant, change: WorldChange): boolean {
    const changes = new Map<
      World,
      { readonly change: WorldChange; readonly meetings: ReturnType<World['possible']['meetingsWith']> }
    >();
    const changeIn = (claim: Claim) => {
      const world = this.world.worldOf(claim);
      let known = changes.get(world);
      if (!known) {
        const own = world === this.world ? change : world.possible.changeOf(policy, by);
        known = { change: own, meetings: world.possible.meetingsWith(own.most.gained, 'most') };
        changes.set(world, known);
      }
      return { world, ...known };
    };
    return this.possible.some((claim) => {
      if (!concerns(claim, policy.namespace)) return false;
      const { world, change: own, meetings } = changeIn(claim);
      const { source, destination, ports } = claim;
      const asked = { source: world.endsOf(source), destination: world.endsOf(destination), ports };
      const containers = containersOf(destination);
      if (claim.kind === 'allowed')
        return world.possible.loses({ ...asked, side: claim.side }, own.least.lost, containers);
      return (
        meetings.length > 0 && world.possible.allowed(asked, world.listedOf(claim), containers, meetings) !== undefined
      );
    });
  }

  private breaksIsolation({ who, direction }: Extract<Claim, { kind: 'isolated' }>, { policy, by }: Mutant): boolean {
    if (!concernsEnd(who, policy.namespace)) return false;
    if (who.kind === 'workload') {
      if (!selects(policy, direction, who.workload)) return false;
      return this.world.known.replacing(policy, by).sideOf(direction, who.workload).isolation !== 'certain';
    }
    if (who.kind === 'addresses') return false;
    const { policies } = this.world.cluster;
    const own = policies.filter((p) => p.namespace === policy.namespace);
    const after = own.flatMap((p) => (p === policy ? (by ?? []) : [p]));
    return (
      this.world.possible.notIsolated(who.space, direction, { namespace: policy.namespace, policies: after }) !==
      undefined
    );
  }

  /** Connections that a change opens or closes, with both sides, those that are certain first. */
  *effectsOf({ policy, by }: Mutant): Generator<Effect> {
    const change = this.world.possible.changeOf(policy, by);
    for (const certainty of ['certain', 'possible'] as const) {
      for (const effect of this.allEffects(change)) if (effect.connection.certainty === certainty) yield effect;
    }
  }

  private *allEffects(change: WorldChange): Generator<Effect> {
    const { possible } = this.world;
    const outside = { addresses: everyAddress };
    for (const [kind, reading] of ways) {
      const parts = change[reading][kind];
      if (parts.length === 0) continue;
      const meetings = possible.meetingsWith(parts, reading);
      for (const [source, destination] of [
        [anyPod, anyPod],
        [anyPod, outside],
        [outside, anyPod],
      ] as const) {
        const asked = { source, destination, ports: PortSet.all };
        for (const connection of possible.allAllowed(asked, undefined, undefined, meetings)) {
          yield { effect: kind === 'gained' ? 'opened' : 'closed', connection };
        }
      }
    }
  }
}

function isNothing({ least, most }: WorldChange): boolean {
  return [least, most].every(({ lost, gained }) => lost.length + gained.length === 0);
}

function isKnown({ source, destination }: ConnectionClaim): boolean {
  return (
    [source, destination].every(({ kind }) => kind !== 'pods') &&
    [source, destination].some(({ kind }) => kind === 'workload')
  );
}

function breaks(claim: ConnectionClaim, known: KnownPods): boolean {
  const { source, destination } = claim;
  if (source.kind === 'workload' && destination.kind === 'workload') {
    return knownBreach(claim, source, destination, known) !== undefined;
  }
  return addressBreach(claim, known) !== undefined;
}

/** Whether policies of the namespace have a say in it. */
function concerns({ source, destination }: ConnectionClaim, namespace: string): boolean {
  return concernsEnd(source, namespace) || concernsEnd(destination, namespace);
}

function concernsEnd(end: ClaimEnd, namespace: string): boolean {
  if (end.kind === 'addresses') return false;
  if (end.kind === 'workload') return end.workload.namespace === namespace;
  const asked = end.space.namespaces.valuesOf('kubernetes.io/metadata.name');
  return asked === undefined || asked.includes(namespace);
}
