import type { WorkloadRef } from '../../model/connectivity-listing';
import type { IsolationChange } from '../../model/diff-listing';
import { isolationOf } from '../connectivity/listing';
import { groupedBy } from '../grouping';
import { type Causes, listedCauses } from './causes';
import { type States, stateNames } from './states';

/** Workloads of both states that policies isolate in one of them only. */
export function isolationChanges(
  states: States,
  causes: Causes,
  refOf: (number: number) => WorkloadRef,
): IsolationChange[] {
  const facts = states.classes.flatMap((joint) =>
    (['ingress', 'egress'] as const).flatMap((direction) => {
      if (!joint.before || !joint.after || joint[direction] === 'same') return [];
      const [before, after] = stateNames.map((state) =>
        isolationOf(states[state].sideOf(joint[state]!.index, direction)),
      );
      return before === after
        ? []
        : [{ joint, direction, before: before!, after: after!, causes: causes.ofIsolation(joint, direction) }];
    }),
  );
  const rows = [...groupedBy(facts, ({ direction, before, after }) => `${direction} ${before} ${after}`)].sort(
    ([a], [b]) => (a < b ? 1 : -1),
  );
  return rows.map(([, alike]) => ({
    direction: alike[0]!.direction,
    before: alike[0]!.before,
    after: alike[0]!.after,
    workloads: states.cells.union(alike.map(({ joint }) => joint.workloads)).numbers.map(refOf),
    causes: listedCauses(alike.map((fact) => fact.causes)),
  }));
}
