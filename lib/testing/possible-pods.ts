import { ClusterWorld } from '../analysis/open-world/cluster-world';
import { type Ends, type Meeting, Meetings, type PodSpace } from '../analysis/open-world/meetings';
import { type Reading, readingsOf } from '../analysis/open-world/readings';
import { directions, notIsolated, type PolicyStatement } from '../analysis/open-world/relation';
import { pairBox, peerOf, type Statement, subjectOf } from '../analysis/open-world/statement';
import { StatementIndex } from '../analysis/open-world/statement-index';
import { type Remainder, uncovered } from '../analysis/open-world/uncovered';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import { resolveNames } from '../model/named-ports';
import type { Direction, Policy, Rule } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import { everyAddress } from '../sets/address-set';
import { LabelBox } from '../sets/label-box';
import { PortSet, protocols } from '../sets/port-set';
import { changeOfPolicy, noChange, type PolicyChange } from './policy-change';

type Near = Pick<StatementIndex<PolicyStatement>, 'near'>;

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

/** What another policy changes, under each reading of what the API leaves open. */
export interface WorldChange {
  readonly least: PolicyChange;
  readonly most: PolicyChange;
}

/** Both sides of a relation; or those connections of it of which one side is a change. */
export interface SidedMeetings {
  readonly meetings: Meetings<PolicyStatement>;
  readonly side?: Direction;
}

export interface ListedEnds {
  readonly of: 'source' | 'destination';
  readonly listed: readonly { readonly ends: Ends; readonly ports: PortSet }[];
}

/** One reading of the policies, with its statements by what they are about. */
class IndexedReading {
  readonly world: ClusterWorld;
  readonly index: StatementIndex<PolicyStatement>;
  readonly byNamespace = new Map<string, Policy[]>();
  readonly byName: ReadonlyMap<string, Policy>;
  readonly rules: ReadonlySet<Rule>;

  constructor(cluster: Cluster, { policies }: Reading) {
    this.world = new ClusterWorld({ ...cluster, policies });
    this.index = new StatementIndex(this.world.relation);
    for (const policy of policies) {
      const list = this.byNamespace.get(policy.namespace);
      if (list) list.push(policy);
      else this.byNamespace.set(policy.namespace, [policy]);
    }
    this.rules = new Set(policies.flatMap(({ rules }) => rules));
    this.byName = new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
  }

  /** @param by as this reading has it */
  changeOf({ namespace, name }: Policy, by: Policy | undefined): PolicyChange {
    const old = this.byName.get(`${namespace}/${name}`);
    if (!old) return noChange;
    return changeOfPolicy(this.byNamespace.get(namespace)!, old, by, this.index, this.world.universe);
  }
}

/**
 * What policies allow over every pod that could exist, under both readings of what the API leaves open; and what of it another policy in
 * the place of one changes.
 */
export class PossiblePods {
  private readonly least: IndexedReading;
  private readonly most: IndexedReading;
  private readonly spaces = new WeakMap<PlacedWorkload, PodSpace>();

