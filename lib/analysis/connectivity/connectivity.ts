import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { Rule } from '../../model/policy';
import { PortSet } from '../../sets/port-set';
import { type AddressReach, addressReach } from './address-reach';
import { ClassIndex } from './class-index';
import { type GroupPair, type GroupPairs, groupPairs } from './groups';
import { Openings } from './openings';
import { type PodClass, podClasses } from './pod-classes';
import { allPorts, noPorts, type PortId, PortTable, type ReachIds } from './port-table';
import { type Side, sidesOf } from './sides';

/** Ports on which one side may reach another: `certain` whatever the API leaves open, `possible` under some reading of it. */
export interface Reach {
  readonly certain: PortSet;
  readonly possible: PortSet;
}

/** Every class of `sources` reaches every class of `destinations` on these ports at least. */
export interface Block extends Reach {
  readonly sources: readonly PodClass[];
  readonly destinations: readonly PodClass[];
}

export interface ConnectivityOptions {
  /** Openings for more classes than `wide` are followed as groups. It decides the cost, never the answer. */
  readonly wide?: number;
  /** Another state of the cluster under the same profile: numbers of port sets are the same in both, and what is alike is looked up once. */
  readonly beside?: Connectivity;
}

const nothing: ReachIds = { certain: noPorts, possible: noPorts };
const everything: ReachIds = { certain: allPorts, possible: allPorts };

/**
 * Who may talk to whom among known workloads.
 *
 * Pods that no policy can tell apart are one class. Rules for few classes are followed pair by pair; rules for many, and
 * pods that nothing isolates, are compared as groups. So the cost is linear in what the rules name, not in pairs of workloads.
 */
export class Connectivity {
  readonly classes: readonly PodClass[];
  /** Finds the classes that a selector picks. */
  readonly index: ClassIndex;
  private readonly openings: Openings;
  private readonly table: PortTable;
  private readonly egress: readonly Side[];
  private readonly ingress: readonly Side[];
  private readonly addressReaches = new Map<string, readonly AddressReach[]>();
  private groupsFound: GroupPairs | undefined;
  private blocksFound: readonly Block[] | undefined;

  constructor(
    readonly cluster: Cluster,
    readonly profile: CniProfile,
    options: ConnectivityOptions = {},
  ) {
    const { beside } = options;
    this.classes = podClasses(cluster);
    const alike = beside && sameClasses(this, beside) ? beside : undefined;
    this.table = beside?.table ?? new PortTable();
    this.index = alike?.index ?? new ClassIndex(this.classes, cluster.namespaces);
    this.openings = alike?.openings ?? new Openings(this.classes, this.index, this.table, profile);
    const wide = options.wide ?? Math.max(50, Math.ceil(Math.sqrt(this.classes.length)));
    const sides = (direction: 'egress' | 'ingress') =>
      sidesOf(direction, cluster, this.classes, this.index, this.openings, profile, wide);
    this.egress = sides('egress');
    this.ingress = sides('ingress');
  }

  /** The sides of a class: its policies in each direction. */
  sideOf(index: number, direction: 'egress' | 'ingress'): Side {
    return (direction === 'egress' ? this.egress : this.ingress)[index]!;
  }

  /** Ports on which a pod of one class may reach a pod of another, or another pod of its own. */
  between(source: number, destination: number): Reach {
    return this.reachOf(this.idsBetween(source, destination));
  }

  /** What a class lets in from addresses outside the cluster, or may send there. */
  addresses(index: number, direction: 'egress' | 'ingress'): readonly AddressReach[] {
    const side = this.sideOf(index, direction);
    const ports = direction === 'ingress' ? this.classes[index]!.end.ports : [];
    const names = ports.filter(({ name }) => name !== undefined).map((p) => `${p.name}:${p.number}/${p.protocol}`);
    const key = `${direction} ${side.index} ${names.join()}`;
    let reach = this.addressReaches.get(key);
    if (!reach) {
      reach = addressReach(side, direction, ports, this.table, this.profile);
      this.addressReaches.set(key, reach);
    }
    return reach;
  }

  /** The whole relation as blocks, whose union it is. Computed at the first call. */
  blocks(): readonly Block[] {
    this.blocksFound ??= [...this.findBlocks()];
    return this.blocksFound;
  }

  /** Pairs of classes that openings for few name, each once: what they reach is more than their groups tell. */
  *narrowPairs(): Generator<readonly [source: number, destination: number]> {
    for (const { index: source } of this.classes) {
      const seen = new Set<number>();
      for (const { peers } of this.egress[source]!.narrow) {
        for (const destination of (peers as Exclude<typeof peers, 'all'>).members) seen.add(destination);
      }
      for (const destination of seen) yield [source, destination];
    }
    for (const { index: destination } of this.classes) {
      const seen = new Set<number>();
      for (const { peers } of this.ingress[destination]!.narrow) {
        for (const source of (peers as Exclude<typeof peers, 'all'>).members) {
          const listed = this.egress[source]!.narrow.some((o) => o.peers !== 'all' && o.peers.has(destination));
          if (!listed) seen.add(source);
        }
      }
      for (const source of seen) yield [source, destination];
    }
  }

