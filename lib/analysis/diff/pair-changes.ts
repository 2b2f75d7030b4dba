import type { GroupPairs } from '../connectivity/groups';
import { noPorts, type ReachIds } from '../connectivity/port-table';
import { type JointClass, type States, stateNames } from './states';

/** Ports before and after, by the numbers of the table that both states share. */
export interface IdsChange {
  readonly before: ReachIds;
  readonly after: ReachIds;
}

/** For every source and every destination, but for some pairs, the same change. */
export interface PairChange extends IdsChange {
  readonly sources: readonly JointClass[];
  readonly destinations: readonly JointClass[];
  /** Pairs of these of which it does not hold: another change does, or none. */
  readonly except: readonly (readonly [source: JointClass, destination: JointClass])[];
}

const nothing: ReachIds = { certain: noPorts, possible: noPorts };

/**
 * What differs between two states, each pair of classes in one change at most.
 *
 * Only pairs with an end that is other than it was are looked at. Where these are few, one by one; else as groups, which are groups of both
 * states at once, but for pairs that openings for few name. So the cost is linear in what the rules name, and little where little has changed.
 *
 * @param few so many pairs are few
 */
export function pairChanges(states: States, few: number): PairChange[] {
  const { classes } = states;
  const sources = classes.filter(({ egress }) => egress === 'changed');
  const destinations = classes.filter(({ ingress }) => ingress === 'changed');
  if ((sources.length + destinations.length) * classes.length > few) return groupChanges(states);
  const others = classes.filter(({ egress }) => egress === 'same');
  return [...pairByPair(states, sources, classes), ...pairByPair(states, others, destinations)];
}

function* pairByPair(
  states: States,
  sources: readonly JointClass[],
  destinations: readonly JointClass[],
): Generator<PairChange> {
  for (const source of sources) {
    for (const destination of destinations) {
      const ids = exactly(states, source, destination);
      if (isSame(ids.before, ids.after)) continue;
      yield { sources: [source], destinations: [destination], except: [], ...ids };
    }
  }
}

function groupChanges(states: States): PairChange[] {
  const groups = new JointGroups(states);
  const changes = groups.changes();
  const single: PairChange[] = [];
  for (const [source, destinations] of narrowPairs(states)) {
    for (const destination of destinations) {
      const ids = exactly(states, source, destination);
      const group = changes.get(groups.keyOf(source, destination));
      if (group && isSame(group.before, ids.before) && isSame(group.after, ids.after)) continue;
      group?.except.push([source, destination]);
      if (isSame(ids.before, ids.after)) continue;
      single.push({ sources: [source], destinations: [destination], except: [], ...ids });
    }
  }
  return [...changes.values(), ...single];
}

function mayDiffer(source: JointClass, destination: JointClass): boolean {
  return source.egress === 'changed' || destination.ingress === 'changed';
}

function isSame(a: ReachIds, b: ReachIds): boolean {
  return a.certain === b.certain && a.possible === b.possible;
}

function exactly(states: States, source: JointClass, destination: JointClass): IdsChange {
  const [before, after] = stateNames.map((state) => {
    const [from, to] = [source[state], destination[state]];
    return from && to ? states[state].idsBetween(from.index, to.index) : nothing;
  }) as [ReachIds, ReachIds];
  return { before, after };
}

/** The pairs that openings for few name, in either state, as far as they may differ. */
function narrowPairs(states: States): ReadonlyMap<JointClass, ReadonlySet<JointClass>> {
  const found = new Map<JointClass, Set<JointClass>>();
  for (const state of stateNames) {
    for (const [source, destination] of states[state].narrowPairs()) {
      for (const from of states.jointOf(state, source)) {
        for (const to of states.jointOf(state, destination)) {
          if (!mayDiffer(from, to)) continue;
          const known = found.get(from);
          if (known) known.add(to);
          else found.set(from, new Set([to]));
        }
      }
    }
  }
  return found;
}

interface JointGroup {
  readonly number: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Whether its members may differ; all of them alike. */
  readonly side: 'same' | 'changed';
  readonly members: JointClass[];
}

/** Joint classes by their groups in both states. */
class JointGroups {
  private readonly found: Readonly<Record<'before' | 'after', GroupPairs>>;
  private readonly sources: Grouping;
  private readonly destinations: Grouping;

  constructor(states: States) {
    this.found = { before: states.before.groups(), after: states.after.groups() };
    this.sources = new Grouping(states.classes, this.found, 'sources');
    this.destinations = new Grouping(states.classes, this.found, 'destinations');
  }

  keyOf(source: JointClass, destination: JointClass): string {
    return `${this.sources.of(source)} ${this.destinations.of(destination)}`;
  }

  /** Pairs of groups whose wide openings come to something else, by {@link keyOf}. */
  changes(): Map<string, PairChange & { readonly except: [JointClass, JointClass][] }> {
    const changes = new Map<string, PairChange & { readonly except: [JointClass, JointClass][] }>();
    for (const state of stateNames) {
      for (const key of this.found[state].pairs.keys()) {
        const [source, destination] = key.split(' ').map(Number) as [number, number];
        for (const from of this.sources.having(state, source)) {
          for (const to of this.destinations.having(state, destination)) {
            const joint = `${from.number} ${to.number}`;
            if ((from.side === 'same' && to.side === 'same') || changes.has(joint)) continue;
            const [before, after] = stateNames.map((name) => this.idsOf(name, from, to)) as [ReachIds, ReachIds];
            if (isSame(before, after)) continue;
            changes.set(joint, { sources: from.members, destinations: to.members, except: [], before, after });
          }
        }
      }
    }
    return changes;
  }

  private idsOf(state: 'before' | 'after', from: JointGroup, to: JointGroup): ReachIds {
    return this.found[state].pairs.get(`${from[state]} ${to[state]}`)?.ids ?? nothing;
  }
}

class Grouping {
  private readonly groups = new Map<string, JointGroup>();
  private readonly numbers: readonly number[];
  private readonly byState = { before: new Map<number, JointGroup[]>(), after: new Map<number, JointGroup[]>() };

  constructor(
    classes: readonly JointClass[],
    found: Readonly<Record<'before' | 'after', GroupPairs>>,
    end: 'sources' | 'destinations',
  ) {
    this.numbers = classes.map((joint) => {
      const [before, after] = stateNames.map((state) => joint[state] && found[state][end][joint[state].index]);
      const side = end === 'sources' ? joint.egress : joint.ingress;
      const key = `${before} ${after} ${side}`;
      let group = this.groups.get(key);
      if (!group) {
        group = { number: this.groups.size, before, after, side, members: [] };
        this.groups.set(key, group);
        for (const state of stateNames) {
          const number = group[state];
          if (number !== undefined) this.byState[state].set(number, [...this.having(state, number), group]);
        }
      }
      group.members.push(joint);
      return group.number;
    });
  }

  of({ index }: JointClass): number {
    return this.numbers[index]!;
  }

  having(state: 'before' | 'after', number: number): readonly JointGroup[] {
    return this.byState[state].get(number) ?? [];
  }
}
