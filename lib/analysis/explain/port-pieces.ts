import { resolveNames } from '../../model/named-ports';
import type { Rule } from '../../model/policy';
import type { PodPort } from '../../model/workload';
import { type PortItem, PortSet, type Protocol } from '../../sets/port-set';

export type PortRange = Extract<PortItem, { first: number }>;

/** The ports in ranges, each of which lies inside or outside of the ports of every rule. */
export function portPieces(ports: PortSet, rules: readonly Rule[], own: readonly PodPort[]): PortRange[] {
  const starts = new Map<Protocol, Set<number>>();
  for (const rule of rules) {
    for (const { protocol, first, last } of rangesOf(resolveNames(rule.ports, own))) {
      const known = starts.get(protocol) ?? new Set();
      starts.set(protocol, known.add(first).add(last + 1));
    }
  }
  return rangesOf(ports).flatMap(({ protocol, first, last }) => {
    const cuts = [...(starts.get(protocol) ?? [])].filter((cut) => first < cut && cut <= last).sort((a, b) => a - b);
    return [first, ...cuts].map((start, i) => ({ protocol, first: start, last: (cuts[i] ?? last + 1) - 1 }));
  });
}

export function rangesOf(ports: PortSet): PortRange[] {
  return ports.items().filter((item) => 'first' in item);
}

export function unionOf(ranges: readonly PortRange[]): PortSet {
  return PortSet.of(ranges);
}
