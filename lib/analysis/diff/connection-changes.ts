import type { WorkloadRef } from '../../model/connectivity-listing';
import type { ConnectionChange } from '../../model/diff-listing';
import type { Cell, Cells } from '../connectivity/listing-cells';
import { noReasons, type Reasons, reasonsFor, unionOfReasons } from '../connectivity/listing-reasons';
import { compareCells, joinRows, type Pairing, withoutItself } from '../connectivity/row-joining';
import { groupedBy } from '../grouping';
import { listedReasons } from '../reach-listing';
import { type CauseSet, type Causes, listedCauses } from './causes';
import { type PairChange, pairChanges } from './pair-changes';
import { listedReachChange, type ReachChange, reachChangeKey } from './reach-change';
import { type JointClass, type States, stateNames } from './states';

/** They decide the cost and how rows are cut, never what is said of a pair. */
export interface DiffLimits {
  /** So many pairs are compared one by one, more as groups. @default 20 for each class */
  readonly few?: number;
  /** Rows with exceptions are split into rows without, as long as these name no more workloads. @default 20,000 */
  readonly mostSplit?: number;
}

interface Fact extends Pairing, ReachChange {
  readonly because: Reasons;
  readonly causes: readonly CauseSet[];
  readonly except: readonly (readonly [source: JointClass, destination: JointClass])[];
}

/** How connections between known workloads changed, in rows of workloads that are alike. */
export function connectionChanges(
  states: States,
  causes: Causes,
  refOf: (number: number) => WorkloadRef,
  limits: DiffLimits,
): ConnectionChange[] {
  const { cells } = states;
  const facts = pairChanges(states, limits.few ?? 20 * states.classes.length)
    .flatMap((change) => split(change, limits.mostSplit ?? 20_000))
    .map((change) => factOf(change, states, causes));
  const [whole, holed] = [
    facts.filter(({ except }) => except.length === 0),
    facts.filter(({ except }) => except.length > 0),
  ];
  const rows = joinRows(whole, cells, {
    kindOf: (row) => `${reachChangeKey(row)} ${[...row.because.keys()].sort().join()}`,
    combine: (alike) => ({
      before: alike[0]!.before,
      after: alike[0]!.after,
      because: alike.map(({ because }) => because).reduce(unionOfReasons),
      causes: alike.flatMap((row) => row.causes),
      except: [],
    }),
  });
  const refs = new Map<Cell, readonly WorkloadRef[]>();
  const listed = (cell: Cell) => {
    const list = refs.get(cell) ?? cell.numbers.map(refOf);
    refs.set(cell, list);
    return list;
  };
  return [...rows, ...holed]
    .flatMap((row) => withoutItself(row, cells))
    .sort((a, b) => compareCells(a.sources, b.sources) || compareCells(a.destinations, b.destinations))
    .map((row) => ({
      sources: listed(row.sources),
      destinations: listed(row.destinations),
      pairs: pairsIn(row, cells),
      ...listedReachChange(row),
      because: listedReasons(row.because),
      causes: listedCauses(row.causes),
      except: listedExceptions(row, states, refOf, listed),
    }));
}

/** Without a single Pod and itself. */
function pairsIn({ sources, destinations, except }: Fact, cells: Cells): number {
  const targets = new Set(destinations.numbers);
  const isPod = (number: number) => cells.workloads[number]!.kind === 'Pod';
  const itself = sources.numbers.filter((number) => targets.has(number) && isPod(number));
  const left = except.map(([from, to]) => {
    const own = from === to ? from.workloads.numbers.filter(isPod).length : 0;
    return from.workloads.numbers.length * to.workloads.numbers.length - own;
  });
  return sources.numbers.length * targets.size - itself.length - left.reduce((sum, count) => sum + count, 0);
}

