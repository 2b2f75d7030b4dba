import type { Cluster, PlacedWorkload } from '../model/cluster';
import type { WorkloadRef } from '../model/connectivity-listing';
import type { ExposureListing, ExposureRow } from '../model/exposure-listing';
import type { Direction } from '../model/policy';
import { LabelBox } from '../sets/label-box';
import { PortSet } from '../sets/port-set';
import type { Connectivity } from './connectivity/connectivity';
import { refsOf } from './connectivity/listing';
import { Cells } from './connectivity/listing-cells';
import type { PartySet } from './connectivity/listing-filters';
import { portTexts } from './connectivity/listing-ports';
import { noReasons, type Reasons, reasonsOfDoubts, unionOfReasons } from './connectivity/listing-reasons';
import type { PodClass } from './connectivity/pod-classes';
import type { Doubt } from './evaluate';
import { type ExposedTo, type ExposingPair, exposingPairs, minimalExposure } from './exposure';
import { ExposureNames } from './exposure-names';
import { groupedBy, listingHead } from './listing-head';
import { ClusterWorld } from './open-world/cluster-world';
import { type Reading, readingsOf } from './open-world/readings';
import { pairBox } from './open-world/statement';
import { covers } from './open-world/uncovered';
import { listedReasons } from './reach-listing';

/**
 * To which pods outside the input each workload is open, in rows of workloads that are alike.
 * @param of workloads that are asked about. @default all
 */
export function listExposure(connectivity: Connectivity, of?: PartySet): ExposureListing {
  const { cluster, profile } = connectivity;
  const { workloads: inOrder } = new Cells(cluster);
  const refs = refsOf(inOrder);
  const numbers = new Map(inOrder.map((workload, number) => [workload, number] as const));
  const listRefs = (workloads: Iterable<PlacedWorkload>): WorkloadRef[] =>
    [...workloads].sort((a, b) => numbers.get(a)! - numbers.get(b)!).map((workload) => refs.get(workload)!);

  const facts = [...exposureFacts(connectivity)].flatMap((fact) => {
    const workloads = of ? fact.workloads.filter((workload) => of.workloads.has(workload)) : fact.workloads;
    return workloads.length > 0 ? [{ ...fact, workloads }] : [];
  });
  const open = new Set(facts.flatMap(({ workloads }) => workloads));
  const { namespaces, ...head } = listingHead(cluster, profile);
  return {
    ...head,
    rows: rowsOf(cluster, facts, listRefs),
    closed: listRefs(inOrder.filter((workload) => !open.has(workload) && (!of || of.workloads.has(workload)))),
    namespaces: namespaces.map(({ name, workloads }) => ({ name, workloads })),
    assumed: namespaces.filter(({ labels }) => labels === 'assumed').map(({ name }) => name),
  };
}

interface ExposureFact extends ExposedTo {
  readonly direction: Direction;
  readonly workloads: readonly PlacedWorkload[];
  readonly because: Reasons;
}

