import { groupedBy } from '../analysis/grouping';
import type { Encounter, Ends, PodSpace } from '../analysis/open-world/meetings';
import { type Reading, readingsOf, readPolicy } from '../analysis/open-world/readings';
import { notIsolated, type PolicyStatement } from '../analysis/open-world/relation';
import { pairBox, peerOf, type Statement, subjectOf } from '../analysis/open-world/statement';
import type { StatementIndex } from '../analysis/open-world/statement-index';
import { type Remainder, uncovered } from '../analysis/open-world/uncovered';
import { portsInCommon, portsInCommonAt } from '../analysis/ports-in-common';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { unenforcedFeature } from '../model/enforcement';
import { resolveNames } from '../model/named-ports';
import type { Direction, Policy } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { PodPort } from '../model/workload';
import { everyAddress } from '../sets/address-set';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { byLabelsAlone } from './by-labels-alone';
import { IndexedReading, type PolicyChange } from './indexed-reading';

/** Connections between pods that could exist, or to and from addresses. */
export interface PossibleConnection {
  readonly source: Ends;
  readonly destination: Ends;
  readonly ports: PortSet;
  /** The only side that is asked for. */
  readonly side?: Direction | undefined;
}

/** A connection that is allowed under some reading: `possible` where that depends on the plugin, or on which number a port's name stands for. */
export type AllowedConnection = PossibleConnection & { readonly certainty: 'certain' | 'possible' };

/**
 * Readings of what the API leaves open. `least`: what is allowed whatever it is; `most`: what is allowed under some; `mostByLabels`: the same where
 * rules by addresses are not about pods, as where a list says which addresses may be reached: whoever has them is on it.
 */
export type ReadingName = 'least' | 'most' | 'mostByLabels';

/** What another policy in the place of one changes under each reading, worked out when it is asked for. */
export class WorldChange {
  private readonly found: Partial<Record<ReadingName, PolicyChange>> = {};

  constructor(private readonly find: (reading: ReadingName) => PolicyChange) {}

  under(reading: ReadingName): PolicyChange {
    this.found[reading] ??= this.find(reading);
    return this.found[reading];
  }
}

/** What connections are asked for: those of a claim. */
export interface Question {
  readonly asked: PossibleConnection;
  /** Who is left out. */
  readonly only?: ListedEnds | undefined;
  /** Ports that are left out. */
  readonly but?: PortSet | undefined;
  /** Of the destination, where it is known. */
  readonly containers?: readonly PodPort[] | undefined;
}

export interface ListedEnds {
  readonly of: 'source' | 'destination';
  readonly listed: readonly { readonly ends: Ends; readonly ports: PortSet }[];
}

/**
 * What policies allow over every pod that could exist, under each reading of what the API leaves open; and what of it another policy in the
 * place of one changes.
 */
export class PossiblePods {
  private readonly least: IndexedReading;
  private readonly most: IndexedReading;
  private byLabelsFound: IndexedReading | undefined;
  private readonly profileByLabels: CniProfile;
  private readonly spaces = new WeakMap<PlacedWorkload, PodSpace>();
  /** By namespace, as they are written. */
  private readonly policies: ReadonlyMap<string, readonly Policy[]>;

  constructor(
    private readonly cluster: Cluster,
    private readonly profile: CniProfile,
    { least, most } = readingsOf(cluster, profile),
  ) {
    this.least = new IndexedReading(cluster, least.policies);
    this.most = most === least ? this.least : new IndexedReading(cluster, most.policies, this.least);
    this.profileByLabels = byLabelsAlone(profile, cluster);
    this.policies = groupedBy(cluster.policies, ({ namespace }) => namespace);
  }

  /** Pods of the workload as it is: with these labels and no others that a policy could ask for. */
  exactly(workload: PlacedWorkload): PodSpace {
    let space = this.spaces.get(workload);
    if (!space) {
      space = this.most.world.exactly(workload.namespace, workload.podLabels);
      this.spaces.set(workload, space);
    }
    return space;
  }

  /** The same pods, by namespaces that are known and others, as the relation tells them apart. */
  cellsOf({ namespaces, pods }: PodSpace): PodSpace[] {
    return this.most.world.universe.namespaces(namespaces).map((cell) => ({ namespaces: cell, pods }));
  }

  /** What is allowed of these connections, but for what is listed; undefined if nothing is. */
  allowed(question: Question, under: ReadingName): AllowedConnection | undefined {
    const { source, destination, ports } = question.asked;
    for (const meeting of this.reading(under).world.meetings.between(source, destination, ports)) {
      const found = this.allowedOf(meeting, question, ports);
      if (found) return found;
    }
    return undefined;
  }

  /** The same of connections that both sides let through. */
  allowedIn(encounter: Encounter<PolicyStatement>, question: Question): AllowedConnection | undefined {
    const { source, destination, ports } = question.asked;
    const part = this.most.world.meetings.within(encounter, source, destination);
    return part && this.allowedOf(part, question, ports);
  }