function listedExceptions(
  { except }: Fact,
  { cells }: States,
  refOf: (number: number) => WorkloadRef,
  listed: (cell: Cell) => readonly WorkloadRef[],
): ConnectionChange['except'] {
  const bySource = [...groupedBy(except, ([source]) => `${source.index}`).values()].flatMap((pairs) => {
    const destinations = listed(cells.union(pairs.map(([, destination]) => destination.workloads)));
    return pairs[0]![0].workloads.numbers.map((number) => ({ number, destinations }));
  });
  return bySource
    .sort((a, b) => a.number - b.number)
    .map(({ number, destinations }) => ({ source: refOf(number), destinations }));
}

/** As changes without exceptions, where these are not too many. */
function split(change: PairChange, mostSplit: number): PairChange[] {
  const { sources, destinations, except } = change;
  if (except.length === 0) return [change];
  const own = groupedBy(except, ([source]) => `${source.index}`);
  if (own.size * destinations.length > mostSplit) {
    return except.length < sources.length * destinations.length ? [change] : [];
  }
  const missing = (source: JointClass) => (own.get(`${source.index}`) ?? []).map(([, destination]) => destination);
  const alike = groupedBy(sources, (source) =>
    missing(source)
      .map(({ index }) => index)
      .sort((a, b) => a - b)
      .join(),
  );
  return [...alike.values()].flatMap((members) => {
    const without = new Set(missing(members[0]!));
    const rest = destinations.filter((destination) => !without.has(destination));
    return rest.length === 0 ? [] : [{ ...change, sources: members, destinations: rest, except: [] }];
  });
}

function factOf(pairs: PairChange, states: States, causes: Causes): Fact {
  const { sources, destinations, except, before, after } = pairs;
  const change = { before: states.before.reachOf(before), after: states.after.reachOf(after) };
  const { cells } = states;
  const shown = examples(pairs, states);
  return {
    sources: cells.union(sources.map(({ workloads }) => workloads)),
    destinations: cells.union(destinations.map(({ workloads }) => workloads)),
    except,
    ...change,
    because: shown[0] ? reasonsOf(...shown[0], states, change) : noReasons,
    causes: shown.map((pair) => causes.ofPair(...pair, change)),
  };
}

/** One pair for each two sides that its members have, of which the change holds. */
function examples(
  { sources, destinations, except }: PairChange,
  states: States,
): (readonly [JointClass, JointClass])[] {
  const holes = groupedBy(except, ([source]) => `${source.index}`);
  const isHeld = (source: JointClass, destination: JointClass) =>
    !holes.get(`${source.index}`)?.some(([, other]) => other === destination);
  const pairs = new Map<string, readonly [JointClass, JointClass]>();
  const note = (key: string, source: JointClass | undefined, destination: JointClass | undefined) => {
    if (source && destination && !pairs.has(key)) pairs.set(key, [source, destination]);
  };
  for (const source of sources) {
    const destination = destinations.find((other) => isHeld(source, other));
    note(`from ${sidesKey(states, source, 'egress')}`, source, destination);
  }
  for (const destination of destinations) {
    const source = sources.find((other) => isHeld(other, destination));
    note(`to ${sidesKey(states, destination, 'ingress')}`, source, destination);
  }
  return [...pairs.values()];
}

/** Pods that are new or other are a cause by themselves. */
function sidesKey(states: States, joint: JointClass, direction: 'egress' | 'ingress'): string {
  if (joint.pods === 'changed') return `pods ${joint.index}`;
  return stateNames.map((state) => states[state].sideOf(joint[state]!.index, direction).index).join();
}

function reasonsOf(source: JointClass, destination: JointClass, states: States, change: ReachChange): Reasons {
  return stateNames
    .map((state): Reasons => {
      const reach = change[state];
      if (reach.possible.equals(reach.certain)) return noReasons;
      const connectivity = states[state];
      const [from, to] = [source[state]!, destination[state]!];
      const sides = [connectivity.sideOf(from.index, 'egress'), connectivity.sideOf(to.index, 'ingress')];
      // Another pod than the source, also where the two are replicas.
      return reasonsFor(connectivity, { source: from.end, destination: { ...to.end } }, sides, reach);
    })
    .reduce(unionOfReasons);
}
