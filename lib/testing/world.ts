import { isolates } from '../analysis/evaluate';
import { identityOf } from '../analysis/explain/identity';
import { judgedEnd } from '../analysis/explain/judged-end';
import type { Ends } from '../analysis/open-world/meetings';
import { portsInCommonAt } from '../analysis/ports-in-common';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import type { Direction, Policy } from '../model/policy';
import { namespaceBox } from '../model/selector';
import { podPorts } from '../model/workload';
import { PortSet } from '../sets/port-set';
import { addressBreach } from './addresses';
import { byLabelsAlone } from './by-labels-alone';
import type { Breach, Claim, ClaimEnd, ConnectionClaim, Excepted } from './claim';
import { IndexedReading } from './indexed-reading';
import { KnownPods } from './known-pods';
import { marked, readingsBeside, unmarked } from './marked-pod';
import { type ListedEnds, PossiblePods, type Question, type WorldChange } from './possible-pods';

type AllowedClaim = Extract<Claim, { kind: 'allowed' }>;
type DeniedClaim = Extract<Claim, { kind: 'denied' }>;

/** A cluster under a profile, in which claims are checked. */
export class World {
  private possibleFound: PossiblePods | undefined;
  private toldApartFound: IndexedReading | undefined;
  private knownFound: KnownPods | undefined;
  private knownByLabels: KnownPods | undefined;
  private readonly questions = new WeakMap<ConnectionClaim, Question>();
  private readonly besides = {
    most: new Map<PlacedWorkload, PossiblePods>(),
    mostByLabels: new Map<PlacedWorkload, PossiblePods>(),
  };
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

  /** The policies as they are written, with all peers that plugins may tell apart. */
  get toldApart(): IndexedReading {
    this.toldApartFound ??= new IndexedReading(this.cluster, this.cluster.policies, undefined, 'told-apart');
    return this.toldApartFound;
  }

  /** The known pods as claims mean them that are judged under a reading. */
  knownUnder(reading: 'most' | 'mostByLabels'): KnownPods {
    if (reading === 'most') return this.known;
    this.knownByLabels ??= this.known.under(byLabelsAlone(this.profile, this.cluster));
    return this.knownByLabels;
  }

  /** Undefined where the claim holds. */
  check(claim: Claim): Breach | undefined {
    const known = this.knownUnder(underOf(claim));
    if (claim.kind === 'isolated') return isolationBreach(claim, known, this.possible);
    const { source, destination } = claim;
    if (source.kind === 'workload' && destination.kind === 'workload')
      return knownBreach(claim, source, destination, known);
    if (source.kind === 'addresses' || destination.kind === 'addresses') {
      const pods = source.kind === 'addresses' ? destination : source;
      if (pods.kind === 'workload') return addressBreach(claim, known);
    }
    const host = hostOf(claim);
    const possible = host ? this.beside(host, underOf(claim)) : this.possible;
    return claim.kind === 'allowed' ? this.possibleDenied(claim, possible) : this.possibleAllowed(claim, possible);
  }

  /** Pods that could exist beside a workload that labels alone do not tell, as claims mean them that are judged under a reading. */
  beside(workload: PlacedWorkload, reading: 'most' | 'mostByLabels'): PossiblePods {
    const known = this.besides[reading].get(workload);
    if (known) return known;
    const { cluster } = this;
    const profile = reading === 'most' ? this.profile : byLabelsAlone(this.profile, cluster);
    const found = new PossiblePods(cluster, profile, readingsBeside(workload, cluster, profile));
    this.besides[reading].set(workload, found);
    return found;
  }

  /** What another policy, or none, in the place of one changes of {@link beside}. */
  changeBeside(workload: PlacedWorkload, old: Policy, by: Policy | undefined): WorldChange {
    const { cluster, profile } = this;
    const { namespace } = old;
    const own = cluster.policies.filter((policy) => policy.namespace === namespace);
    const policies = own.flatMap((policy) => (policy === old ? (by ?? []) : [policy]));
    const readings = readingsBeside(workload, { ...cluster, policies }, profile);
    return this.beside(workload, 'most').changeIn(namespace, readings);
  }

  /** A claim about pods that could exist, ready to be judged again and again. */
  questionOf(claim: ConnectionClaim): Question {
    let question = this.questions.get(claim);
    if (!question) {
      const { source, destination, ports } = claim;
      const side = claim.kind === 'allowed' ? claim.side : undefined;
      question = {
        asked: { source: this.endsOf(source, claim), destination: this.endsOf(destination, claim), ports, side },
        only: claim.kind === 'denied' ? this.listedOf(claim) : undefined,
        but: claim.kind === 'denied' ? claim.but : undefined,
        containers: destination.kind === 'workload' ? podPorts(destination.workload) : undefined,
      };
      this.questions.set(claim, question);
    }
    return question;
  }

  /** Ends as boxes: a known pod as it is. */
  private endsOf(end: ClaimEnd, claim: ConnectionClaim): Ends {
    if (end.kind === 'addresses') return { addresses: end.addresses };
    const isOfHost = hostOf(claim) !== undefined;
    if (end.kind === 'pods') return isOfHost ? unmarked(end.space) : end.space;
    return isOfHost ? marked(end.workload) : this.possible.exactly(end.workload);
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

  private possibleAllowed(claim: DeniedClaim, possible: PossiblePods): Breach | undefined {
    const found = possible.allowed(this.questionOf(claim), hostOf(claim) ? 'most' : underOf(claim));
    if (!found) return undefined;
    const decision = found.certainty === 'certain' ? 'allowed' : 'unknown';
    return { kind: 'connection', claim, decision, ...this.shown(claim, found) };
  }

  private possibleDenied(claim: AllowedClaim, possible: PossiblePods): Breach | undefined {
    const question = this.questionOf(claim);
    const found = possible.denied(question);
    if (!found) return undefined;
    const denied = possible.surelyDenied(question);
    const decision = denied ? 'denied' : 'unknown';
    return { kind: 'connection', claim, decision, ...this.shown(claim, denied ?? found) };
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

/** The reading that denies the most of what a claim may be about. */
export function underOf(claim: Claim): 'most' | 'mostByLabels' {
  return claim.kind === 'denied' && claim.only ? 'mostByLabels' : 'most';
}

/** The workload of the host network that a claim is about with pods that could exist. */
export function hostOf({ source, destination }: ConnectionClaim): PlacedWorkload | undefined {
  if (source.kind !== 'pods' && destination.kind !== 'pods') return undefined;
  const [host] = [source, destination].filter((end) => end.kind === 'workload' && end.workload.network === 'host');
  return host?.kind === 'workload' ? host.workload : undefined;
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
  const wrong =
    claim.kind === 'allowed'
      ? claim.ports.subtract(certain)
      : portsInCommonAt(claim.ports, claim.but ? possible.subtract(claim.but) : possible);
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
  const decision = possible.notIsolated(who.space, direction);
  return decision && { kind: 'isolation', claim, decision };
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
