import type { Cluster, PlacedWorkload } from '../model/cluster';
import { refKey, type WorkloadRef } from '../model/connectivity-listing';
import type { ExposureListing, ExposureRow } from '../model/exposure-listing';
import type { Direction } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import { Connectivity } from './connectivity/connectivity';
import { refsOf } from './connectivity/listing';
import { Cells } from './connectivity/listing-cells';
import type { PartySet } from './connectivity/listing-filters';
import { portTexts } from './connectivity/listing-ports';
import { noReasons, type Reasons, reasonsOfDoubts, unionOfReasons } from './connectivity/listing-reasons';
import type { PodClass } from './connectivity/pod-classes';
import type { Doubt } from './evaluate';
import {
  type ComparedSides,
  type ExposedTo,
  type ExposingPair,
  exposingPairs,
  oppositeOf,
  ownStatements,
  spaceOf,
} from './exposure';
import { exposureBox, minimalExposure } from './exposure-joining';
import { ExposureNames } from './exposure-names';
import { UnlimitedPods } from './exposure-unlimited';
import { groupedBy, listingHead } from './listing-head';
import { ClusterWorld } from './open-world/cluster-world';
import { PeerIndex } from './open-world/peer-index';
import { type Reading, readingsOf } from './open-world/readings';
import type { PolicyStatement } from './open-world/relation';
import { partsOf } from './open-world/statement';
import { covers } from './open-world/uncovered';
import { listedReasons } from './reach-listing';
import { standInsOf } from './stand-ins';

/**
 * To which pods outside the input each workload is open, in rows of workloads that are alike. Of namespaces without workloads, what policies select
 * stands for them.
 * @param of workloads that are asked about. @default all
 */
export function listExposure(given: Connectivity, of?: PartySet): ExposureListing {
  const standIns = of ? [] : standInsOf(given.cluster);
  const connectivity = standIns.length > 0 ? withWorkloads(given, standIns) : given;
  const { workloads: inOrder } = new Cells(connectivity.cluster);
  const refs = new Map(refsOf(inOrder));
  for (const standIn of standIns)
    refs.set(standIn, { ...refs.get(standIn)!, id: `${standIn.namespace}${standIn.name}` });
  const numbers = new Map(inOrder.map((workload, number) => [workload, number] as const));
  const listRefs = (workloads: Iterable<PlacedWorkload>): WorkloadRef[] =>
    [...workloads].sort((a, b) => numbers.get(a)! - numbers.get(b)!).map((workload) => refs.get(workload)!);

  const facts = [...exposureFacts(connectivity, new Set(standIns))].flatMap((fact) => {
    const workloads = of ? fact.workloads.filter((workload) => of.workloads.has(workload)) : fact.workloads;
    return workloads.length > 0 ? [{ ...fact, workloads }] : [];
  });
  const open = new Set(facts.flatMap(({ workloads }) => workloads));
  const { namespaces, ...head } = listingHead(given.cluster, given.profile);
  return {
    ...head,
    standIns: listRefs(standIns),
    rows: rowsOf(given.cluster, facts, listRefs),
    closed: listRefs(inOrder.filter((workload) => !open.has(workload) && (!of || of.workloads.has(workload)))),
    namespaces: namespaces.map(({ name, workloads }) => ({ name, workloads })),
    assumed: namespaces.filter(({ labels }) => labels === 'assumed').map(({ name }) => name),
  };
}

function withWorkloads({ cluster, profile }: Connectivity, more: readonly PlacedWorkload[]): Connectivity {
  return new Connectivity({ ...cluster, workloads: [...cluster.workloads, ...more] }, profile);
}

const unreadDoubt: Doubt = { question: 'what does a policy of a kind that is not read do?' };
const nodeDoubt: Doubt = { question: 'are both pods on one node?' };
const selectorDoubt: Doubt = { question: 'does a selector pick pods on the host network?' };

/** Whether a policy of a kind that is not read leaves some exposure open. */
export function hasUnreadExposure({ rows }: ExposureListing): boolean {
  return rows.some(({ because }) => because.some(({ question }) => question === unreadDoubt.question));
}

