import { isDeepStrictEqual } from 'node:util';
import type { UnreadPolicy } from '../../model/cluster';
import type { Cause } from '../../model/diff-listing';
import type { Place } from '../../model/issue';
import { resolveNames } from '../../model/named-ports';
import { type Direction, type Policy, policyToString, type Rule, ruleToString } from '../../model/policy';
import { type AddressSet, addressesOf } from '../../sets/address-set';
import type { LabelBox } from '../../sets/label-box';
import type { PortSet } from '../../sets/port-set';
import { listedPlace } from '../connectivity/listing-place';
import type { Side } from '../connectivity/sides';
import { groupedBy } from '../grouping';
import { gainedPorts, lostPorts, noReach, type ReachChange } from './reach-change';
import type { JointClass, StateName, States } from './states';

export type CauseSet = ReadonlySet<Cause>;

/** What one side of a connection let through in one state, and by which rules. */
interface SideInState {
  readonly side: Side | undefined;
  readonly rules: Iterable<readonly [Rule, PortSet]>;
}

/**
 * Finds what made a difference: rules, policies that isolate, and else the pods themselves.
 *
 * A rule is a cause if the other state has none that says the same of the same pods. Each cause is one object, however often it is found.
 */
export class Causes {
  private readonly known = new Map<unknown, Cause>();
  /** What policies of a namespace say, by state and namespace. */
  private readonly said = {
    before: new Map<string, ReadonlySet<string>>(),
    after: new Map<string, ReadonlySet<string>>(),
  };
  private readonly policies: Readonly<Record<StateName, ReadonlyMap<string, readonly Policy[]>>>;

  constructor(private readonly states: States) {
    const byNamespace = (state: StateName) => groupedBy(states[state].cluster.policies, ({ namespace }) => namespace);
    this.policies = { before: byNamespace('before'), after: byNamespace('after') };
  }

  ofPair(source: JointClass, destination: JointClass, change: ReachChange): CauseSet {
    const found = new Set<Cause>();
    for (const direction of ['egress', 'ingress'] as const) {
      const subject = direction === 'egress' ? source : destination;
      const at = (state: StateName): SideInState => {
        const [from, to] = [source[state], destination[state]];
        if (!from || !to) return { side: undefined, rules: [] };
        const connectivity = this.states[state];
        return {
          side: connectivity.sideOf(subject[state]!.index, direction),
          rules: connectivity.rulesBetween(direction, from.index, to.index),
        };
      };
      const reach = (state: StateName) => {
        const [from, to] = [source[state], destination[state]];
        return from && to ? this.states[state].sideReach(direction, from.index, to.index) : noReach;
      };
      const own = { before: reach('before'), after: reach('after') };
      const sides = { before: at('before'), after: at('after') };
      for (const cause of this.ofSide(sides, direction, [subject, source, destination], change, own)) found.add(cause);
    }
    return found.size > 0 ? found : this.ofPods([source, destination]);
  }

  ofAddresses(joint: JointClass, direction: Direction, addresses: AddressSet, change: ReachChange): CauseSet {
    const at = (state: StateName): SideInState => {
      const own = joint[state];
      const side = own && this.states[state].sideOf(own.index, direction);
      const ports = direction === 'ingress' && own ? own.end.ports : [];
      const rules = (side?.policies ?? [])
        .flatMap((policy) => policy.rules)
        .filter((rule) => rule.direction === direction && isAbout(rule, addresses))
        .map((rule) => [rule, resolveNames(rule.ports, ports)] as const);
      return { side, rules };
    };
    const sides = { before: at('before'), after: at('after') };
    const found = this.ofSide(sides, direction, [joint], change, change);
    return found.size > 0 ? found : this.ofPods([joint]);
  }

  ofIsolation(joint: JointClass, direction: Direction): CauseSet {
    const found = new Set<Cause>();
    for (const state of ['before', 'after'] as const) {
      const own = joint[state];
      if (!own) continue;
      for (const cause of this.isolating(state, this.states[state].sideOf(own.index, direction), direction, [joint])) {
        found.add(cause);
      }
    }
    return found.size > 0 ? found : this.ofPods([joint]);
  }