  /** What openings for many and pods that nothing isolates come to, by groups of classes. Computed at the first call. */
  groups(): GroupPairs {
    this.groupsFound ??= groupPairs(this.classes, this.egress, this.ingress, (source, destination) =>
      this.idsBetween(source, destination, 'wide'),
    );
    return this.groupsFound;
  }

  private *findBlocks(): Generator<Block> {
    const { pairs, sources, destinations } = this.groups();
    for (const group of pairs.values()) yield this.toBlock(group);
    for (const [source, destination] of this.narrowPairs()) {
      const ids = this.idsBetween(source, destination);
      if (ids.possible === noPorts) continue;
      const known = pairs.get(`${sources[source]} ${destinations[destination]}`);
      // Its groups say the same already.
      if (known?.ids.certain === ids.certain && known.ids.possible === ids.possible) continue;
      yield this.toBlock({ sources: [source], destinations: [destination], ids });
    }
  }

  private toBlock({ sources, destinations, ids }: GroupPair): Block {
    const list = (indexes: readonly number[]) => indexes.map((index) => this.classes[index]!);
    return { sources: list(sources), destinations: list(destinations), ...this.reachOf(ids) };
  }

  reachOf({ certain, possible }: ReachIds): Reach {
    return { certain: this.table.setOf(certain), possible: this.table.setOf(possible) };
  }

  /** The same as {@link between}, by numbers that one table of ports gives. */
  idsBetween(source: number, destination: number, openings: 'all' | 'wide' = 'all'): ReachIds {
    const out = this.through(this.egress[source]!, destination, destination, openings);
    if (out.possible === noPorts) return nothing;
    const into = this.ingressIds(source, destination, openings);
    return {
      certain: this.table.intersect(out.certain, into.certain),
      possible: this.table.inCommon(out.possible, into.possible),
    };
  }

  /** What one side of a connection lets through by itself. */
  sideReach(direction: 'egress' | 'ingress', source: number, destination: number): Reach {
    return this.reachOf(
      direction === 'egress'
        ? this.through(this.egress[source]!, destination, destination, 'all')
        : this.ingressIds(source, destination, 'all'),
    );
  }

  /** The rules by which one side lets something through between two classes, with the ports. */
  *rulesBetween(
    direction: 'egress' | 'ingress',
    source: number,
    destination: number,
  ): Generator<readonly [rule: Rule, ports: PortSet]> {
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    const side = this.sideOf(subject, direction);
    for (const opening of [...side.narrow, ...side.wide]) {
      if (opening.peers !== 'all' && !opening.peers.has(peer)) continue;
      yield [opening.rule, this.table.setOf(opening.ports.at(this.classes[destination]!.end.ports))];
    }
  }

  private ingressIds(source: number, destination: number, openings: 'all' | 'wide'): ReachIds {
    const from = this.classes[source]!.end;
    const into = this.through(this.ingress[destination]!, source, destination, openings);
    // The API allows ingress from the pod's own node, so from a pod there that is on the host's network.
    return { certain: into.certain, possible: from.network === 'host' ? allPorts : into.possible };
  }

  /** What one side lets through to or from `peer`, at the ports of `destination`. */
  private through(side: Side, peer: number, destination: number, openings: 'all' | 'wide'): ReachIds {
    if (side.isolation === 'none') return everything;
    if (side.isolation === 'unread') return { certain: noPorts, possible: allPorts };
    const { ports } = this.classes[destination]!.end;
    let certain: PortId = noPorts;
    let possible: PortId = noPorts;
    for (const list of openings === 'all' ? [side.narrow, side.wide] : [side.wide]) {
      for (const opening of list) {
        if (opening.peers !== 'all' && !opening.peers.has(peer)) continue;
        const id = opening.ports.at(ports);
        possible = this.table.union(possible, id);
        if (opening.certainty === 'certain') certain = this.table.union(certain, id);
      }
    }
    return { certain, possible: side.isolation === 'perhaps' ? allPorts : possible };
  }
}

/** Whether every selector picks classes of the same numbers in both. */
function sameClasses(
  a: Pick<Connectivity, 'classes' | 'cluster'>,
  b: Pick<Connectivity, 'classes' | 'cluster'>,
): boolean {
  return (
    a.classes.length === b.classes.length &&
    a.classes.every(({ key }, i) => key === b.classes[i]!.key) &&
    isDeepStrictEqual(labelsOf(a.cluster), labelsOf(b.cluster))
  );
}

function labelsOf({ namespaces }: Cluster) {
  return namespaces.map(({ name, labels }) => [name, labels]);
}

/** Ports that the API leaves open: possible but not certain. */
export function unknownPorts({ certain, possible }: Reach): PortSet {
  return certain.equals(possible) ? PortSet.empty : possible.subtract(certain);
}