  constructor(
    private readonly cluster: Cluster,
    private readonly profile: CniProfile,
  ) {
    const { least, most } = readingsOf(cluster, profile);
    this.least = new IndexedReading(cluster, least);
    this.most = most === least ? this.least : new IndexedReading(cluster, most);
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

  /** What is allowed of these connections under some reading, but for what is listed; undefined if nothing is. */
  allowed(...asked: Parameters<PossiblePods['allAllowed']>): AllowedConnection | undefined {
    return this.allAllowed(...asked).next().value ?? undefined;
  }

  /** All of it, part by part. */
  *allAllowed(
    asked: PossibleConnection,
    only?: ListedEnds,
    /** Of the destination, where it is known. */
    containers?: PlacedWorkload['ports'],
    /** Where is looked; else in all that is allowed. */
    where: readonly SidedMeetings[] = [{ meetings: this.most.world.meetings }],
  ): Generator<AllowedConnection, undefined> {
    const { source, destination, ports } = asked;
    for (const { meetings, side } of where) {
      for (const meeting of meetings.between(source, destination, ports)) {
        // Where the changed side has no say, nothing changes.
        if (side && !meeting[side]) continue;
        const open = openPorts(meeting, ports, containers);
        if (open.isEmpty) continue;
        const found = only ? outsideOf(meeting, open, only) : { ...endsOf(meeting), ports: open };
        if (found) yield { ...found, certainty: this.certaintyOf(meeting, found.ports, containers) };
      }
    }
    return undefined;
  }

  /** What is denied of these connections, whatever the API leaves open; undefined if all is allowed. */
  denied(asked: PossibleConnection, containers?: PlacedWorkload['ports']): PossibleConnection | undefined {
    for (const { statement, near } of this.sidesOf(asked)) {
      const resolved = near.map((s) => (containers ? { ...s, ports: resolveNames(s.ports, containers) } : s));
      const { value, done } = uncovered(statement, resolved).next();
      if (!done) return connectionOf({ ...statement, ...value });
    }
    return undefined;
  }

  /** Whether a change takes something from these connections, all of which are allowed. */
  loses(asked: PossibleConnection, lost: PolicyChange['lost'], containers?: PlacedWorkload['ports']): boolean {
    return [...this.sidesOf(asked)].some(({ statement }) =>
      lost.some((part) => {
        const ports = containers ? resolveNames(part.ports, containers) : part.ports;
        return meet(statement, { ...part, ports });
      }),
    );
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

  /** Pods of the space that policies leave open in that direction. */
  notIsolated(
    { namespaces, pods }: PodSpace,
    direction: Direction,
    changed?: { readonly namespace: string; readonly policies: readonly Policy[] },
  ): LabelBox | undefined {
    if (this.profile.facts.enforcesEgress.value !== 'yes' && direction === 'egress') return pods;
    for (const name of this.namesOf(namespaces)) {
      const own = changed?.namespace === name ? changed.policies : (this.least.byNamespace.get(name) ?? []);
      for (const open of notIsolated(own, direction)) if (open.meets(pods)) return open.intersect(pods);
    }
    const elsewhere = namespaces.intersect(this.least.world.elsewhere);
    return elsewhere.isEmpty ? undefined : pods;
  }

  /** Exactly what another policy, or none, in the place of one changes. */
  changeOf(old: Policy, by: Policy | undefined): WorldChange {
    const readings = readingsOf({ ...this.cluster, unread: [], policies: by ? [by] : [] }, this.profile);
    const least = this.least.changeOf(old, readings.least.policies[0]);
    const isOne = this.most === this.least && readings.most === readings.least;
    return { least, most: isOne ? least : this.most.changeOf(old, readings.most.policies[0]) };
  }

  /** Connections with a part of one side of the relation, which the other side lets through too. */
  meetingsWith(parts: readonly PolicyStatement[], reading: 'least' | 'most'): SidedMeetings[] {
    const { world, index } = this[reading];
    const changed = new StatementIndex<PolicyStatement>(parts);
    return directions
      .filter((direction) => parts.some((part) => part.direction === direction))
      .map((side) => {
        // The other side may be changed too.
        const other = (s: Statement) => [...index.near(s), ...changed.near(s)];
        const both: Near = { near: (s) => (s.direction === side ? changed.near(s) : other(s)) };
        return { side, meetings: new Meetings(both, world.labels) };
      });
  }

  private certaintyOf(
    { egress, ingress }: Meeting<PolicyStatement>,
    open: PortSet,
    containers: PlacedWorkload['ports'] | undefined,
  ): AllowedConnection['certainty'] {
    const isCertain = [egress, ingress].every((s) => {
      if (!s) return true;
      const ports = containers ? resolveNames(s.ports, containers) : s.ports;
      const isDoubted = s.rule !== undefined && this.most.rules.has(s.rule) && !this.least.rules.has(s.rule);
      return !isDoubted && open.isSubsetOf(ports);
    });
    return isCertain ? 'certain' : 'possible';
  }

  private namesOf(namespaces: LabelBox): string[] {
    return [...this.least.world.labels].filter(([, labels]) => namespaces.matches(labels)).map(([name]) => name);
  }

  /** The sides at which policies may deny these connections, each with the statements near it. */
  private *sidesOf({ source, destination, ports, side }: PossibleConnection) {
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
          const statement: Statement = { namespace, direction, labels, addresses, ports };
          yield { statement, near: this.least.index.near(statement) };
        }
      }
    }
  }
}

function meet(a: Statement, b: Statement): boolean {
  return (
    a.direction === b.direction &&
    a.namespace === b.namespace &&
    (a.addresses === undefined) === (b.addresses === undefined) &&
    a.labels.meets(b.labels) &&
    a.ports.mayMeet(b.ports) &&
    (!a.addresses || !b.addresses || !a.addresses.intersect(b.addresses).isEmpty)
  );
}

/** The ports on which both sides let a meeting through; of pods that are not known, a name may be any number. */
function openPorts(
  { egress, ingress }: Meeting<PolicyStatement>,
  asked: PortSet,
  containers: PlacedWorkload['ports'] | undefined,
): PortSet {
  const [out, into] = [egress?.ports ?? PortSet.all, ingress?.ports ?? PortSet.all];
  if (containers) return resolveNames(out, containers).intersect(resolveNames(into, containers)).intersect(asked);
  const both = out.equals(into)
    ? out
    : anyNumber(out)
        .intersect(into)
        .union(out.intersect(anyNumber(into)));
  return both.intersect(asked).union(anyNumber(both).intersect(asked.isEverything ? PortSet.empty : asked));
}

/** With every port of the protocol in place of a name. */
function anyNumber(ports: PortSet): PortSet {
  const named = new Set(ports.items().flatMap((item) => ('name' in item ? [item.protocol] : [])));
  const whole = protocols.filter((p) => named.has(p)).map((protocol) => ({ protocol, first: 1, last: 65535 }));
  return whole.length === 0 ? ports : ports.union(PortSet.of(whole));
}

function endsOf({ source, destination }: Meeting<PolicyStatement>) {
  return { source, destination };
}

/** What of a meeting is not on the list. */
function outsideOf(
  meeting: Meeting<PolicyStatement>,
  ports: PortSet,
  { of, listed }: ListedEnds,
): PossibleConnection | undefined {
  const whole = partOf(meeting[of], ports);
  const { value, done } = uncovered(
    whole,
    listed.map(({ ends, ports }) => partOf(ends, ports)),
  ).next();
  if (done) return undefined;
  const { labels, addresses, ports: rest } = value;
  const end: Ends = addresses ? { addresses } : peerOf(labels);
  return { ...endsOf(meeting), [of]: end, ports: rest };
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