interface ExposureFact extends ExposedTo {
  readonly direction: Direction;
  readonly workloads: readonly PlacedWorkload[];
  readonly because: Reasons;
}

function* exposureFacts(connectivity: Connectivity, standIns: ReadonlySet<PlacedWorkload>): Generator<ExposureFact> {
  const { cluster, profile, classes } = connectivity;
  const { least, most } = readingsOf(cluster, profile);
  const worldOf = ({ policies }: Reading) => new ClusterWorld({ ...cluster, policies });
  const leastWorld = worldOf(least);
  const mostWorld = most === least ? leastWorld : worldOf(most);
  const doubted = most === least ? undefined : new DoubtedPairs(mostWorld, most);
  let ofNodes: DoubtedPairs | undefined;
  // Where selectors pick pods of the host network, rules of others see them at a node's address.
  const atNodes = () => {
    if (!ofNodes) {
      const { most: mostOfNodes } = readingsOf(cluster, profile, 'node');
      ofNodes = new DoubtedPairs(worldOf(mostOfNodes), mostOfNodes);
    }
    return ofNodes;
  };
  const minimal = memoized();

  for (const podClass of classes) {
    const { workloads } = podClass;
    const isOnHost = podClass.end.network === 'host';
    const host = isOnHost ? hostReading(connectivity, podClass.end.namespace) : undefined;
    const names = standIns.has(workloads[0]!) ? { names: 'open' as const } : {};
    for (const direction of ['ingress', 'egress'] as const) {
      const sides = { ...host?.sides, ...names };
      const pairs = [...exposingPairs(leastWorld, podClass, direction, sides)];
      const certain = minimal(host ? pairs.filter(needsNoSelector) : pairs);
      for (const entry of certain) yield { ...entry, direction, workloads, because: noReasons };
      const fromHost = () => everyPodFor([nodeDoubt, ...(cluster.unread.length > 0 ? [unreadDoubt] : [])], leastWorld);
      const toHost = () => atNodes().toHost(podClass, host!, ownStatements(leastWorld, podClass, direction));
      const open = host
        ? direction === 'egress'
          ? fromHost()
          : toHost()
        : [
            ...(doubted?.of(podClass, direction, sides) ?? []),
            ...(isOnHost && direction === 'ingress' ? atNodes().of(podClass, direction, sides) : []),
            ...(isOnHost && direction === 'egress' ? ownNode(podClass, mostWorld, most) : []),
          ];
      for (const entry of unknownEntries(open, certain)) yield { ...entry, direction, workloads };
    }
  }
}

interface HostReading {
  /** Policies of which it is not known whether they isolate the pods still allow what they allow. */
  readonly sides: ComparedSides;
  /** Whether selectors pick them. */
  readonly selected: 'no' | 'unknown';
  /** What a policy of a kind that is not read leaves open in their namespace. */
  readonly unread: readonly Doubt[];
}

/** How policies are read for pods of the host network of a namespace; undefined where they are as for other pods. */
function hostReading({ cluster, profile }: Connectivity, namespace: string): HostReading | undefined {
  const { value: selected } = profile.facts.selectsHostNetworkPods;
  if (selected === 'yes') return undefined;
  const isUnread = cluster.unread.some((policy) => policy.namespace === undefined || policy.namespace === namespace);
  const isOpen = selected === 'no' && !isUnread;
  return { sides: isOpen ? { own: 'open' } : {}, selected, unread: isUnread ? [unreadDoubt] : [] };
}

/** Thousands of workloads have the same few lists of entries. */
function memoized(): (entries: readonly ExposedTo[]) => readonly ExposedTo[] {
  const known = new Map<string, readonly ExposedTo[]>();
  return (entries) => {
    const key = entries.map(({ peers, ports }) => `${peers.namespaces} ${peers.pods} ${ports}`).join('\n');
    let found = known.get(key);
    if (!found) {
      found = minimalExposure(entries);
      known.set(key, found);
    }
    return found;
  };
}

type Doubted = ExposedTo & { readonly because: Reasons };

