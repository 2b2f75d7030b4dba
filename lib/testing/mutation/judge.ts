import { namespaceNameKey } from '../../model/selector';
import type { Claim, ClaimEnd, ConnectionClaim } from '../claim';
import type { Network } from '../network';
import type { WorldChange } from '../possible-pods';
import { hostOf, selects, underOf, World } from '../world';
import { type Effect, ways } from './effect';
import { isOfKnown, KnownClaims } from './known-claims';
import type { Mutant } from './mutant';
import { PlacedEffects } from './placed-effects';
import { PossibleClaims } from './possible-claims';
import { untoldEffect } from './untold-effect';

type IsolationClaim = Extract<Claim, { kind: 'isolated' }>;

/** What becomes of a change. `equivalent`: whatever pods exist, no connection is opened or closed. */
export type Judgement = 'equivalent' | 'noticed' | 'survived';

/** Judges changes of policies by claims that all hold without a change. Nothing is run again: only what a change touches is looked at. */
export class Judge {
  private readonly world: World;
  private readonly known: readonly KnownClaims[];
  private readonly isolated: readonly IsolationClaim[];
  /** About pods of the host network and pods that could exist: few, and judged anew. */
  private readonly ofHost: readonly ConnectionClaim[];
  private readonly ofPlaced: PlacedEffects;
  private readonly allowed: PossibleClaims;
  private readonly denied: readonly PossibleClaims[];

  constructor(
    private readonly network: Network,
    claims: readonly Claim[],
  ) {
    const { world } = network;
    this.world = world;
    this.ofPlaced = new PlacedEffects(world);
    this.isolated = claims.filter((claim) => claim.kind === 'isolated');
    const connections = claims.filter((claim) => claim.kind !== 'isolated');
    this.ofHost = connections.filter((claim) => hostOf(claim) !== undefined);
    const possible = connections.filter((claim) => !isOfKnown(claim) && hostOf(claim) === undefined);
    const [allowed, denied] = (['allowed', 'denied'] as const).map((kind) => possible.filter((c) => c.kind === kind));
    const isUnder = (reading: string) => (claim: Claim) => underOf(claim) === reading;
    const readings = ['most', 'mostByLabels'] as const;
    const known = connections.filter(isOfKnown);
    this.known = readings.map((reading) => new KnownClaims(world.knownUnder(reading), known.filter(isUnder(reading))));
    this.allowed = new PossibleClaims(world, 'least', allowed!);
    this.denied = readings.map((reading) => new PossibleClaims(world, reading, denied!.filter(isUnder(reading))));
  }

  judge(mutant: Mutant): Judgement {
    if (this.breaksKnown(mutant)) return 'noticed';
    const change = this.world.possible.changeOf(mutant.policy, mutant.by);
    if (this.breaksPossible(change)) return 'noticed';
    // One that only lets out what nobody lets in, as where the other end has its own rule, alters nothing.
    if (!this.allEffects(change).next().done) return 'survived';
    if (!this.ofPlaced.of(mutant).next().done) return 'survived';
    return untoldEffect(mutant, this.network) ? 'survived' : 'equivalent';
  }

  /** Whether a claim is broken by the change. */
  notices(mutant: Mutant): boolean {
    return this.breaksKnown(mutant) || this.breaksPossible(this.world.possible.changeOf(mutant.policy, mutant.by));
  }

  /** Connections that a change opens or closes, with both sides, those that are certain first. */
  *effectsOf(mutant: Mutant): Generator<Effect> {
    const change = this.world.possible.changeOf(mutant.policy, mutant.by);
    for (const certainty of ['certain', 'possible'] as const) {
      for (const effect of this.allEffects(change)) if (effect.connection.certainty === certainty) yield effect;
    }
    yield* this.ofPlaced.of(mutant);
  }

  private breaksKnown(mutant: Mutant): boolean {
    return (
      this.known.some((claims) => claims.breaks(mutant)) ||
      (!this.world.known.isolatesAlike(mutant.policy, mutant.by) &&
        this.isolated.some((claim) => this.breaksIsolation(claim, mutant))) ||
      this.breaksOfHost(mutant)
    );
  }

  private breaksOfHost({ policy, by }: Mutant): boolean {
    const near = this.ofHost.filter(({ source, destination }) =>
      [source, destination].some((end) => concerns(end, policy.namespace)),
    );
    if (near.length === 0) return false;
    const { cluster, profile } = this.world;
    const policies = cluster.policies.flatMap((own) => (own === policy ? (by ?? []) : [own]));
    const world = new World({ ...cluster, policies }, profile);
    return near.some((claim) => world.check(claim));
  }

  private breaksPossible(change: WorldChange): boolean {
    return this.allowed.lose(change) || this.denied.some((claims) => claims.gain(change));
  }

  private breaksIsolation({ who, direction }: IsolationClaim, { policy, by }: Mutant): boolean {
    if (!concerns(who, policy.namespace)) return false;
    if (who.kind === 'workload') {
      if (![policy, by].some((own) => selects(own, direction, who.workload))) return false;
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

  private *allEffects(change: WorldChange): Generator<Effect> {
    const { possible } = this.world;
    for (const [effect, under] of ways) {
      for (const encounter of possible.altered(change.under(under), effect, under)) {
        const connection = possible.allOf(encounter);
        if (connection) yield { effect, connection };
      }
    }
  }
}

function concerns(end: ClaimEnd, namespace: string): boolean {
  if (end.kind === 'addresses') return false;
  if (end.kind === 'workload') return end.workload.namespace === namespace;
  const asked = end.space.namespaces.valuesOf(namespaceNameKey);
  return asked === undefined || asked.includes(namespace);
}
