import { isDeepStrictEqual } from 'node:util';
import type { Cluster, PlacedWorkload } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import type { Direction } from '../../model/policy';
import { Connectivity, type ConnectivityOptions } from '../connectivity/connectivity';
import { type Cell, Cells } from '../connectivity/listing-cells';
import type { PodClass } from '../connectivity/pod-classes';
import { matchedWorkloads } from './matched-workloads';
import { RuleContents } from './rule-content';

export type StateName = 'before' | 'after';
export const stateNames: readonly StateName[] = ['before', 'after'];

/** Workloads that no policy of either state can tell apart. */
export interface JointClass {
  readonly index: number;
  /** Undefined where the workloads are not there. */
  readonly before: PodClass | undefined;
  readonly after: PodClass | undefined;
  readonly workloads: Cell;
  /** Whether policies see other pods: with other labels, ports or addresses, or none on one side. */
  readonly pods: 'same' | 'changed';
  /** Whether connections in that direction may differ for reasons of their own. */
  readonly egress: 'same' | 'changed';
  readonly ingress: 'same' | 'changed';
}

/** Both states of a cluster, with workloads in common. */
export class States {
  readonly before: Connectivity;
  readonly after: Connectivity;
  readonly contents = new RuleContents();
  /** Numbers of all workloads of both: those that are there after, as they are then. */
  readonly cells: Cells;
  readonly classes: readonly JointClass[];
  private readonly ofClasses = { before: new Map<number, JointClass[]>(), after: new Map<number, JointClass[]>() };

  constructor(before: Cluster, after: Cluster, profile: CniProfile, options: Pick<ConnectivityOptions, 'wide'> = {}) {
    this.before = new Connectivity(before, profile, options);
    this.after = new Connectivity(after, profile, { ...options, beside: this.before });
    const matched = matchedWorkloads(before.workloads, after.workloads);
    this.cells = new Cells({ workloads: matched.map((m) => (m.after ?? m.before)!) });

    const [old, fresh] = [classesOf(this.before), classesOf(this.after)];
    const groups = new Map<
      string,
      { before?: PodClass | undefined; after?: PodClass | undefined; workloads: PlacedWorkload[] }
    >();
    for (const match of matched) {
      const [own, other] = [match.before && old.get(match.before), match.after && fresh.get(match.after)];
      const key = `${own?.index} ${other?.index}`;
      const group = groups.get(key) ?? { before: own, after: other, workloads: [] };
      group.workloads.push((match.after ?? match.before)!);
      groups.set(key, group);
    }
    this.classes = [...groups.values()]
      .map((group) => ({ ...group, cell: this.cells.ofWorkloads(group.workloads) }))
      .sort((a, b) => a.cell.numbers[0]! - b.cell.numbers[0]!)
      .map(({ before: own, after: other, cell }, index) => this.jointClass(index, own, other, cell));
    for (const joint of this.classes) {
      for (const state of stateNames) {
        const own = joint[state];
        if (!own) continue;
        const list = this.ofClasses[state].get(own.index);
        if (list) list.push(joint);
        else this.ofClasses[state].set(own.index, [joint]);
      }
    }
  }

  /** Those of which the pods are this class, in one of the states. */
  jointOf(state: StateName, index: number): readonly JointClass[] {
    return this.ofClasses[state].get(index) ?? [];
  }

  private jointClass(
    index: number,
    before: PodClass | undefined,
    after: PodClass | undefined,
    workloads: Cell,
  ): JointClass {
    const isSame =
      before?.key === after?.key && isDeepStrictEqual(before?.end.namespaceLabels, after?.end.namespaceLabels);
    const side = (direction: Direction) => {
      if (!isSame) return 'changed';
      const [old, fresh] = [this.before.sideOf(before!.index, direction), this.after.sideOf(after!.index, direction)];
      return this.contents.areSame(old, fresh, direction) ? 'same' : 'changed';
    };
    return {
      index,
      before,
      after,
      workloads,
      pods: isSame ? 'same' : 'changed',
      egress: side('egress'),
      ingress: side('ingress'),
    };
  }
}

function classesOf({ classes }: Connectivity): ReadonlyMap<PlacedWorkload, PodClass> {
  return new Map(classes.flatMap((c) => c.workloads.map((workload) => [workload, c] as const)));
}
