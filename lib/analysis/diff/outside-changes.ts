import type { AddressEnd } from '../../model/connection';
import type { WorkloadRef } from '../../model/connectivity-listing';
import type { OutsideChange } from '../../model/diff-listing';
import type { Direction } from '../../model/policy';
import { type AddressSet, addressRanges, everyAddress } from '../../sets/address-set';
import { IntervalSet } from '../../sets/interval-set';
import type { AddressReach } from '../connectivity/address-reach';
import { internetIn, listedAddresses } from '../connectivity/listing-addresses';
import { noReasons, type Reasons, reasonsFor, unionOfReasons } from '../connectivity/listing-reasons';
import { groupedBy } from '../grouping';
import { listedReasons } from '../reach-listing';
import { type CauseSet, type Causes, listedCauses } from './causes';
import { isSameReach, listedReachChange, noReach, type ReachChange, reachChangeKey } from './reach-change';
import { type JointClass, type States, stateNames } from './states';

interface AddressChange extends ReachChange {
  readonly addresses: AddressSet;
}

interface Fact extends AddressChange {
  readonly joint: JointClass;
  readonly direction: Direction;
  readonly because: Reasons;
  readonly causes: CauseSet;
}

/** How connections with addresses outside the cluster changed, in rows of workloads that are alike. */
export function outsideChanges(
  states: States,
  causes: Causes,
  refOf: (number: number) => WorkloadRef,
): OutsideChange[] {
  const rows = [...groupedBy(factsOf(states, causes), keyOf).values()].map((alike) => ({
    ...alike[0]!,
    workloads: states.cells.union(alike.map(({ joint }) => joint.workloads)),
    because: alike.map(({ because }) => because).reduce(unionOfReasons),
    causes: alike.map((fact) => fact.causes),
  }));
  const order = (row: (typeof rows)[number]) =>
    [row.direction === 'ingress' ? 0 : 1, row.workloads.numbers[0]!] as const;
  return rows
    .map((row) => [row, keyOf(row)] as const)
    .sort(([a, x], [b, y]) => {
      const [p, q] = [order(a), order(b)];
      return p[0] - q[0] || p[1] - q[1] || (x < y ? -1 : 1);
    })
    .map(([row]) => ({
      direction: row.direction,
      addresses: listedAddresses(row.addresses),
      internet: internetIn(row.addresses),
      workloads: row.workloads.numbers.map(refOf),
      ...listedReachChange(row),
      because: listedReasons(row.because),
      causes: listedCauses(row.causes),
    }));
}

function keyOf(fact: Omit<Fact, 'joint' | 'causes'>): string {
  const { direction, addresses, because } = fact;
  return `${direction} ${reachChangeKey(fact)} ${[...because.keys()].sort().join()} ${addresses}`;
}

function* factsOf(states: States, causes: Causes): Generator<Fact> {
  const known = new Map<readonly AddressReach[], Map<readonly AddressReach[], readonly AddressChange[]>>();
  for (const joint of states.classes) {
    for (const direction of ['ingress', 'egress'] as const) {
      if (joint[direction] === 'same') continue;
      const [before, after] = stateNames.map((state) => {
        const own = joint[state];
        return own ? states[state].addresses(own.index, direction) : none;
      }) as [readonly AddressReach[], readonly AddressReach[]];
      const ofBefore = known.get(before) ?? new Map();
      known.set(before, ofBefore);
      const changes: readonly AddressChange[] = ofBefore.get(after) ?? addressChanges(before, after);
      ofBefore.set(after, changes);
      for (const change of changes) {
        yield {
          ...change,
          joint,
          direction,
          because: reasonsOf(states, joint, direction, change),
          causes: causes.ofAddresses(joint, direction, change.addresses, change),
        };
      }
    }
  }
}

const none: readonly AddressReach[] = [];

/** Disjoint, and all addresses with the same change together. */
function addressChanges(before: readonly AddressReach[], after: readonly AddressReach[]): AddressChange[] {
  const pieces = covered(before).flatMap((old) =>
    covered(after).map((fresh) => ({
      addresses: old.addresses.intersect(fresh.addresses),
      before: old,
      after: fresh,
    })),
  );
  const changed = pieces.filter((piece) => !piece.addresses.isEmpty && !isSameReach(piece));
  return [...groupedBy(changed, reachChangeKey).values()].map((alike) => ({
    ...alike[0]!,
    addresses: IntervalSet.union(alike.map(({ addresses }) => addresses)),
  }));
}

/** With what is not let through at all. */
function covered(reaches: readonly AddressReach[]): readonly AddressReach[] {
  const rest = everyAddress.subtract(IntervalSet.union(reaches.map(({ addresses }) => addresses)));
  return [...reaches, { addresses: rest, ...noReach }];
}

function reasonsOf(
  states: States,
  joint: JointClass,
  direction: Direction,
  { addresses, ...change }: AddressChange,
): Reasons {
  const outside: AddressEnd = { kind: 'address', address: addressRanges(addresses)[0]!.first };
  return stateNames
    .map((state): Reasons => {
      const [own, reach] = [joint[state], change[state]];
      if (!own || reach.possible.equals(reach.certain)) return noReasons;
      const ends =
        direction === 'egress' ? { source: own.end, destination: outside } : { source: outside, destination: own.end };
      return reasonsFor(states[state], ends, [states[state].sideOf(own.index, direction)], reach);
    })
    .reduce(unionOfReasons);
}
