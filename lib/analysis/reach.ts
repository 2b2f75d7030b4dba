import { resolveNames } from '../model/named-ports';
import { PortSet } from '../sets/port-set';
import type { Block, Connectivity } from './connectivity/connectivity';
import type { PodClass } from './connectivity/pod-classes';
import type { ClusterWorld } from './open-world/cluster-world';

/** A workload that can be reached, and over which others. */
export interface Reached {
  readonly target: PodClass;
  /** Connections that it takes: 1 is direct. */
  readonly hops: number;
  /** One shortest way, from the start to the target, both included. */
  readonly path: readonly PodClass[];
  /** Ports of the last connection. */
  readonly ports: PortSet;
  /** `possible`: some connection of every way hangs on what the API leaves open. */
  readonly certainty: 'certain' | 'possible';
}

/**
 * What can be reached from a class of pods, directly and over others: who breaks in there can go so far. Ways over certain
 * connections come before those that are only possible. In the order of hops, then of the input.
 *
 * Every block of the relation is looked at once for each certainty, so the cost is linear in the blocks.
 */
export function reachFrom(connectivity: Connectivity, start: number): Reached[] {
  const certain = search(connectivity, start, 'certain');
  const known = new Set(certain.map(({ target }) => target.index));
  const possible = search(connectivity, start, 'possible').filter(({ target }) => !known.has(target.index));
  return [...certain, ...possible].sort((a, b) => a.hops - b.hops || a.target.index - b.target.index);
}

interface Step {
  readonly from: number;
  readonly hops: number;
}

function search(connectivity: Connectivity, start: number, certainty: 'certain' | 'possible'): Reached[] {
  const blocksFrom = new Map<number, Block[]>();
  for (const block of connectivity.blocks()) {
    if (block[certainty].isEmpty) continue;
    for (const { index } of block.sources) {
      const list = blocksFrom.get(index);
      if (list) list.push(block);
      else blocksFrom.set(index, [block]);
    }
  }
  const steps = new Map<number, Step>([[start, { from: start, hops: 0 }]]);
  const done = new Set<Block>();
  const queue = [start];
  for (let next = 0; next < queue.length; next++) {
    const from = queue[next]!;
    const hops = steps.get(from)!.hops + 1;
    for (const block of blocksFrom.get(from) ?? []) {
      if (done.has(block)) continue;
      done.add(block);
      for (const { index } of block.destinations) {
        if (steps.has(index)) continue;
        steps.set(index, { from, hops });
        queue.push(index);
      }
    }
  }
  const { classes } = connectivity;
  return queue.slice(1).map((index): Reached => {
    const { from, hops } = steps.get(index)!;
    const path = [classes[index]!];
    for (let at = index; at !== start; at = steps.get(at)!.from) path.unshift(classes[steps.get(at)!.from]!);
    const ports = connectivity.between(from, index)[certainty];
    return { target: classes[index]!, hops, path, ports, certainty };
  });
}

/** What a pod whose labels the attacker chooses could reach directly. */
export interface StolenReach {
  readonly target: PodClass;
  /** Each port for some choice of labels; not all of them need one choice. */
  readonly ports: PortSet;
}

/** What a stolen pod with free choice of labels in a namespace could reach: whoever may create pods there can do so. */
export function stolenPodReach(world: ClusterWorld, { classes }: Connectivity, namespace: string): StolenReach[] {
  return classes.flatMap((target) => {
    const { end } = target;
    const meetings = world.meetings.between(world.anyPodOf(namespace), world.exactly(end.namespace, end.labels));
    let ports = PortSet.empty;
    for (const meeting of meetings) {
      // A name that both sides give resolves on the target, so each side is resolved before they are compared.
      const [out, into] = [meeting.egress, meeting.ingress].map((side) =>
        side ? resolveNames(side.ports, end.ports) : PortSet.all,
      ) as [PortSet, PortSet];
      ports = ports.union(out.intersect(into));
    }
    return ports.isEmpty ? [] : [{ target, ports }];
  });
}