function everyPodFor(doubts: readonly Doubt[], world: ClusterWorld): Doubted[] {
  const because = reasonsOfDoubts(doubts);
  return namespacesOf(world).map((namespaces) => ({
    peers: { namespaces, pods: LabelBox.everything },
    ports: PortSet.all,
    because,
  }));
}

/** Pods on its own node let in whoever is on the host's network, as far as its own policies may let it. */
function ownNode(podClass: PodClass, world: ClusterWorld, { doubts }: Reading): Doubted[] {
  return ownStatements(world, podClass, 'egress').flatMap((statement) => {
    const { namespaces, pods } = partsOf(statement.labels).peer;
    const own = (statement.rule && doubts.get(statement.rule)) ?? [];
    const because = reasonsOfDoubts([nodeDoubt, ...own]);
    return namespacesOf(world).flatMap((some) => {
      const peers = { namespaces: some.intersect(namespaces), pods };
      return peers.namespaces.isEmpty ? [] : [{ peers, ports: statement.ports, because }];
    });
  });
}

/** Those of the input, and others: as the entries of other workloads have it. */
function namespacesOf({ labels, elsewhere }: ClusterWorld): LabelBox[] {
  return [LabelBox.of([{ key: namespaceNameKey, operator: 'In', values: [...labels.keys()] }]), elsewhere];
}

/** Ways that hang on a rule which is there only because something is left open. */
class DoubtedPairs {
  private readonly doubted: PeerIndex<PolicyStatement>;

  constructor(
    private readonly world: ClusterWorld,
    private readonly reading: Reading,
  ) {
    this.doubted = new PeerIndex(world.relation.filter((statement) => this.doubtsOf(statement).length > 0));
  }

  of(podClass: PodClass, direction: Direction, sides: ComparedSides): Doubted[] {
    const { world } = this;
    const own = sides.own ?? ownStatements(world, podClass, direction);
    const ownDoubted = own === 'open' ? [] : own.filter((statement) => this.doubtsOf(statement).length > 0);
    const others = this.doubted.towards(oppositeOf(direction), spaceOf(world, podClass));
    const byOthers = others.length > 0 ? [...exposingPairs(world, podClass, direction, { ...sides, own, others })] : [];
    const pairs = [
      ...(ownDoubted.length > 0 ? exposingPairs(world, podClass, direction, { ...sides, own: ownDoubted }) : []),
      // Open are only pods of the host network.
      ...(own === 'open' ? byOthers.filter(needsNoSelector) : byOthers),
    ];
    return pairs.map(({ own: near, other, peers, ports }) => {
      const because = reasonsOfDoubts([near, other].flatMap((statement) => this.doubtsOf(statement)));
      return { peers, ports, because };
    });
  }

  /** Ways to a pod of the host network, where selectors do not pick it for certain. @param own statements of its side, which may be without effect */
  toHost(podClass: PodClass, { selected, unread }: HostReading, own: readonly PolicyStatement[]): Doubted[] {
    const isOpen = selected === 'no' || own.some(({ rule }) => rule === undefined);
    const ownDoubts = isOpen ? unread : [selectorDoubt, ...unread];
    return [...exposingPairs(this.world, podClass, 'ingress', { own: 'open' })].flatMap((pair) => {
      const doubts = this.doubtsOf(pair.other);
      const isBySelector = doubts.length === 0 && !needsNoSelector(pair);
      if (isBySelector && selected === 'no') return [];
      const because = reasonsOfDoubts([...ownDoubts, ...(isBySelector ? [selectorDoubt] : []), ...doubts]);
      return because.size > 0 ? [{ peers: pair.peers, ports: pair.ports, because }] : [];
    });
  }

  private doubtsOf(statement: PolicyStatement | undefined): readonly Doubt[] {
    return (statement?.rule && this.reading.doubts.get(statement.rule)) ?? [];
  }
}

