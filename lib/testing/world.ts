import { isolates } from '../analysis/evaluate';
import { identityOf } from '../analysis/explain/identity';
import { judgedEnd } from '../analysis/explain/judged-end';
import type { Ends } from '../analysis/open-world/meetings';
import { pairBox } from '../analysis/open-world/statement';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import type { Direction, Policy } from '../model/policy';
import { namespaceBox } from '../model/selector';
import type { AddressSet } from '../sets/address-set';
import type { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { addressBreach } from './addresses';
import type { Breach, Claim, ClaimEnd, Excepted } from './claim';
import { KnownPods } from './known-pods';
import { type ListedEnds, type PossibleConnection, PossiblePods } from './possible-pods';

type ConnectionClaim = Exclude<Claim, { kind: 'isolated' }>;
type AllowedClaim = Extract<Claim, { kind: 'allowed' }>;
type DeniedClaim = Extract<Claim, { kind: 'denied' }>;

/** What a claim is about, as boxes. */
export interface PreparedClaim {
  readonly asked: PossibleConnection;
  readonly only: ListedEnds | undefined;
  readonly containers: PlacedWorkload['ports'] | undefined;
  /** Both ends in one box, as statements of that direction have them; undefined where no policy decides, at addresses. */
  readonly egress: PreparedSide | undefined;
  readonly ingress: PreparedSide | undefined;
}

export interface PreparedSide {
  readonly namespaces: LabelBox;
  readonly labels: LabelBox;
  readonly addresses: AddressSet | undefined;
}

function pairOf(subject: Ends, peer: Ends): PreparedSide | undefined {
  if ('addresses' in subject) return undefined;
  const { namespaces, pods } = subject;
  return 'addresses' in peer
    ? { namespaces, labels: pairBox(pods), addresses: peer.addresses }
    : { namespaces, labels: pairBox(pods, peer), addresses: undefined };
}

/** A cluster under a profile, in which claims are checked. */
export class World {
  private possibleFound: PossiblePods | undefined;
  private knownFound: KnownPods | undefined;
  private byLabelsFound: World | undefined;
  private readonly prepared = new WeakMap<ConnectionClaim, PreparedClaim>();
  /** All claims of one list share it. */
  private readonly listed = new WeakMap<object, ListedEnds>();

  constructor(
    readonly cluster: Cluster,
    readonly profile: CniProfile,
  ) {}

  /** Known pods pair by pair. */
  get known(): KnownPods {
    this.knownFound ??= KnownPods.of(this.cluster, this.profile);
    return this.knownFound;
  }

  /** Every pod that could exist. */
  get possible(): PossiblePods {
    this.possibleFound ??= new PossiblePods(this.cluster, this.profile);
    return this.possibleFound;
  }

  /** The world in which a claim is judged. */
  worldOf(claim: Claim): World {
    return claim.kind === 'denied' && claim.only ? this.byLabels : this;
  }

  /** Undefined where the claim holds. */
  check(claim: Claim): Breach | undefined {
    const { known, possible } = this.worldOf(claim);
    if (claim.kind === 'isolated') return isolationBreach(claim, known, possible);
    const { source, destination } = claim;
    if (source.kind === 'workload' && destination.kind === 'workload')
      return knownBreach(claim, source, destination, known);
    if (source.kind === 'addresses' || destination.kind === 'addresses') {
      const pods = source.kind === 'addresses' ? destination : source;
      if (pods.kind === 'workload') return addressBreach(claim, known);
    }
    return claim.kind === 'allowed' ? this.possibleDenied(claim) : this.worldOf(claim).possibleAllowed(claim);
  }

  /** A claim about pods that could exist, ready to be judged again and again. */
  preparedOf(claim: ConnectionClaim): PreparedClaim {
    let prepared = this.prepared.get(claim);
    if (!prepared) {
      const [source, destination] = [this.endsOf(claim.source), this.endsOf(claim.destination)];
      const { ports } = claim;
      const side = claim.kind === 'allowed' ? claim.side : undefined;
      prepared = {
        asked: { source, destination, ports, side },
        only: claim.kind === 'denied' ? this.listedOf(claim) : undefined,
        containers: containersOf(claim.destination),
        egress: pairOf(source, destination),
        ingress: pairOf(destination, source),
      };
      this.prepared.set(claim, prepared);
    }
    return prepared;
  }

  /** Ends as boxes: a known pod as it is. */
  private endsOf(end: ClaimEnd): Ends {
    if (end.kind === 'workload') return this.possible.exactly(end.workload);
    return end.kind === 'pods' ? end.space : { addresses: end.addresses };
  }

  /** Who is on a list of the only peers: a workload stands for all pods that its labels tell. */
  private listedOf({ only }: DeniedClaim): ListedEnds | undefined {
    if (!only) return undefined;
    let ends = this.listed.get(only);
    if (!ends) {
      ends = { of: only.of, listed: only.listed.flatMap((excepted) => this.listedEnds(excepted)) };
      this.listed.set(only, ends);
    }
    return ends;
  }

  private listedEnds({ end, ports }: Excepted): ListedEnds['listed'] {
    if (end.kind === 'addresses') return [{ ends: { addresses: end.addresses }, ports }];
    if (end.kind === 'pods') {
      return this.possible.cellsOf(end.space).map((space) => ({ ends: space, ports }));
    }
    const { workload } = end;
    const judged = judgedEnd({ kind: 'workload', workload }, this.cluster);
    const pods = judged.kind === 'pod' ? identityOf(judged, this.cluster) : undefined;
    const space = pods ? { namespaces: namespaceBox(workload.namespace), pods } : this.possible.exactly(workload);
    return [{ ends: space, ports: withNames(ports, workload) }];
  }

  /** Where a list says which addresses may be reached, whoever has them is on it: rules by addresses are not about pods then. */
  private get byLabels(): World {
    this.byLabelsFound ??= this.withBlocksApart();
    return this.byLabelsFound;
  }

  private withBlocksApart(): World {
    if (this.cluster.workloads.some(({ addresses }) => addresses.length > 0)) return this;
    const no = { value: 'no' } as const;
    const facts = { ...this.profile.facts, ipBlockMatchesPods: no, ipBlockMatchesNodes: no };
    return new World(this.cluster, { ...this.profile, facts });
  }

  private possibleAllowed(claim: DeniedClaim): Breach | undefined {
    const { asked, only, containers } = this.preparedOf(claim);
    const found = this.possible.allowed(asked, only, containers);
    if (!found) return undefined;
    const decision = found.certainty === 'certain' ? 'allowed' : 'unknown';
    return { kind: 'connection', claim, decision, ...this.shown(claim, found) };
  }

  private possibleDenied(claim: AllowedClaim): Breach | undefined {
    const { asked, containers } = this.preparedOf(claim);
    const found = this.possible.denied(asked, containers);
    return found && { kind: 'connection', claim, decision: 'denied', ...this.shown(claim, found) };
  }

  /** The ends of a breach, as whoever reads of it should know them. */
  shown(
    { source, destination }: ConnectionClaim,
    found: { readonly source: Ends; readonly destination: Ends; readonly ports: PortSet },
  ): Pick<Extract<Breach, { kind: 'connection' }>, 'source' | 'destination' | 'ports'> {
    const endOf = (end: ClaimEnd, ends: Ends): ClaimEnd => {
      if (end.kind === 'workload') return end;
      if ('addresses' in ends) return { ...end, kind: 'addresses', addresses: ends.addresses };
      return { kind: 'pods', text: end.text, space: ends };
    };
    return {
      source: endOf(source, found.source),
      destination: endOf(destination, found.destination),
      ports: found.ports,
    };
  }
}

function containersOf(end: ClaimEnd): PlacedWorkload['ports'] | undefined {
  return end.kind === 'workload' ? end.workload.ports : undefined;
}

/** A pod reaches itself whatever the policies say; what an app declares stands for pods of any number. */
export function isItself(a: PlacedWorkload, b: PlacedWorkload): boolean {
  return a === b && a.kind === 'Pod' && a.place.construct === undefined;
}

export function knownBreach(
  claim: ConnectionClaim,
  source: ClaimEnd & { kind: 'workload' },
  destination: ClaimEnd & { kind: 'workload' },
  known: KnownPods,
): Breach | undefined {
  const itself = isItself(source.workload, destination.workload);
  const { certain, possible } = itself
    ? { certain: PortSet.all, possible: PortSet.all }
    : known.between(source.workload, destination.workload);
  const wrong = claim.kind === 'allowed' ? claim.ports.subtract(certain) : claim.ports.intersect(possible);
  if (wrong.isEmpty) return undefined;
  // Of ports that are decided, and others that are left open, the decided ones are shown.
  const decided = claim.kind === 'allowed' ? wrong.subtract(possible) : wrong.intersect(certain);
  const decision = decided.isEmpty ? 'unknown' : claim.kind === 'allowed' ? 'denied' : 'allowed';
  return { kind: 'connection', claim, decision, source, destination, ports: decided.isEmpty ? wrong : decided };
}

function isolationBreach(
  claim: Extract<Claim, { kind: 'isolated' }>,
  known: KnownPods,
  possible: PossiblePods,
): Breach | undefined {
  const { who, direction } = claim;
  if (who.kind === 'workload') {
    const { isolation } = known.sideOf(direction, who.workload);
    if (isolation === 'certain') return undefined;
    return { kind: 'isolation', claim, decision: isolation === 'none' ? 'open' : 'unknown' };
  }
  if (who.kind === 'addresses') return { kind: 'isolation', claim, decision: 'open' };
  return possible.notIsolated(who.space, direction) ? { kind: 'isolation', claim, decision: 'open' } : undefined;
}

/** Ports by number, and by the names that the workload's containers give to them. */
function withNames(ports: PortSet, { ports: containers }: PlacedWorkload): PortSet {
  const names = containers.flatMap(({ name, number, protocol }) => {
    const own = PortSet.of([{ protocol, first: number, last: number }]);
    return name !== undefined && own.isSubsetOf(ports) ? [{ protocol, name }] : [];
  });
  return names.length === 0 ? ports : ports.union(PortSet.of(names));
}

/** Whether one of the policies decides about the workload. */
export function selects(
  policy: Policy | undefined,
  direction: Direction,
  { namespace, podLabels }: PlacedWorkload,
): boolean {
  return (
    policy !== undefined &&
    isolates(policy, direction, {
      kind: 'pod',
      namespace,
      namespaceLabels: {},
      labels: podLabels,
      ports: [],
      network: 'pod',
      addresses: [],
    })
  );
}
