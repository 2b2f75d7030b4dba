import type { AddressReach } from '../../lib/analysis/connectivity/address-reach';
import { type Block, Connectivity, type Reach } from '../../lib/analysis/connectivity/connectivity';
import { podEnd } from '../../lib/analysis/connectivity/pod-classes';
import { evaluate, type Verdict } from '../../lib/analysis/evaluate';
import { type PolicyStatement, relationOf } from '../../lib/analysis/open-world/relation';
import { peerOf, subjectOf } from '../../lib/analysis/open-world/statement';
import { Universe } from '../../lib/analysis/open-world/universe';
import { type Cluster, type PlacedWorkload, workloadToString } from '../../lib/model/cluster';
import type { CniProfile } from '../../lib/model/cni-profile';
import type { AddressEnd, Connection, Decision, End, PodEnd } from '../../lib/model/connection';
import { unenforcedFeature } from '../../lib/model/enforcement';
import type { Direction } from '../../lib/model/policy';
import { holdsAddress } from '../../lib/sets/address-set';
import { parseAddress } from '../../lib/sets/cidr';
import type { LabelBox } from '../../lib/sets/label-box';
import { PortSet, type Protocol } from '../../lib/sets/port-set';

/** A pod of a workload of the cluster. Two of one workload are replicas; one and the same is itself. */
export interface PodParty {
  readonly end: PodEnd;
  readonly workload: PlacedWorkload;
}

export type Party = PodParty | { readonly end: AddressEnd };

/** What every engine says of one connection; the open-world engine only of what it is about. */
export interface Answers {
  readonly evaluator: Decision;
  readonly connectivity: Decision;
  readonly blocks?: Decision;
  readonly openWorld?: Decision;
}

const none: Reach = { certain: PortSet.empty, possible: PortSet.empty };
const every: Reach = { certain: PortSet.all, possible: PortSet.all };

/** Asks all engines the same questions about one cluster. */
export class Engines {
  readonly connectivity: Connectivity;
  private readonly classOf = new Map<PlacedWorkload, number>();
  private readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  private readonly statements: readonly ReadStatement[];
  /** Whether an egress rule gives names to ports of an ipBlock. */
  private readonly namesPortsOfAddresses: boolean;
  private readonly pods = new Map<string, PodParty>();
  private readonly reaches = new Map<End, Map<End, Reaches>>();
  private blockReaches: Map<string, Reach> | undefined;