  /** A rule by itself; where the other state says the same, that namespaces have other labels. */
  ofRule(side: StateName, rule: Rule): CauseSet {
    const relabelled = this.isNew(side, rule) ? [] : this.relabelled();
    return new Set(relabelled.length > 0 ? relabelled : [this.byRule(side, rule)]);
  }

  private byRule(side: StateName, rule: Rule): Cause {
    return this.cause(rule, { kind: 'rule', side, name: ruleToString(rule) }, rule.place);
  }

  /** Policies that isolate pods of a namespace, of which others in the other state do not. */
  ofNamespace(side: StateName, namespace: string, direction: Direction, pods: LabelBox): CauseSet {
    const isolating = (this.policies[side].get(namespace) ?? []).filter(
      (policy) => policy.isolates.includes(direction) && policy.pods.meets(pods),
    );
    return new Set(isolating.map((policy) => this.ofIsolating(side, policy)));
  }

  private ofSide(
    sides: Readonly<Record<StateName, SideInState>>,
    direction: Direction,
    ends: readonly [subject: JointClass, ...JointClass[]],
    change: ReachChange,
    ownChange: ReachChange,
  ): Set<Cause> {
    const found = new Set<Cause>();
    const look = (here: StateName, there: StateName, ports: PortSet) => {
      if (ports.isEmpty) return;
      const { side, rules } = sides[here];
      const other = sides[there].side;
      if (side?.isolation === 'none' && other && other.isolation !== 'none') {
        for (const cause of this.isolating(there, other, direction, ends)) found.add(cause);
        return;
      }
      const all = [...rules].filter(([, own]) => !own.intersect(ports).isEmpty).map(([rule]) => rule);
      for (const rule of newOnes(all, (own) => this.isNew(here, own), ends)) found.add(this.byRule(here, rule));
      // Policies that may be without effect let through what no rule does.
      if (all.length > 0 || side?.isolation !== 'perhaps') return;
      for (const policy of side.policies) found.add(this.ofIsolating(here, policy));
    };
    const both = (own: PortSet, whole: PortSet) => (own.isEmpty ? own : own.intersect(whole));
    look('after', 'before', both(gainedPorts(ownChange), gainedPorts(change)));
    look('before', 'after', both(lostPorts(ownChange), lostPorts(change)));
    for (const state of ['before', 'after'] as const) {
      if (sides[state].side?.isolation === 'unread') {
        for (const cause of this.unreadIn(state, ends[0][state]!.end.namespace)) found.add(cause);
      }
    }
    return found;
  }

  /** Policies without which nothing isolates. */
  private isolating(
    state: StateName,
    side: Side,
    direction: Direction,
    ends: readonly [subject: JointClass, ...JointClass[]],
  ): readonly Cause[] {
    if (side.isolation === 'unread') return this.unreadIn(state, ends[0][state]!.end.namespace);
    const isNew = (policy: Policy) =>
      !this.saidIn(otherState(state), policy.namespace).has(isolationText(policy, direction));
    return newOnes(side.policies, isNew, ends).map((policy) => this.ofIsolating(state, policy));
  }

  private ofIsolating(side: StateName, policy: Policy): Cause {
    return this.cause(policy, { kind: 'isolation', side, name: policyToString(policy) }, policy.place);
  }

  private unreadIn(side: StateName, namespace: string | undefined): readonly Cause[] {
    const name = ({ kind, namespace: own, name: short }: UnreadPolicy) =>
      `${kind} ${own === undefined ? '' : `${own}/`}${short}`;
    const there = new Set(this.states[otherState(side)].cluster.unread.map(name));
    return this.states[side].cluster.unread
      .filter(
        (policy) => (policy.namespace === undefined || policy.namespace === namespace) && !there.has(name(policy)),
      )
      .map((policy) => this.cause(policy, { kind: 'unread', side, name: name(policy) }, policy.place));
  }

