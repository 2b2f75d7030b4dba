import { refKey, type WorkloadRef } from '../../model/connectivity-listing';
import type { MovedWorkload, OutsideChange } from '../../model/diff-listing';
import { groupedBy } from '../grouping';
import { isSameReach } from './reach-change';
import type { JointClass, States } from './states';

/** Where whole namespaces move, no more ends are compared: rows tell them all the same. */
const mostEnds = 500_000;

/** Pods before and after, which may be of one workload that moved. */
type Ends = Pick<JointClass, 'before' | 'after'> & { readonly numbers: readonly number[] };

/**
 * Workloads that are gone from one namespace and new in another, with the same kind, name and labels. They are two workloads all the same, and what the
 * new one may do is a risk like any other: whoever owns its namespace gets what the old one had.
 */
export function movedWorkloads(
  states: States,
  outside: readonly OutsideChange[],
  refOf: (number: number) => WorkloadRef,
): MovedWorkload[] {
  const [gone, fresh] = [aloneIn(states, 'before'), aloneIn(states, 'after')];
  const moves = [...gone].flatMap(([key, [old, ...others]]) => {
    const [own, ...more] = fresh.get(key) ?? [];
    // Which of several went where is not known.
    return old && own && others.length + more.length === 0 ? [{ old, own }] : [];
  });
  const ends: Ends[] = [
    ...moves.map(({ old, own }) => ({ before: old.joint.before, after: own.joint.after, numbers: [own.number] })),
    ...states.classes
      .filter(({ before, after }) => before && after)
      .map(({ before, after, workloads: { numbers } }) => ({ before, after, numbers })),
  ];
  if (ends.length * moves.length > mostEnds) return [];
  const addresses = { before: outsideIn(outside, 'before'), after: outsideIn(outside, 'after') };
  return moves.map(({ old, own }, i) => {
    const [before, after] = [refOf(old.number), refOf(own.number)];
    const others = ends.filter((other) => !areAlike(states, ends[i]!, other)).flatMap(({ numbers }) => numbers);
    const isSame = addresses.before.get(refKey(before)) === addresses.after.get(refKey(after));
    return {
      before,
      after,
      others: others.sort((a, b) => a - b).map(refOf),
      outside: isSame ? 'same' : 'other',
    };
  });
}

/** Workloads that are there in one state alone, by what they keep where they move. */
function aloneIn({ classes, cells }: States, state: 'before' | 'after') {
  const other = state === 'before' ? 'after' : 'before';
  const alone = classes
    .filter((joint) => !joint[other])
    .flatMap((joint) => joint.workloads.numbers.map((number) => ({ joint, number })))
    .sort((a, b) => a.number - b.number);
  return groupedBy(alone, ({ number }) => {
    const { kind, name, podLabels } = cells.workloads[number]!;
    return JSON.stringify([kind, name, Object.entries(podLabels).sort()]);
  });
}

function areAlike({ before, after }: States, one: Ends, other: Ends): boolean {
  const reach = (from: Ends, to: Ends) => ({
    before: before.between(from.before!.index, to.before!.index),
    after: after.between(from.after!.index, to.after!.index),
  });
  return isSameReach(reach(one, other)) && isSameReach(reach(other, one));
}

/** What is let through to and from addresses, as a text for each workload. */
function outsideIn(rows: readonly OutsideChange[], state: 'before' | 'after'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const row of rows) {
    const text = JSON.stringify([row.direction, row.addresses.ranges, row[state]]);
    for (const ref of row.workloads) found.set(refKey(ref), `${found.get(refKey(ref)) ?? ''}${text}\n`);
  }
  return found;
}