  /** All of it; undefined where both sides have no port in common. */
  allOf(encounter: Encounter<PolicyStatement>): AllowedConnection | undefined {
    return this.allowedOf(encounter, {}, PortSet.all);
  }

  /**
   * What is not allowed for certain of these connections; undefined if all is.
   * @param where policies are looked up
   */
  denied(
    { asked, containers }: Question,
    where: Pick<StatementIndex<PolicyStatement>, 'near'> = this.least.index,
  ): PossibleConnection | undefined {
    for (const statement of this.sidesOf(asked)) {
      const near = where.near(statement);
      const resolved = near.map((s) => (containers ? { ...s, ports: resolveNames(s.ports, containers) } : s));
      const { value, done } = uncovered(statement, resolved).next();
      if (!done) return connectionOf({ ...statement, ...value });
    }
    return undefined;
  }

  /** What is denied of these connections under every reading; undefined if all may be allowed. */
  surelyDenied(question: Question): PossibleConnection | undefined {
    return this.denied(question, this.most.index);
  }

  /** Whether policies deny anything to these pods in that direction, whatever the API leaves open. */
  deniesAny(direction: Direction, namespace: string, pods: LabelBox): boolean {
    const { world, index } = this.most;
    const peers = [
      ...world.universe.namespaces(LabelBox.everything).map((namespaces) => ({
        labels: pairBox(pods, { namespaces, pods: LabelBox.everything }),
        addresses: undefined,
      })),
      { labels: pairBox(pods), addresses: everyAddress },
    ];
    return peers.some((peer) => {
      const statement: Statement = { namespace, direction, ...peer, ports: PortSet.all };
      return !uncovered(statement, index.near(statement)).next().done;
    });
  }

  /** Why not all pods of the space are isolated for certain in that direction: undefined if they are. */
  notIsolated(
    { namespaces, pods }: PodSpace,
    direction: Direction,
    changed?: { readonly namespace: string; readonly policies: readonly Policy[] },
  ): 'open' | 'unknown' | undefined {
    const enforced = direction === 'egress' ? this.profile.facts.enforcesEgress.value : 'yes';
    if (enforced !== 'yes') return enforced === 'no' ? 'open' : 'unknown';
    const elsewhere = namespaces.intersect(this.least.world.elsewhere);
    const found = this.namesOf(namespaces).map((name) => {
      if (this.cluster.unread.some((own) => own.namespace === undefined || own.namespace === name)) return 'unknown';
      const own = changed?.namespace === name ? changed.policies : (this.policies.get(name) ?? []);
      if (notIsolated(own, direction).some((open) => open.meets(pods))) return 'open';
      const isDoubted = (policy: Policy) =>
        policy.isolates.includes(direction) && policy.pods.meets(pods) && unenforcedFeature(policy, this.profile);
      return own.some(isDoubted) ? 'unknown' : undefined;
    });
    if (!elsewhere.isEmpty || found.includes('open')) return 'open';
    return found.includes('unknown') ? 'unknown' : undefined;
  }

  /** Exactly what another policy, or none, in the place of one changes. */
  changeOf(old: Policy, by: Policy | undefined): WorldChange {
    const change: WorldChange = new WorldChange((under) => {
      const read = by && readPolicy(by, under === 'mostByLabels' ? this.profileByLabels : this.profile);
      if (under === 'least') return this.least.changeOf(old, read?.least);
      const certain = read?.most === read?.least ? change.under('least') : undefined;
      return this.reading(under).changeOf(old, read?.most, certain);
    });
    return change;
  }

  /** What changes where the policies of a namespace are those of other readings. */
  changeIn(namespace: string, readings: Readonly<Record<'least' | 'most', Pick<Reading, 'policies'>>>): WorldChange {
    return new WorldChange((under) => {
      const { policies } = readings[under === 'least' ? under : 'most'];
      return this.reading(under).changeIn(namespace, policies);
    });
  }

  /** Connections of which a change opens one side, or closes it, and which the other side lets through: those between pods first. */
  *altered(
    { lost, gained, after }: Pick<PolicyChange, 'lost' | 'gained' | 'after'>,
    effect: 'opened' | 'closed',
    under: ReadingName,
  ): Generator<Encounter<PolicyStatement>> {
    const { index, world } = this.reading(under);
    const [parts, others] = effect === 'opened' ? [gained, after] : [lost, index];
    const rank = ({ addresses, direction }: PolicyStatement) => (addresses ? 2 : 0) + (direction === 'ingress' ? 1 : 0);
    const ordered = parts.length > 1 ? [...parts].sort((a, b) => rank(a) - rank(b)) : parts;
    for (const part of ordered) yield* world.meetings.of(part, others);
  }

  private reading(name: ReadingName): IndexedReading {
    if (name !== 'mostByLabels') return this[name];
    this.byLabelsFound ??= this.findByLabels();
    return this.byLabelsFound;
  }

  private findByLabels(): IndexedReading {
    if (this.profileByLabels === this.profile) return this.most;
    const { most } = readingsOf(this.cluster, this.profileByLabels);
    return most.doubts.size === 0 ? this.least : new IndexedReading(this.cluster, most.policies, this.least);
  }