  /** That workloads are new or gone, or have other labels, ports or addresses, or their namespaces other labels. */
  private ofPods(ends: readonly JointClass[]): CauseSet {
    const found = new Set<Cause>();
    for (const { before, after, pods, workloads } of ends) {
      if (pods === 'same') continue;
      const side = after ? 'after' : 'before';
      if (before?.key !== after?.key) {
        for (const number of workloads.numbers) {
          const workload = this.states.cells.workloads[number]!;
          const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
          const kind = before && after ? 'pods' : 'workload';
          found.add(this.cause(workload, { kind, side, name }, workload.place));
        }
      } else {
        found.add(this.ofLabels(after!.end.namespace));
      }
    }
    return found;
  }

  /** Namespaces of both states whose labels differ. */
  private relabelled(): readonly Cause[] {
    const { before, after } = this.states;
    const old = new Map(before.cluster.namespaces.map(({ name, labels }) => [name, labels] as const));
    return after.cluster.namespaces
      .filter(({ name, labels }) => old.has(name) && !isDeepStrictEqual(old.get(name), labels))
      .map(({ name }) => this.ofLabels(name));
  }

  private ofLabels(namespace: string): Cause {
    const found = this.states.after.cluster.namespaces.find(({ name }) => name === namespace)!;
    return this.cause(found, { kind: 'namespace', side: 'after', name: `Namespace ${namespace}` }, found.place ?? {});
  }

  private isNew(state: StateName, rule: Rule): boolean {
    const other = this.saidIn(otherState(state), rule.policy.namespace);
    return this.textsOf(rule).some((text) => !other.has(text));
  }

  private saidIn(state: StateName, namespace: string): ReadonlySet<string> {
    let said = this.said[state].get(namespace);
    if (!said) {
      const policies = this.policies[state].get(namespace) ?? [];
      said = new Set(
        policies.flatMap((policy) => [
          ...policy.isolates.map((direction) => isolationText(policy, direction)),
          ...policy.rules.flatMap((rule) => this.textsOf(rule)),
        ]),
      );
      this.said[state].set(namespace, said);
    }
    return said;
  }

  private textsOf(rule: Rule): string[] {
    const { pods } = rule.policy;
    return this.states.contents.of(rule).map((text) => `${pods} ${rule.direction} ${text}`);
  }

  private cause(what: unknown, cause: Omit<Cause, 'place'>, place: Place): Cause {
    let known = this.known.get(what);
    if (!known) {
      known = { ...cause, place: listedPlace(place) };
      this.known.set(what, known);
    }
    return known;
  }
}

export function listedCauses(sets: Iterable<CauseSet>): Cause[] {
  const all = new Set<Cause>();
  for (const set of sets) for (const cause of set) all.add(cause);
  const text = (cause: Cause) =>
    `${cause.kind} ${cause.side} ${cause.name} ${cause.place.file ?? ''} ${cause.place.line ?? ''}`;
  return [...all]
    .map((cause) => [text(cause), cause] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, cause]) => cause);
}

/** What the other state does not say; where it says all of it, and of the same pods, all: then it is how it is enforced. */
function newOnes<T>(all: readonly T[], isNew: (item: T) => boolean, ends: readonly JointClass[]): readonly T[] {
  const found = all.filter(isNew);
  return found.length === 0 && ends.every(({ pods }) => pods === 'same') ? all : found;
}

function otherState(state: StateName): StateName {
  return state === 'before' ? 'after' : 'before';
}

function isolationText({ pods }: Policy, direction: Direction): string {
  return `${pods} isolates ${direction}`;
}

function isAbout({ peers }: Rule, addresses: AddressSet): boolean {
  return peers.some((peer) => {
    if (peer.kind === 'pods') return false;
    return peer.kind === 'everyone' || !addressesOf(peer.block).intersect(addresses).isEmpty;
  });
}
