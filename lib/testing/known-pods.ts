import { type AddressReach, addressReach } from '../analysis/connectivity/address-reach';
import { podEnd } from '../analysis/connectivity/pod-classes';
import { allPorts, noPorts, type PortId, PortTable, type ReachIds } from '../analysis/connectivity/port-table';
import { effectOf, type Side } from '../analysis/connectivity/sides';
import { isolates, peerFits } from '../analysis/evaluate';
import { groupedBy } from '../analysis/grouping';
import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';
import type { PodEnd } from '../model/connection';
import { unenforcedFeature } from '../model/enforcement';
import { resolveNames } from '../model/named-ports';
import type { Direction, Policy, Rule, RulePeer } from '../model/policy';
import { type PodPort, podPorts } from '../model/workload';
import type { PortSet } from '../sets/port-set';
import { changedRules, isolateAlike } from './changed-rules';

type OneSide = Pick<Side, 'isolation' | 'policies' | 'enforced'>;

/** By their position: where it is kept for each pair of a rule and a workload, it takes one byte. */
const fits = ['unknown', 'yes', 'no', 'perhaps'] as const;

type Fit = Exclude<(typeof fits)[number], 'unknown'>;

/** By the number of who is at the other end. */
type Reach = ReachIds[];

/** Policies that differ from those of `base` in one. */
interface Replaced {
  readonly base: KnownPods;
  readonly policy: Policy;
  readonly by: Policy | undefined;
}

/** What belongs to a cluster, a rule or a peer: shared by all that differ in a policy. */
class Shared {
  readonly table = new PortTable();
  readonly ends = new Map<PlacedWorkload, PodEnd>();
  /** By these, what is known of pairs is kept in arrays: a map's entry takes many times as much. */
  readonly numbers = new Map<PlacedWorkload, number>();
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  readonly unreadIn: ReadonlySet<string | undefined>;
  readonly fits = new WeakMap<RulePeer, Uint8Array>();
  readonly ports = new WeakMap<PortSet, PortId>();
  readonly enforced = new WeakMap<Policy, 'yes' | 'no'>();
  readonly selected = new Map<string, readonly PlacedWorkload[]>();
  private readonly reaches = new Map<string, ReachIds>();

  constructor(
    readonly cluster: Cluster,
    readonly profile: CniProfile,
  ) {
    const { workloads, namespaces, policies, unread } = cluster;
    const labels = new Map(namespaces.map((n) => [n.name, n.labels] as const));
    for (const [number, workload] of workloads.entries()) {
      this.ends.set(workload, podEnd(workload, labels.get(workload.namespace) ?? {}));
      this.numbers.set(workload, number);
    }
    this.policies = groupedBy(policies, ({ namespace }) => namespace);
    this.unreadIn = new Set(unread.map(({ namespace }) => namespace));
  }

  /** The same one for the same ports. */
  reachOf(certain: PortId, possible: PortId): ReachIds {
    const key = `${certain} ${possible}`;
    const known = this.reaches.get(key) ?? { certain, possible };
    this.reaches.set(key, known);
    return known;
  }
}

/**
 * Who of the known pods may talk to whom, pair by pair, when it is asked for: unlike {@link Connectivity} nothing is worked out before, and
 * a cluster that differs in one policy shares all that this policy does not change.
 */
export class KnownPods {
  private readonly sides = { ingress: new Map<PlacedWorkload, OneSide>(), egress: new Map<PlacedWorkload, OneSide>() };
  private readonly reach = { ingress: new Map<PlacedWorkload, Reach>(), egress: new Map<PlacedWorkload, Reach>() };

  private constructor(
    private readonly shared: Shared,
    private readonly replaced?: Replaced,
  ) {}

  static of(cluster: Cluster, profile: CniProfile): KnownPods {
    return new KnownPods(new Shared(cluster, profile));
  }

