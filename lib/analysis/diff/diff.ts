import type { Cluster, PlacedWorkload, UnreadPolicy } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { ListedUnread } from '../../model/connectivity-listing';
import type { DiffListing, DiffTotals } from '../../model/diff-listing';
import { LabelScheme } from '../../model/label-scheme';
import { type Policy, policyToString } from '../../model/policy';
import { listedUnread, refsOf } from '../connectivity/listing';
import { byKey, groupedBy } from '../grouping';
import { Causes } from './causes';
import { connectionChanges, type DiffLimits } from './connection-changes';
import { exposureChanges } from './exposure-changes';
import { guaranteeChanges, type StatedGuarantee } from './guarantee-changes';
import { isolationChanges } from './isolation-changes';
import { movedWorkloads } from './moved-workloads';
import { outsideChanges } from './outside-changes';
import { type OwnerKeys, Owners } from './owners';
import { possibleChanges } from './possible-changes';
import { risksOf } from './risks';
import { States } from './states';

export interface DiffOptions extends DiffLimits {
  /** Openings for more classes are followed as groups. */
  readonly wide?: number;
  /** Labels that say to which team and environment workloads or their namespaces belong. @default those of a LabelScheme without props */
  readonly owners?: OwnerKeys;
  /** Of apps. */
  readonly guarantees?: Readonly<Record<'before' | 'after', DiffState['guarantees']>>;
}

/** One side of a difference. */
export interface DiffState {
  readonly cluster: Cluster;
  /** Undefined where nothing is known of them, as of manifests: then none are compared. */
  readonly guarantees: readonly StatedGuarantee[] | undefined;
}

/** What the change from one state of a cluster to another means: for the workloads given, and for every pod that could exist. */
export function listDiff(before: Cluster, after: Cluster, profile: CniProfile, options: DiffOptions = {}): DiffListing {
  const states = new States(before, after, profile, options);
  const causes = new Causes(states);
  const { workloads } = states.cells;
  const refs = refsOf(workloads);
  const refOf = (number: number) => refs.get(workloads[number]!)!;
  const only = (state: 'before' | 'after') => {
    const other = state === 'before' ? 'after' : 'before';
    const numbers = states.classes.flatMap((joint) => (joint[other] ? [] : joint.workloads.numbers));
    return numbers.sort((a, b) => a - b).map(refOf);
  };

  const { before: old, after: fresh } = options.guarantees ?? {};
  const { rows: possible, ...compared } = possibleChanges(states, causes);
  const outside = outsideChanges(states, causes, refOf);
  const found = {
    connections: connectionChanges(states, causes, refOf, options),
    outside,
    workloads: { added: only('after'), removed: only('before'), moved: movedWorkloads(states, outside, refOf) },
    isolation: isolationChanges(states, causes, refOf),
    exposures: exposureChanges(states),
    possible: possible.map(({ listed }) => listed),
    guarantees: old && fresh ? guaranteeChanges(old, fresh) : [],
  };
  const unread = unreadPolicies(before, after);
  const { workloads: added, ...lists } = found;
  const count = Object.values({ ...lists, ...added }).reduce((sum, list) => sum + list.length, 0);
  return {
    cni: { id: profile.id, name: profile.name },
    verdict: count > 0 ? 'different' : unread.before.length + unread.after.length > 0 ? 'unknown' : 'equal',
    totals: { before: totalsOf(before), after: totalsOf(after) },
    ...found,
    risks: risksOf({ ...found, unread }, possible, new Owners(states, options.owners ?? new LabelScheme().keys)),
    policies: policyNames(states),
    compared,
    unread,
    namespaces: namespacesOf([before, after], workloads),
  };
}

function totalsOf({ namespaces, workloads, policies }: Cluster): DiffTotals {
  return { namespaces: namespaces.length, workloads: workloads.length, policies: policies.length };
}

/** What they do is not known, but whether they say the same. */
function unreadPolicies(before: Cluster, after: Cluster): DiffListing['unread'] {
  const nameOf = (own: ListedUnread | UnreadPolicy) => `${own.kind}\0${own.namespace ?? ''}\0${own.name}`;
  const old = groupedBy(before.unread, nameOf);
  const changeOf = (own: UnreadPolicy) => {
    const there = old.get(nameOf(own));
    if (!there) return 'added';
    return there.some(({ content }) => content === own.content) ? 'same' : 'changed';
  };
  return {
    before: before.unread.map(listedUnread).sort(byKey(nameOf)),
    after: after.unread.map((own) => ({ ...listedUnread(own), change: changeOf(own) }) as const).sort(byKey(nameOf)),
  };
}

function policyNames({ before, after, contents }: States): DiffListing['policies'] {
  const named = (policies: readonly Policy[]) =>
    new Map(policies.map((policy) => [policyToString(policy), policy] as const));
  const [old, fresh] = [named(before.cluster.policies), named(after.cluster.policies)];
  const isOther = (name: string) => contents.ofPolicy(old.get(name)!) !== contents.ofPolicy(fresh.get(name)!);
  return {
    added: [...fresh.keys()].filter((name) => !old.has(name)).sort(),
    removed: [...old.keys()].filter((name) => !fresh.has(name)).sort(),
    changed: [...fresh.keys()].filter((name) => old.has(name) && isOther(name)).sort(),
  };
}

function namespacesOf(clusters: readonly Cluster[], workloads: readonly PlacedWorkload[]): DiffListing['namespaces'] {
  const counts = new Map<string, number>(
    clusters.flatMap(({ namespaces }) => namespaces.map(({ name }) => [name, 0] as const)),
  );
  for (const { namespace } of workloads) counts.set(namespace, counts.get(namespace)! + 1);
  return [...counts].map(([name, count]) => ({ name, workloads: count })).sort(byKey(({ name }) => name));
}