  constructor(
    readonly cluster: Cluster,
    readonly profile: CniProfile,
  ) {
    this.connectivity = new Connectivity(cluster, profile);
    for (const { index, workloads } of this.connectivity.classes) {
      for (const workload of workloads) this.classOf.set(workload, index);
    }
    this.namespaceLabels = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels]));
    const universe = new Universe(this.namespaceLabels);
    this.statements = relationOf(cluster.policies, this.namespaceLabels.keys(), universe).map(read);
    this.namesPortsOfAddresses = cluster.policies.some(({ rules }) =>
      rules.some(
        ({ direction, peers, ports }) =>
          direction === 'egress' &&
          peers.some(({ kind }) => kind === 'addresses') &&
          ports.items().some((item) => 'name' in item),
      ),
    );
    for (const workload of cluster.workloads) this.pods.set(workloadToString(workload), this.podOf(workload));
  }

  /** The same pod each time. @param name as in `shop/web` */
  pod(name: string): PodParty {
    const party = this.pods.get(name);
    if (!party) throw new Error(`there is no pod ${name}; there are ${[...this.pods.keys()].join(', ')}`);
    return party;
  }

  /** A pod that is not the same as any other one. */
  podOf(workload: PlacedWorkload): PodParty {
    return { workload, end: podEnd(workload, this.namespaceLabels.get(workload.namespace)!) };
  }

  address(text: string): Party {
    const address = parseAddress(text);
    if (!address) throw new Error(`${text} is no address`);
    return { end: { kind: 'address', address } };
  }

  verdict(source: Party, destination: Party, protocol: Protocol, port: number): Verdict {
    const connection: Connection = { source: source.end, destination: destination.end, protocol, port };
    return evaluate(connection, this.cluster.policies, this.profile, this.cluster.unread);
  }

  answers(source: Party, destination: Party, protocol: Protocol, port: number): Answers {
    const { connectivity, blocks, openWorld } = this.reachesBetween(source, destination);
    const at = (reach: Reach) => decisionAt(reach, protocol, port);
    return {
      evaluator: this.verdict(source, destination, protocol, port).decision,
      connectivity: at(connectivity),
      ...(blocks ? { blocks: at(blocks) } : {}),
      ...(openWorld ? { openWorld: at(openWorld) } : {}),
    };
  }

  /** On which ports each of the engines that work with sets lets one party reach another. */
  reachesBetween(source: Party, destination: Party): Reaches {
    let from = this.reaches.get(source.end);
    if (!from) {
      from = new Map();
      this.reaches.set(source.end, from);
    }
    let found = from.get(destination.end);
    if (!found) {
      found = this.findReaches(source, destination);
      from.set(destination.end, found);
    }
    return found;
  }

  /** What the closed-world engine lists for addresses outside. */
  addressesOf({ workload }: PodParty, direction: Direction): readonly AddressReach[] {
    return this.connectivity.addresses(this.classOf.get(workload)!, direction);
  }

  private findReaches(source: Party, destination: Party): Reaches {
    if (source.end === destination.end) return { connectivity: every, blocks: every, openWorld: every };
    const openWorld = this.openWorld(source.end, destination.end);
    if ('workload' in source && 'workload' in destination) {
      const [from, to] = [this.classOf.get(source.workload)!, this.classOf.get(destination.workload)!];
      const blocks = this.allBlocks().get(`${from} ${to}`) ?? none;
      return { connectivity: this.connectivity.between(from, to), blocks, ...openWorld };
    }
    return { connectivity: this.outside(source, destination), ...openWorld };
  }

  private outside(source: Party, destination: Party): Reach {
    const [pod, direction, outside] =
      'workload' in source
        ? [source, 'egress' as const, destination.end]
        : 'workload' in destination
          ? [destination, 'ingress' as const, source.end]
          : [undefined, 'egress' as const, source.end];
    if (!pod) return every;
    const { address } = outside as AddressEnd;
    return this.addressesOf(pod, direction).find(({ addresses }) => holdsAddress(addresses, address)) ?? none;
  }

  private allBlocks(): ReadonlyMap<string, Reach> {
    if (!this.blockReaches) {
      this.blockReaches = new Map();
      for (const block of this.connectivity.blocks()) this.addBlock(block, this.blockReaches);
    }
    return this.blockReaches;
  }

  private addBlock({ sources, destinations, certain, possible }: Block, reaches: Map<string, Reach>): void {
    for (const { index: from } of sources) {
      for (const { index: to } of destinations) {
        const known = reaches.get(`${from} ${to}`) ?? none;
        const sum = { certain: known.certain.union(certain), possible: known.possible.union(possible) };
        reaches.set(`${from} ${to}`, sum);
      }
    }
  }

  /** The relation is about policies that are read and take effect, and about pods that selectors pick. */
  private openWorld(source: End, destination: End): Pick<Reaches, 'openWorld'> {
    const { facts } = this.profile;
    const unread = this.cluster.unread.some(({ namespace }) =>
      [source, destination].some(
        (end) => end.kind === 'pod' && (namespace === undefined || namespace === end.namespace),
      ),
    );
    const onHost = [source, destination].some((end) => end.kind === 'pod' && end.network === 'host');
    const doubted = this.cluster.policies.some((policy) => unenforcedFeature(policy, this.profile));
    const unjudged =
      facts.enforcesIpv6.value === 'no' &&
      [source, destination].some((end) => end.kind === 'address' && end.address.family === 6);
    if (unread || onHost || doubted || unjudged || facts.enforcesEgress.value !== 'yes') return {};
    // Its statements on addresses are about addresses outside, where no port has a name.
    if (this.namesPortsOfAddresses && facts.ipBlockMatchesPods.value !== 'no' && destination.kind === 'pod') return {};
    const out = this.side('egress', source, destination, destination);
    const into = this.side('ingress', destination, source, destination);
    return {
      openWorld: { certain: out.certain.intersect(into.certain), possible: out.possible.intersect(into.possible) },
    };
  }

  private side(direction: Direction, subject: End, peer: End, destination: End): Reach {
    if (subject.kind === 'address') return every;
    const own = this.statements.filter(
      (s) => s.namespace === subject.namespace && s.direction === direction && s.subject.matches(subject.labels),
    );
    const certain = PortSetUnion.of(own.filter((s) => holdsPeer(s, peer)).map((s) => resolved(s.ports, destination)));
    const { value } = this.profile.facts.ipBlockMatchesPods;
    if (peer.kind === 'address' || value === 'no') return { certain, possible: certain };
    // What the rules say of the pod's address, where it counts.
    const byAddress = own.filter(({ addresses }) => addresses !== undefined);
    const held = (s: ReadStatement) => peer.addresses.filter((address) => holdsAddress(s.addresses!, address)).length;
    const known = peer.addresses.length > 0;
    const perhaps = byAddress.filter((s) => !known || held(s) > 0);
    const surely = known && value === 'yes' ? byAddress.filter((s) => held(s) === peer.addresses.length) : [];
    return {
      certain: PortSetUnion.of([certain, ...surely.map((s) => resolved(s.ports, destination))]),
      possible: PortSetUnion.of([certain, ...perhaps.map((s) => resolved(s.ports, destination))]),
    };
  }
}

export interface Reaches {
  readonly connectivity: Reach;
  /** Between pods. */
  readonly blocks?: Reach;
  readonly openWorld?: Reach;
}

interface ReadStatement extends PolicyStatement {
  readonly subject: LabelBox;
  readonly peer: { readonly namespaces: LabelBox; readonly pods: LabelBox };
}

function read(statement: PolicyStatement): ReadStatement {
  return { ...statement, subject: subjectOf(statement.labels), peer: peerOf(statement.labels) };
}

function holdsPeer({ addresses, peer }: ReadStatement, end: End): boolean {
  if (end.kind === 'address') return addresses !== undefined && holdsAddress(addresses, end.address);
  return addresses === undefined && peer.namespaces.matches(end.namespaceLabels) && peer.pods.matches(end.labels);
}

/** With the numbers that the destination gives to names. */
function resolved(ports: PortSet, destination: End): PortSet {
  if (ports.isEverything) return ports;
  const declared = destination.kind === 'pod' ? destination.ports : [];
  return PortSet.of(
    ports.items().flatMap((item) => {
      if ('first' in item) return [item];
      const { protocol } = item;
      const same = declared.filter((port) => port.name === item.name && port.protocol === protocol);
      return same.flatMap(({ number }) => (number === undefined ? [] : { protocol, first: number, last: number }));
    }),
  );
}

const PortSetUnion = {
  of: (sets: readonly PortSet[]) => sets.reduce((sum, set) => sum.union(set), PortSet.empty),
};

export function decisionAt({ certain, possible }: Reach, protocol: Protocol, port: number): Decision {
  const point = PortSet.of([{ protocol, first: port, last: port }]);
  if (point.isSubsetOf(certain)) return 'allowed';
  return point.isSubsetOf(possible) ? 'unknown' : 'denied';
}