  /** The same under another profile. */
  under(profile: CniProfile): KnownPods {
    const { shared } = this;
    return profile === shared.profile ? this : KnownPods.of(shared.cluster, profile);
  }

  /** The same with another policy, or none, in place of one. */
  replacing(policy: Policy, by: Policy | undefined): KnownPods {
    return new KnownPods(this.shared, { base: this, policy, by });
  }

  /** Ports on which a pod of one workload may reach one of another, or another one of its own: the same sets for the same ports. */
  between(
    source: PlacedWorkload,
    destination: PlacedWorkload,
  ): { readonly certain: PortSet; readonly possible: PortSet } {
    const { table } = this.shared;
    const out = this.through('egress', source, destination);
    const into = this.through('ingress', destination, source);
    const fromHost = source.network === 'host';
    return {
      certain: table.setOf(table.intersect(out.certain, into.certain)),
      // The API allows ingress from the pod's own node, so from a pod there that is on the host's network.
      possible: table.setOf(table.inCommon(out.possible, fromHost ? allPorts : into.possible)),
    };
  }

  /** What one side of a connection lets through, by itself. */
  sideBetween(direction: Direction, source: PlacedWorkload, destination: PlacedWorkload): PortSet {
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    return this.shared.table.setOf(this.through(direction, subject, peer).possible);
  }

  /** What a workload lets in from addresses outside the cluster, or may send there. */
  addresses(workload: PlacedWorkload, direction: Direction): readonly AddressReach[] {
    const side = { ...this.sideOf(direction, workload), index: 0, narrow: [], wide: [] };
    return addressReach(
      side,
      direction,
      direction === 'ingress' ? podPorts(workload) : [],
      this.shared.table,
      this.shared.profile,
    );
  }

  sideOf(direction: Direction, workload: PlacedWorkload): OneSide {
    let side = this.sides[direction].get(workload);
    if (!side) {
      side = this.findSide(direction, workload);
      this.sides[direction].set(workload, side);
    }
    return side;
  }

  /** The rules for a workload that the replaced policy and the other one do not share; undefined where isolation changes too. */
  rulesApart(direction: Direction, workload: PlacedWorkload): readonly Rule[] | undefined {
    const { base, policy, by } = this.replaced!;
    const [before, after] = [base.sideOf(direction, workload), this.sideOf(direction, workload)];
    if (before === after) return [];
    const was = before.policies.includes(policy) ? policy : undefined;
    const is = by && after.policies.includes(by) ? by : undefined;
    if (before.isolation !== after.isolation) return undefined;
    if (was && is && this.enforces(was) !== this.enforces(is)) return undefined;
    const { gone, added } = changedRules(was?.rules ?? [], is?.rules ?? []);
    return [...gone, ...added].filter((rule) => rule.direction === direction);
  }

  /** The workloads that a policy selects. */
  selectedBy({ namespace, pods }: Policy): readonly PlacedWorkload[] {
    const { selected, cluster } = this.shared;
    const key = `${namespace} ${pods}`;
    let found = selected.get(key);
    if (!found) {
      found = cluster.workloads.filter((w) => w.namespace === namespace && pods.matches(w.podLabels));
      selected.set(key, found);
    }
    return found;
  }

  /** Whether another policy in the place of one isolates the same pods, as surely: rules alone may differ. */
  isolatesAlike(policy: Policy, by: Policy | undefined): boolean {
    return isolateAlike(policy, by) && this.enforces(policy) === this.enforces(by);
  }

  private fits(entry: RulePeer, peer: PlacedWorkload): Fit {
    const { fits: all, ends, numbers, profile } = this.shared;
    let known = all.get(entry);
    if (!known) {
      known = new Uint8Array(numbers.size);
      all.set(entry, known);
    }
    const number = numbers.get(peer)!;
    if (fits[known[number]!] === 'unknown') {
      const fit = peerFits(entry, ends.get(peer)!, profile);
      known[number] = fits.indexOf(fit === 'yes' || fit === 'no' ? fit : 'perhaps');
    }
    return fits[known[number]!] as Fit;
  }

