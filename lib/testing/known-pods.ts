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
import type { Direction, Policy, Rule } from '../model/policy';
import type { PortSet } from '../sets/port-set';

type OneSide = Pick<Side, 'isolation' | 'policies' | 'enforced'>;

/** What does not depend on the policies, or belongs to one rule: shared by a cluster and all that differ from it in a policy. */
class Shared {
  readonly table = new PortTable();
  readonly ends = new Map<PlacedWorkload, PodEnd>();
  readonly fits = new WeakMap<Rule, Map<PlacedWorkload, 'yes' | 'no' | 'perhaps'>>();
  readonly ports = new WeakMap<PortSet, PortId>();
  readonly enforced = new WeakMap<Policy, 'yes' | 'no'>();

  constructor({ workloads, namespaces }: Cluster) {
    const labels = new Map(namespaces.map((n) => [n.name, n.labels] as const));
    for (const workload of workloads) this.ends.set(workload, podEnd(workload, labels.get(workload.namespace) ?? {}));
  }
}

/**
 * Who of the known pods may talk to whom, pair by pair, when it is asked for: unlike {@link Connectivity} nothing is worked out before, and
 * a cluster that differs in one policy shares all that this policy does not change.
 */
export class KnownPods {
  private readonly byNamespace: ReadonlyMap<string, readonly Policy[]>;
  private readonly sides = { ingress: new Map<PlacedWorkload, OneSide>(), egress: new Map<PlacedWorkload, OneSide>() };
  private readonly unreadIn: ReadonlySet<string | undefined>;

  private constructor(
    private readonly cluster: Cluster,
    readonly profile: CniProfile,
    policies: ReadonlyMap<string, readonly Policy[]>,
    private readonly shared: Shared,
    private readonly base: KnownPods | undefined,
    /** The one whose policies are not those of `base`. */
    private readonly changed: string | undefined,
  ) {
    this.byNamespace = policies;
    this.unreadIn = base?.unreadIn ?? new Set(cluster.unread.map(({ namespace }) => namespace));
  }

  static of(cluster: Cluster, profile: CniProfile): KnownPods {
    return new KnownPods(
      cluster,
      profile,
      groupedBy(cluster.policies, ({ namespace }) => namespace),
      new Shared(cluster),
      undefined,
      undefined,
    );
  }

  /** The same with another policy, or none, in place of one of its namespace. */
  replacing(policy: Policy, by: Policy | undefined): KnownPods {
    const { namespace } = policy;
    const own = this.byNamespace.get(namespace)!.flatMap((p) => (p === policy ? (by ?? []) : [p]));
    const policies = new Map(this.byNamespace).set(namespace, own);
    return new KnownPods(this.cluster, this.profile, policies, this.shared, this, namespace);
  }

  /** Ports on which a pod of one workload may reach one of another, or another one of its own. */
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
      possible: table.setOf(table.intersect(out.possible, fromHost ? allPorts : into.possible)),
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
      direction === 'ingress' ? workload.ports : [],
      this.shared.table,
      this.profile,
    );
  }

  sideOf(direction: Direction, workload: PlacedWorkload): OneSide {
    if (this.base && workload.namespace !== this.changed) return this.base.sideOf(direction, workload);
    const known = this.sides[direction].get(workload);
    if (known) return known;
    const end = this.shared.ends.get(workload)!;
    const policies = (this.byNamespace.get(workload.namespace) ?? []).filter((p) => isolates(p, direction, end));
    const isUnread = this.unreadIn.has(undefined) || this.unreadIn.has(workload.namespace);
    const side: OneSide = {
      isolation: isUnread
        ? 'unread'
        : policies.length === 0
          ? 'none'
          : effectOf(direction, policies, workload.network, this.profile),
      policies,
      enforced: policies.filter((policy) => this.enforces(policy)),
    };
    this.sides[direction].set(workload, side);
    return side;
  }

  private through(direction: Direction, subject: PlacedWorkload, peer: PlacedWorkload): ReachIds {
    const { isolation, policies } = this.sideOf(direction, subject);
    if (isolation === 'none') return { certain: allPorts, possible: allPorts };
    if (isolation === 'unread') return { certain: noPorts, possible: allPorts };
    const { table } = this.shared;
    const { ports } = direction === 'egress' ? peer : subject;
    let certain: PortId = noPorts;
    let possible: PortId = noPorts;
    for (const policy of policies) {
      for (const rule of policy.rules) {
        if (rule.direction !== direction) continue;
        const fits = this.fits(rule, peer);
        if (fits === 'no') continue;
        const id = this.portsAt(rule.ports, ports);
        possible = table.union(possible, id);
        if (fits === 'yes' && this.enforces(policy)) certain = table.union(certain, id);
      }
    }
    return { certain, possible: isolation === 'perhaps' ? allPorts : possible };
  }

  private fits(rule: Rule, peer: PlacedWorkload): 'yes' | 'no' | 'perhaps' {
    let known = this.shared.fits.get(rule);
    if (!known) {
      known = new Map();
      this.shared.fits.set(rule, known);
    }
    let found = known.get(peer);
    if (!found) {
      const end = this.shared.ends.get(peer)!;
      const fits = rule.peers.map((entry) => peerFits(entry, end, this.profile));
      found = fits.includes('yes') ? 'yes' : fits.every((fit) => fit === 'no') ? 'no' : 'perhaps';
      known.set(peer, found);
    }
    return found;
  }

  private portsAt(ports: PortSet, containers: PlacedWorkload['ports']): PortId {
    const resolved = resolveNames(ports, containers);
    if (resolved !== ports) return this.shared.table.idOf(resolved);
    let id = this.shared.ports.get(ports);
    if (id === undefined) {
      id = this.shared.table.idOf(ports);
      this.shared.ports.set(ports, id);
    }
    return id;
  }

  private enforces(policy: Policy): boolean {
    let known = this.shared.enforced.get(policy);
    if (!known) {
      known = unenforcedFeature(policy, this.profile) ? 'no' : 'yes';
      this.shared.enforced.set(policy, known);
    }
    return known === 'yes';
  }
}
