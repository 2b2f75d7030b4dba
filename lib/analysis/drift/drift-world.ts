import type { Cluster, KnownNamespace, PlacedWorkload, UnreadPolicy } from '../../model/cluster';
import type { Policy } from '../../model/policy';
import { groupedBy } from '../grouping';
import { Universe } from '../open-world/universe';
import type { Intended } from './intended';
import { environmentOf } from './ownership';

type Labels = Readonly<Record<string, string>>;

/** A live cluster beside what it is meant to be, by namespace. */
export class DriftWorld {
  /** Every namespace of either, with the labels that it has in the cluster. */
  readonly labels: ReadonlyMap<string, Labels>;
  readonly universe: Universe;
  readonly intendedPolicies: ReadonlyMap<string, readonly Policy[]>;
  readonly livePolicies: ReadonlyMap<string, readonly Policy[]>;
  readonly workloads: ReadonlyMap<string, readonly PlacedWorkload[]>;
  readonly unread: ReadonlyMap<string | undefined, readonly UnreadPolicy[]>;
  /** Those that the policies say they are written for. */
  readonly environments: ReadonlySet<string>;
  private readonly present: ReadonlyMap<string, KnownNamespace>;

  constructor(
    readonly intended: Intended,
    readonly live: Cluster,
  ) {
    const all = [...intended.cluster.namespaces, ...live.namespaces];
    this.labels = new Map(all.map(({ name, labels }) => [name, labels] as const));
    this.universe = new Universe(this.labels, 'told-apart');
    const meant = indexOf(intended);
    this.intendedPolicies = meant.policies;
    this.environments = meant.environments;
    this.livePolicies = byNamespace(live.policies);
    this.workloads = byNamespace(live.workloads);
    this.unread = byNamespace(live.unread);
    const given = live.namespaces.filter(({ source }) => source === 'given');
    this.present = new Map(given.map((namespace) => [namespace.name, namespace] as const));
  }

  /** The namespaces that the app manages, sorted. */
  get managed(): readonly string[] {
    return this.intended.cluster.namespaces.map(({ name }) => name).sort();
  }

  /** Those that are in the cluster and that the app does not manage, sorted. */
  get others(): readonly string[] {
    const managed = new Set(this.managed);
    return [...this.present.keys()].filter((name) => !managed.has(name)).sort();
  }

  isPresent(namespace: string): boolean {
    return this.present.has(namespace);
  }
}

interface IntendedIndex {
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  readonly environments: ReadonlySet<string>;
}

/** What is meant stays the same while the cluster changes, and to find out whose a policy is takes reading it again. */
const indexes = new WeakMap<Intended, IntendedIndex>();

function indexOf(intended: Intended): IntendedIndex {
  let index = indexes.get(intended);
  if (!index) {
    const { policies } = intended.cluster;
    const environments = new Set(policies.map(environmentOf).filter((name) => name !== ''));
    index = { policies: byNamespace(policies), environments };
    indexes.set(intended, index);
  }
  return index;
}

function byNamespace<K, T extends { readonly namespace: K }>(items: readonly T[]): Map<K, T[]> {
  return groupedBy(items, ({ namespace }) => namespace);
}