function* exposureFacts(connectivity: Connectivity): Generator<ExposureFact> {
  const { cluster, profile, classes } = connectivity;
  const { least, most } = readingsOf(cluster, profile);
  const worldOf = ({ policies }: Reading) => new ClusterWorld({ ...cluster, policies });
  const leastWorld = worldOf(least);
  const mostWorld = most === least ? undefined : worldOf(most);
  const minimal = memoized();

  for (const podClass of classes) {
    const { workloads } = podClass;
    for (const direction of ['ingress', 'egress'] as const) {
      const pairs = [...exposingPairs(leastWorld, podClass, direction)];
      const isSure = isSelectable(podClass, connectivity) ? () => true : needsNoSelector;
      const certain = minimal(pairs.filter(isSure));
      for (const entry of certain) yield { ...entry, direction, workloads, because: noReasons };
      const doubted = isSelectable(podClass, connectivity)
        ? mostWorld
          ? openPairs(mostWorld, podClass, direction, most)
          : []
        : [{ ...everyPod, because: reasonsOfDoubts([{ question: hostQuestion(direction) }]) }];
      for (const entry of unknownEntries(doubted, certain)) yield { ...entry, direction, workloads };
    }
  }
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

const everyPod: ExposedTo = {
  peers: { namespaces: LabelBox.everything, pods: LabelBox.everything },
  ports: PortSet.all,
};

function openPairs(
  world: ClusterWorld,
  podClass: PodClass,
  direction: Direction,
  { doubts }: Reading,
): Doubted[] {
  return [...exposingPairs(world, podClass, direction)].flatMap((pair) => {
    const deciding = [pair.own, pair.other].flatMap((s): readonly Doubt[] => (s?.rule && doubts.get(s.rule)) ?? []);
    return deciding.length > 0 ? [{ peers: pair.peers, ports: pair.ports, because: reasonsOfDoubts(deciding) }] : [];
  });
}

/** What is left open beyond what is certain, for each reason by itself. */
function unknownEntries(doubted: readonly Doubted[], certain: readonly ExposedTo[]): Doubted[] {
  const boxes = certain.map(boxOf);
  const groups = groupedBy(doubted, ({ because }) => [...because.keys()].sort().join());
  return [...groups.values()].flatMap((alike) => {
    const because = alike.map((entry) => entry.because).reduce(unionOfReasons);
    const rest = alike.flatMap(({ peers, ports }): ExposedTo[] => {
      const held = certain
        .filter((c) => peers.pods.isSubsetOf(c.peers.pods) && peers.namespaces.isSubsetOf(c.peers.namespaces))
        .reduce((union, c) => union.union(c.ports), PortSet.empty);
      const left = { peers, ports: ports.subtract(held) };
      return left.ports.isEmpty || covers(boxes, boxOf(left)) ? [] : [left];
    });
    return minimalExposure(rest).map((entry) => ({ ...entry, because }));
  });
}

function boxOf({ peers, ports }: ExposedTo) {
  return { labels: pairBox(LabelBox.everything, peers), addresses: undefined, ports };
}

/** Whether what selectors do for its pods is known, and that they pick them. */
function isSelectable({ end }: PodClass, { profile }: Connectivity): boolean {
  return end.network === 'pod' || profile.facts.selectsHostNetworkPods.value === 'yes';
}

/** Whether it comes about without a selector that would have to pick pods of the host network. */
function needsNoSelector({ other }: ExposingPair): boolean {
  return !other?.rule || other.rule.peers.some(({ kind }) => kind === 'everyone');
}

function hostQuestion(direction: Direction): Doubt['question'] {
  return direction === 'ingress' ? 'does a selector pick pods on the host network?' : 'are both pods on one node?';
}

function rowsOf(
  cluster: Cluster,
  facts: readonly ExposureFact[],
  listRefs: (workloads: Iterable<PlacedWorkload>) => WorkloadRef[],
): ExposureRow[] {
  const names = new ExposureNames(cluster);
  // The same pods on the same ports may come in two boxes, of namespaces in the input and of others: they are one name.
  const byName = [...groupedBy(facts, (fact) => factKey(fact, `${fact.peers.pods}`)).values()].flatMap((alike) => {
    const ofWorkload = new Map<PlacedWorkload, LabelBox[]>();
    for (const { workloads, peers } of alike) {
      for (const workload of workloads) ofWorkload.set(workload, [...(ofWorkload.get(workload) ?? []), peers.namespaces]);
    }
    const groups = groupedBy(ofWorkload, ([, boxes]) => boxes.map(String).sort().join('\n'));
    const because = alike.map((fact) => fact.because).reduce(unionOfReasons);
    return [...groups.values()].flatMap((members) => {
      const workloads = members.map(([workload]) => workload);
      return names
        .of(members[0]![1], alike[0]!.peers.pods)
        .map((pods) => ({ ...alike[0]!, because, workloads, pods: pods.listed, are: pods.are, rank: pods.rank }));
    });
  });
  const keyed = byName.map((row) => ({ ...row, refs: listRefs(row.workloads) }));
  const groups = groupedBy(keyed, (row) =>
    factKey(row, `${row.are} ${row.refs.map(({ kind, id }) => `${kind} ${id}`).join()}`),
  );
  const rows = [...groups.values()].map((alike) => {
    const sorted = [...alike].sort((a, b) => a.rank - b.rank || (a.pods.text < b.pods.text ? -1 : 1));
    const [first] = sorted as [(typeof sorted)[number]];
    const row: ExposureRow = {
      direction: first.direction,
      workloads: first.refs,
      pods: sorted.map(({ pods }) => pods),
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
