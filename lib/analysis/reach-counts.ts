import type { Block, Connectivity } from './connectivity/connectivity';

/** How many other workloads each workload of a class reaches: directly, and over any number of connections. By the number of the class. */
export interface ReachCounts {
  readonly direct: readonly number[];
  readonly all: readonly number[];
}

/**
 * The blast radius of every workload as a number, without listing any of them.
 *
 * Classes that reach each other are one component; what components reach is counted by bits, 32 components at a time. So memory is linear in
 * the blocks, and time as well where most workloads are in few components; at worst it is components × blocks / 32.
 */
export function reachCounts(connectivity: Connectivity, certainty: 'certain' | 'possible'): ReachCounts {
  const blocks = connectivity.blocks().filter((block) => !block[certainty].isEmpty);
  const sizes = connectivity.classes.map(({ workloads }) => workloads.length);
  return { direct: directCounts(blocks, sizes), all: transitiveCounts(blocks, sizes) };
}

/** Blocks of one source overlap only where one is a pair of single classes. */
function directCounts(blocks: readonly Block[], sizes: readonly number[]): number[] {
  const groupOf = new Map<number, number>();
  const joined = blocks.filter(({ sources, destinations }) => sources.length > 1 || destinations.length > 1);
  for (const { destinations } of joined)
    for (const { index } of destinations) groupOf.set(index, destinations[0]!.index);
  const groups: Set<number>[] = sizes.map(() => new Set());
  const counts = sizes.map(() => 0);
  for (const { sources, destinations } of joined) {
    const size = destinations.reduce((sum, { index }) => sum + sizes[index]!, 0);
    const own = new Set(destinations.map(({ index }) => index));
    for (const { index } of sources) {
      groups[index]!.add(destinations[0]!.index);
      counts[index]! += own.has(index) ? size - 1 : size;
    }
  }
  const pairs = new Set<number>();
  for (const { sources, destinations } of blocks) {
    if (sources.length > 1 || destinations.length > 1) continue;
    const [from, to] = [sources[0]!.index, destinations[0]!.index];
    const key = from * sizes.length + to;
    const group = groupOf.get(to);
    if (pairs.has(key) || (group !== undefined && groups[from]!.has(group))) continue;
    pairs.add(key);
    counts[from]! += from === to ? sizes[to]! - 1 : sizes[to]!;
  }
  return counts;
}

/** Each class and each block is a node: a class leads to the blocks that it is a source of, a block to its destinations. */
function transitiveCounts(blocks: readonly Block[], sizes: readonly number[]): number[] {
  const classes = sizes.length;
  const edges: number[][] = Array.from({ length: classes + blocks.length }, () => []);
  for (const [i, { sources, destinations }] of blocks.entries()) {
    for (const { index } of sources) edges[index]!.push(classes + i);
    edges[classes + i] = destinations.map(({ index }) => index);
  }
  const { componentOf, count } = components(edges);
  const weights = new Array<number>(count).fill(0);
  const members = new Array<number>(count).fill(0);
  for (const [node, component] of componentOf.entries()) {
    members[component]!++;
    if (node < classes) weights[component]! += sizes[node]!;
  }
  const after = successors(edges, componentOf, count);
  const reached = weightsAfter(after, weights);
  return sizes.map((_, index) => {
    const own = componentOf[index]!;
    // A node that is a component by itself leads back to itself by no way: its edges go from classes to blocks and back.
    return reached[own]! + (members[own]! > 1 ? weights[own]! - 1 : 0);
  });
}

/** Components with a number that is larger than those of all they lead to, by Tarjan's algorithm without recursion. */
function components(edges: readonly (readonly number[])[]): {
  readonly componentOf: Int32Array;
  readonly count: number;
} {
  const nodes = edges.length;
  const order = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const next = new Int32Array(nodes);
  const componentOf = new Int32Array(nodes).fill(-1);
  const open: number[] = [];
  let [visited, count] = [0, 0];
  for (let root = 0; root < nodes; root++) {
    if (order[root]! >= 0) continue;
    const path = [root];
    while (path.length > 0) {
      const node = path.at(-1)!;
      if (order[node]! < 0) {
        order[node] = low[node] = visited++;
        open.push(node);
      }
      const target = edges[node]![next[node]!];
      if (target !== undefined) {
        next[node]!++;
        if (order[target]! < 0) path.push(target);
        else if (componentOf[target]! < 0) low[node] = Math.min(low[node]!, order[target]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== order[node]) continue;
      for (let member = -1; member !== node; ) {
        member = open.pop()!;
        componentOf[member] = count;
      }
      count++;
    }
  }
  return { componentOf, count };
}

function successors(edges: readonly (readonly number[])[], componentOf: Int32Array, count: number): number[][] {
  const after: Set<number>[] = Array.from({ length: count }, () => new Set());
  for (const [node, targets] of edges.entries()) {
    const own = componentOf[node]!;
    for (const target of targets) if (componentOf[target] !== own) after[own]!.add(componentOf[target]!);
  }
  return after.map((set) => [...set]);
}

/** For each component, the weight of all others that it leads to. Components of one weight are counted 32 at a time. */
function weightsAfter(after: readonly (readonly number[])[], weights: readonly number[]): number[] {
  const totals = new Array<number>(weights.length).fill(0);
  const reached = new Int32Array(weights.length);
  const byWeight = new Map<number, number[]>();
  for (const [component, weight] of weights.entries()) {
    if (weight === 0) continue;
    const list = byWeight.get(weight);
    if (list) list.push(component);
    else byWeight.set(weight, [component]);
  }
  for (const [weight, list] of byWeight) {
    for (let first = 0; first < list.length; first += 32) {
      const chunk = list.slice(first, first + 32);
      const bits = new Map(chunk.map((component, bit) => [component, 1 << bit] as const));
      // Nothing before the first of the chunk leads to any of it.
      reached.fill(0, 0, chunk[0]);
      for (let component = chunk[0]!; component < weights.length; component++) {
        let found = 0;
        for (const target of after[component]!) found |= reached[target]!;
        totals[component]! += weight * bitsIn(found);
        reached[component] = found | (bits.get(component) ?? 0);
      }
    }
  }
  return totals;
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