  /** Whether a rule is about pods of the workload. */
  ruleFits({ peers }: Pick<Rule, 'peers'>, peer: PlacedWorkload): Fit {
    let best: Fit = 'no';
    for (const entry of peers) {
      const fit = this.fits(entry, peer);
      if (fit === 'yes') return fit;
      if (fit === 'perhaps') best = fit;
    }
    return best;
  }

  private enforces(policy: Policy): boolean {
    const { enforced, profile } = this.shared;
    let known = enforced.get(policy);
    if (!known) {
      known = unenforcedFeature(policy, profile) ? 'no' : 'yes';
      enforced.set(policy, known);
    }
    return known === 'yes';
  }

  private findSide(direction: Direction, workload: PlacedWorkload): OneSide {
    const { ends, policies: all, unreadIn, profile } = this.shared;
    const { namespace, network } = workload;
    const selects = (policy: Policy) => isolates(policy, direction, ends.get(workload)!);
    const before = this.replaced?.base.sideOf(direction, workload);
    let policies = before?.policies ?? (all.get(namespace) ?? []).filter(selects);
    if (this.replaced && before) {
      const { policy, by } = this.replaced;
      const isNew = by !== undefined && selects(by);
      if (!isNew && !policies.includes(policy)) return before;
      policies = [...policies.filter((own) => own !== policy), ...(isNew ? [by] : [])];
    }
    const effect = policies.length === 0 ? 'none' : effectOf(direction, policies, network, profile);
    const isUnread = unreadIn.has(undefined) || unreadIn.has(namespace);
    return {
      isolation: isUnread ? 'unread' : effect,
      policies,
      enforced: policies.filter((policy) => this.enforces(policy)),
    };
  }

  private through(direction: Direction, subject: PlacedWorkload, peer: PlacedWorkload): ReachIds {
    const side = this.sideOf(direction, subject);
    const base = this.replaced?.base;
    if (base && base.sideOf(direction, subject) === side) return base.through(direction, subject, peer);
    const byPeer: Reach = this.reach[direction].get(subject) ?? [];
    this.reach[direction].set(subject, byPeer);
    const number = this.shared.numbers.get(peer)!;
    byPeer[number] ??= this.findReach(side, direction, subject, peer);
    return byPeer[number];
  }

  private findReach(
    { isolation, policies }: OneSide,
    direction: Direction,
    subject: PlacedWorkload,
    peer: PlacedWorkload,
  ): ReachIds {
    const { shared } = this;
    if (isolation === 'none') return shared.reachOf(allPorts, allPorts);
    if (isolation === 'unread') return shared.reachOf(noPorts, allPorts);
    const { table } = shared;
    const { ports } = this.shared.ends.get(direction === 'egress' ? peer : subject)!;
    let certain: PortId = noPorts;
    let possible: PortId = noPorts;
    for (const policy of policies) {
      for (const rule of policy.rules) {
        if (rule.direction !== direction) continue;
        const fits = this.ruleFits(rule, peer);
        if (fits === 'no') continue;
        const id = this.portsAt(rule.ports, ports);
        possible = table.union(possible, id);
        if (fits === 'yes' && this.enforces(policy)) certain = table.union(certain, id);
      }
    }
    return shared.reachOf(certain, isolation === 'perhaps' ? allPorts : possible);
  }

  private portsAt(ports: PortSet, own: readonly PodPort[]): PortId {
    const resolved = resolveNames(ports, own);
    if (resolved !== ports) return this.shared.table.idOf(resolved);
    let id = this.shared.ports.get(ports);
    if (id === undefined) {
      id = this.shared.table.idOf(ports);
      this.shared.ports.set(ports, id);
    }
    return id;
  }
}
