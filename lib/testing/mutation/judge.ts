import { anyPod } from '../../analysis/open-world/cluster-world';
import type { PolicyStatement } from '../../analysis/open-world/relation';
import { pairBox } from '../../analysis/open-world/statement';
import type { PlacedWorkload } from '../../model/cluster';
import type { Direction, Policy } from '../../model/policy';
import { namespaceNameKey } from '../../model/selector';
import { everyAddress } from '../../sets/address-set';
import type { LabelBox } from '../../sets/label-box';
import { PortSet } from '../../sets/port-set';
import { addressBreach } from '../addresses';
import type { Claim, ClaimEnd } from '../claim';
import type { KnownPods } from '../known-pods';
import type { Network } from '../network';
import type { AllowedConnection, SidedMeetings, WorldChange } from '../possible-pods';
import { knownBreach, type PreparedClaim, selects, type World } from '../world';
import type { Mutant } from './mutant';

type ConnectionClaim = Exclude<Claim, { kind: 'isolated' }>;

/** What becomes of a change. `equivalent`: whatever pods exist, no connection is opened or closed. */
export type Judgement = 'equivalent' | 'noticed' | 'survived';

/** What a change does to some connections. */
export interface Effect {
  readonly effect: 'opened' | 'closed';
  readonly connection: AllowedConnection;
}

type ChangeIn = (claim: Claim) => ChangedWorld;

/** A world with another policy in the place of one, as far as it is asked for. */
class ChangedWorld {
  private knownFound: KnownPods | undefined;
  private meetingsFound: readonly SidedMeetings[] | undefined;

  constructor(
    readonly world: World,
    readonly change: WorldChange,
    private readonly policy: Policy,
    private readonly by: Policy | undefined,
  ) {}

  readonly known = (): KnownPods => {
    this.knownFound ??= this.world.known.replacing(this.policy, this.by);
    return this.knownFound;
  };

  /** Connections of which one side is gained. */
  readonly meetings = (): readonly SidedMeetings[] => {
    this.meetingsFound ??= this.world.possible.meetingsWith(this.change.most.gained, 'most');
    return this.meetingsFound;
  };
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
  private readonly subjects = new Map<PlacedWorkload, LabelBox>();
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

  /** Whether a claim is broken by the change. */
  notices(mutant: Mutant): boolean {
    const change = this.world.possible.changeOf(mutant.policy, mutant.by);
    return !isNothing(change) && this.isNoticed(mutant, change);
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
    const changeIn = this.changesBy(mutant, change);
    return (
      this.isolated.some((claim) => this.breaksIsolation(claim, mutant)) ||
      this.breaksKnown(mutant, change, changeIn) ||
      this.breaksPossible(mutant, changeIn)
    );
  }

  private breaksKnown({ policy, by }: Mutant, { least, most }: WorldChange, changeIn: ChangeIn): boolean {
    const changed = [...least.lost, ...most.gained];
    const of = (direction: Direction) => changed.filter((part) => part.direction === direction);
    const parts = { egress: of('egress'), ingress: of('ingress') };
    for (const direction of ['egress', 'ingress'] as const) {
      for (const [workload, claims] of this.known[direction]) {
        if (workload.namespace !== policy.namespace) continue;
        if (!selects(policy, direction, workload) && !selects(by, direction, workload)) continue;
        const isTold = workload.network === 'pod' && workload.addresses.length === 0;
        if (isTold && !parts[direction].some(({ labels }) => labels.meets(this.subjectOf(workload)))) continue;
        for (const claim of claims) {
          const inWorld = changeIn(claim);
          if (this.mayTouch(claim, inWorld) && breaks(claim, inWorld.known())) return true;
        }
      }
    }
    return false;
  }

  private breaksPossible({ policy }: Mutant, changeIn: ChangeIn): boolean {
    return this.possible.some((claim) => {
      if (!concerns(claim, policy.namespace)) return false;
      const changed = changeIn(claim);
      if (!this.mayTouch(claim, changed)) return false;
      const { world, change, meetings } = changed;
      const { asked, only, containers } = world.preparedOf(claim);
      if (claim.kind === 'allowed') return world.possible.loses(asked, change.least.lost, containers);
      return world.possible.allowed(asked, only, containers, meetings()) !== undefined;
    });
  }

  private subjectOf(workload: PlacedWorkload): LabelBox {
    let box = this.subjects.get(workload);
    if (!box) {
      box = pairBox(this.world.possible.exactly(workload).pods);
      this.subjects.set(workload, box);
    }
    return box;
  }

  /** Whether the change is about some of what the claim is about. What addresses of known pods and the host's network come to, is not told by labels. */
  private mayTouch(claim: ConnectionClaim, { world, change }: ChangedWorld): boolean {
    if (!isByLabels(claim.source) || !isByLabels(claim.destination)) return true;
    const parts = claim.kind === 'allowed' ? change.least.lost : change.most.gained;
    const prepared = world.preparedOf(claim);
    return parts.some((part) => touches(part, prepared));
  }

  /** The change in each world that claims are judged in, worked out once. */
  private changesBy({ policy, by }: Mutant, change: WorldChange): ChangeIn {
    const changes = new Map<World, ChangedWorld>();
    return (claim) => {
      const world = this.world.worldOf(claim);
      let found = changes.get(world);
      if (!found) {
        found = new ChangedWorld(
          world,
          world === this.world ? change : world.possible.changeOf(policy, by),
          policy,
          by,
        );
        changes.set(world, found);
      }
      return found;
    };
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

function isByLabels(end: ClaimEnd): boolean {
  return end.kind !== 'workload' || (end.workload.network === 'pod' && end.workload.addresses.length === 0);
}

/** Whether a change is about some of what a claim is about; quick to see. */
function touches(part: PolicyStatement, claim: PreparedClaim): boolean {
  const side = claim[part.direction];
  if (!side || (side.addresses === undefined) !== (part.addresses === undefined)) return false;
  const asked = side.namespaces.valuesOf(namespaceNameKey);
  return (asked === undefined || asked.includes(part.namespace)) && part.labels.meets(side.labels);
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
  const asked = end.space.namespaces.valuesOf(namespaceNameKey);
  return asked === undefined || asked.includes(namespace);
}