  private allowedOf(
    encounter: Encounter<PolicyStatement>,
    { only, but = PortSet.empty, containers }: Omit<Question, 'asked'>,
    ports: PortSet,
  ): AllowedConnection | undefined {
    const open = openPorts(encounter, ports, containers, but);
    if (open.isEmpty) return undefined;
    const openBut = (names: PortSet) => openPorts(encounter, ports, containers, but.union(names));
    const found = only ? outsideOf(encounter, open, only, openBut) : { ...endsOf(encounter), ports: open };
    return found && { ...found, certainty: this.certaintyOf(encounter, found.ports, containers) };
  }

  private certaintyOf(
    { egress, ingress }: Encounter<PolicyStatement>,
    open: PortSet,
    containers: readonly PodPort[] | undefined,
  ): AllowedConnection['certainty'] {
    const isCertain = [egress, ingress].every((s) => {
      if (!s) return true;
      const ports = containers ? resolveNames(s.ports, containers) : s.ports;
      return !this.most.doubts(s.rule) && open.isSubsetOf(ports);
    });
    return isCertain ? 'certain' : 'possible';
  }

  private namesOf(namespaces: LabelBox): string[] {
    return [...this.least.world.labels].filter(([, labels]) => namespaces.matches(labels)).map(([name]) => name);
  }

  /** The sides at which policies may deny these connections, as the statements that would allow all of them. */
  *sidesOf({ source, destination, ports, side }: PossibleConnection): Generator<Statement> {
    for (const [direction, subject, peer] of [
      ['egress', source, destination],
      ['ingress', destination, source],
    ] as const) {
      if ('addresses' in subject || (side && side !== direction)) continue;
      for (const namespace of this.namesOf(subject.namespaces)) {
        const isAddresses = 'addresses' in peer;
        const spaces = isAddresses ? [undefined] : this.least.world.universe.namespaces(peer.namespaces);
        for (const namespaces of spaces) {
          const labels = namespaces
            ? pairBox(subject.pods, { namespaces, pods: (peer as PodSpace).pods })
            : pairBox(subject.pods);
          const addresses = isAddresses ? peer.addresses : undefined;
          yield { namespace, direction, labels, addresses, ports };
        }
      }
    }
  }
}

/**
 * The ports on which both sides let an encounter through; of pods that are not known, a name may be any number.
 * @param but ports that are left out
 */
function openPorts(
  { egress, ingress }: Encounter<PolicyStatement & Pick<Remainder, 'but'>>,
  asked: PortSet,
  containers: readonly PodPort[] | undefined,
  but: PortSet,
): PortSet {
  const sides = [egress, ingress].flatMap((side) => side ?? []);
  const left = sides.reduce((all, side) => (side.but ? all.union(side.but) : all), but);
  const [out = PortSet.all, into = PortSet.all] = sides.map(({ ports }) => ports.subtract(left));
  if (containers) {
    const known = portsInCommonAt(resolveNames(out, containers), resolveNames(into, containers));
    return portsInCommonAt(known, asked).subtract(resolveNames(left, containers));
  }
  const both = out.equals(into) ? out : portsInCommon(out, into);
  return asked.isEverything ? both : portsInCommon(both, asked);
}

function endsOf({ source, destination }: Encounter<PolicyStatement>) {
  return { source, destination };
}

/**
 * What of an encounter is not on the list.
 * @param openBut ports that are open without those that are called so
 */
function outsideOf(
  encounter: Encounter<PolicyStatement>,
  ports: PortSet,
  { of, listed }: ListedEnds,
  openBut: (names: PortSet) => PortSet,
): PossibleConnection | undefined {
  const whole = partOf(encounter[of], ports);
  const { value, done } = uncovered(
    whole,
    // A number that is open only where it is called so is on the list with the name.
    listed.map(({ ends, ports: own }) => {
      const { byName } = own;
      return partOf(ends, byName.isEmpty ? own : own.union(ports.subtract(openBut(byName))));
    }),
  ).next();
  if (done) return undefined;
  const { labels, addresses, ports: rest } = value;
  const end: Ends = addresses ? { addresses } : peerOf(labels);
  return { ...endsOf(encounter), [of]: end, ports: rest };
}

function partOf(ends: Ends, ports: PortSet): Remainder {
  return 'addresses' in ends
    ? { labels: LabelBox.everything, addresses: ends.addresses, ports }
    : { labels: pairBox(LabelBox.everything, ends), addresses: undefined, ports };
}

function connectionOf({ namespace, direction, labels, addresses, ports }: Statement): PossibleConnection {
  const subject = { namespaces: LabelBox.ofLabels({ [namespaceNameKey]: namespace }), pods: subjectOf(labels) };
  const peer: Ends = addresses ? { addresses } : peerOf(labels);
  return direction === 'egress'
    ? { source: subject, destination: peer, ports }
    : { source: peer, destination: subject, ports };
}