/** What is left open beyond what is certain, for each reason by itself. */
function unknownEntries(doubted: readonly Doubted[], certain: readonly ExposedTo[]): Doubted[] {
  const boxes = certain.map(exposureBox);
  const groups = groupedBy(doubted, ({ because }) => [...because.keys()].sort().join());
  return [...groups.values()].flatMap((alike) => {
    const because = alike.map((entry) => entry.because).reduce(unionOfReasons);
    const rest = alike.flatMap(({ peers, ports }): ExposedTo[] => {
      const held = certain
        .filter((c) => peers.pods.isSubsetOf(c.peers.pods) && peers.namespaces.isSubsetOf(c.peers.namespaces))
        .reduce((union, c) => union.union(c.ports), PortSet.empty);
      const left = { peers, ports: ports.subtract(held) };
      return left.ports.isEmpty || covers(boxes, exposureBox(left)) ? [] : [left];
    });
    return minimalExposure(rest).map((entry) => ({ ...entry, because }));
  });
}

/** Whether it comes about without a selector that would have to pick pods of the host network. */
function needsNoSelector({ other }: ExposingPair): boolean {
  return !other?.rule || other.rule.peers.some(({ kind }) => kind === 'everyone');
}

function rowsOf(
  cluster: Cluster,
  facts: readonly ExposureFact[],
  listRefs: (workloads: Iterable<PlacedWorkload>) => WorkloadRef[],
): ExposureRow[] {
  const names = new ExposureNames(cluster);
  const unlimited = new UnlimitedPods(cluster);
  // The same pods on the same ports may come in two boxes, of namespaces in the input and of others: they are one name.
  const byName = [...groupedBy(facts, (fact) => factKey(fact, `${fact.peers.pods}`)).values()].flatMap((alike) => {
    const ofWorkload = new Map<PlacedWorkload, LabelBox[]>();
    for (const { workloads, peers } of alike) {
      for (const workload of workloads)
        ofWorkload.set(workload, [...(ofWorkload.get(workload) ?? []), peers.namespaces]);
    }
    const groups = groupedBy(ofWorkload, ([, boxes]) => boxes.map(String).sort().join('\n'));
    const because = alike.map((fact) => fact.because).reduce(unionOfReasons);
    return [...groups.values()].flatMap((members) => {
      const workloads = members.map(([workload]) => workload);
      return names
        .partsOf(members[0]![1], alike[0]!.peers.pods)
        .map((pods) => ({ ...alike[0]!, because, workloads, pods, are: pods.are, rank: pods.rank }));
    });
  });
  const keyed = byName.map((row) => ({ ...row, refs: listRefs(row.workloads) }));
  const groups = groupedBy(keyed, (row) => factKey(row, `${row.are} ${row.refs.map(refKey).join()}`));
  const rows = [...groups.values()].map((alike) => {
    const sorted = [...alike].sort((a, b) => a.rank - b.rank || (a.pods.listed.text < b.pods.listed.text ? -1 : 1));
    const [first] = sorted as [(typeof sorted)[number]];
    const row: ExposureRow = {
      direction: first.direction,
      workloads: first.refs,
      pods: unlimited.listed(
        first.direction,
        sorted.map(({ pods }) => pods),
      ),
      are: first.are,
      ports: portTexts(first.ports),
      decision: first.because.size > 0 ? 'unknown' : 'allowed',
      because: listedReasons(alike.map(({ because }) => because).reduce(unionOfReasons)),
    };
    const side = first.direction === 'ingress' ? 0 : 1;
    const order = [row.are === 'stranger' ? 0 : 1, side, row.decision === 'allowed' ? 0 : 1, first.rank];
    return { row, order, text: `${row.workloads[0]!.id}\0${row.pods[0]!.text}\0${row.ports.join()}` };
  });
  rows.sort((a, b) => {
    const at = a.order.findIndex((number, i) => number !== b.order[i]);
    return at >= 0 ? a.order[at]! - b.order[at]! : a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  });
  return rows.map(({ row }) => row);
}

function factKey({ direction, ports, because }: Pick<ExposureFact, 'direction' | 'ports' | 'because'>, more: string) {
  return [direction, `${ports}`, [...because.keys()].sort().join(), more].join('\0');
}
