import { resolveNames } from '../../model/named-ports';
import type { PodPort } from '../../model/workload';
import { PortSet } from '../../sets/port-set';
import { portsInCommonAt } from '../ports-in-common';

/** A port set by its number in a {@link PortTable}. */
export type PortId = number;

/** Ports on which one pod may reach another: whatever the API leaves open, and under some reading of it. */
export interface ReachIds {
  readonly certain: PortId;
  readonly possible: PortId;
}

export const noPorts: PortId = 0;
export const allPorts: PortId = 1;

/**
 * Gives each distinct port set a number and remembers unions and intersections, since thousands of rules share a few dozen sets.
 * Names are resolved on the destination first; what stays one is a port of which the number is not known.
 */
export class PortTable {
  private readonly sets: PortSet[] = [];
  private readonly ids = new Map<string, PortId>();
  private readonly unions = new Map<number, PortId>();
  private readonly intersections = new Map<number, PortId>();
  private readonly common = new Map<number, PortId>();

  constructor() {
    this.idOf(PortSet.empty);
    this.idOf(PortSet.all);
  }

  idOf(set: PortSet): PortId {
    const key = set.toString();
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.sets.push(set) - 1;
      this.ids.set(key, id);
    }
    return id;
  }

  setOf(id: PortId): PortSet {
    return this.sets[id]!;
  }

  union(a: PortId, b: PortId): PortId {
    if (a === b || b === noPorts || a === allPorts) return a;
    if (a === noPorts || b === allPorts) return b;
    return this.remember(this.unions, a, b, (x, y) => x.union(y));
  }

  intersect(a: PortId, b: PortId): PortId {
    if (a === b || b === allPorts || a === noPorts) return a;
    if (a === allPorts || b === noPorts) return b;
    return this.remember(this.intersections, a, b, (x, y) => x.intersect(y));
  }

  /** What may be in both: see {@link portsInCommonAt}. */
  inCommon(a: PortId, b: PortId): PortId {
    if (a === b || b === allPorts || a === noPorts) return a;
    if (a === allPorts || b === noPorts) return b;
    return this.remember(this.common, a, b, portsInCommonAt);
  }

  private remember(
    known: Map<number, PortId>,
    a: PortId,
    b: PortId,
    combine: (x: PortSet, y: PortSet) => PortSet,
  ): PortId {
    const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    let id = known.get(key);
    if (id === undefined) {
      id = this.idOf(combine(this.setOf(a), this.setOf(b)));
      known.set(key, id);
    }
    return id;
  }
}

/** The ports of a rule, once for all destinations, or for each destination where it names some. */
export class RulePorts {
  readonly hasNames: boolean;
  private readonly numbered: PortId;

  constructor(
    private readonly set: PortSet,
    private readonly table: PortTable,
  ) {
    this.hasNames = set.items().some((item) => 'name' in item);
    this.numbered = this.hasNames ? noPorts : table.idOf(set);
  }

  /** At a destination that has these. */
  at(own: readonly PodPort[]): PortId {
    return this.hasNames ? this.table.idOf(resolveNames(this.set, own)) : this.numbered;
  }
}
