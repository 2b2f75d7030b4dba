import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connectivity } from '../../lib/analysis/connectivity/connectivity';
import { evaluate } from '../../lib/analysis/evaluate';
import type { Decision, End, PodEnd } from '../../lib/model/connection';
import { holdsAddress } from '../../lib/sets/address-set';
import { parseAddress } from '../../lib/sets/cidr';
import { PortSet } from '../../lib/sets/port-set';
import { addresses, cluster, portNumbers, profile, protocols } from '../support/arbitrary-cluster';

function decisionOf(
  reach: { certain: PortSet; possible: PortSet },
  protocol: 'TCP' | 'UDP' | 'SCTP',
  port: number,
): Decision {
  const point = PortSet.of([{ protocol, first: port, last: port }]);
  if (point.isSubsetOf(reach.certain)) return 'allowed';
  return point.isSubsetOf(reach.possible) ? 'unknown' : 'denied';
}

describe('connectivity of known workloads', () => {
  it('agrees with the evaluator of single connections on every pair and port', () => {
    fc.assert(
      fc.property(cluster, profile, (world, cni) => {
        const connectivity = new Connectivity(world, cni);
        for (const source of connectivity.classes) {
          for (const destination of connectivity.classes) {
            const reach = connectivity.between(source.index, destination.index);
            // Another pod of the same class: what holds between two replicas.
            const other: PodEnd = { ...destination.end };
            for (const protocol of protocols) {
              for (const port of portNumbers) {
                const connection = { source: source.end, destination: other, protocol, port };
                const want = evaluate(connection, world.policies, cni, world.unread).decision;
                expect(decisionOf(reach, protocol, port)).toBe(want);
              }
            }
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('agrees with the evaluator on every address outside the cluster', () => {
    fc.assert(
      fc.property(cluster, profile, (world, cni) => {
        const connectivity = new Connectivity(world, cni);
        for (const { index, end } of connectivity.classes) {
          for (const address of addresses.map((text) => parseAddress(text)!)) {
            const outside: End = { kind: 'address', address };
            for (const direction of ['ingress', 'egress'] as const) {
              const found = connectivity.addresses(index, direction).filter((r) => holdsAddress(r.addresses, address));
              expect(found.length).toBeLessThan(2);
              const reach = found[0] ?? { certain: PortSet.empty, possible: PortSet.empty };
              for (const protocol of protocols) {
                for (const port of portNumbers) {
                  const ends =
                    direction === 'ingress'
                      ? { source: outside, destination: end }
                      : { source: end, destination: outside };
                  const want = evaluate({ ...ends, protocol, port }, world.policies, cni, world.unread).decision;
                  expect(decisionOf(reach, protocol, port)).toBe(want);
                }
              }
            }
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('lists, as blocks, exactly what holds between the pairs', () => {
    fc.assert(
      fc.property(cluster, profile, fc.constantFrom(0, 1, 2, 50), (world, cni, wide) => {
        const connectivity = new Connectivity(world, cni, { wide });
        const count = connectivity.classes.length;
        const certain = Array.from({ length: count * count }, () => PortSet.empty);
        const possible = [...certain];
        for (const block of connectivity.blocks()) {
          for (const { index: s } of block.sources) {
            for (const { index: d } of block.destinations) {
              certain[s * count + d] = certain[s * count + d]!.union(block.certain);
              possible[s * count + d] = possible[s * count + d]!.union(block.possible);
            }
          }
        }
        for (let s = 0; s < count; s++) {
          for (let d = 0; d < count; d++) {
            const reach = connectivity.between(s, d);
            expect(`${certain[s * count + d]}`).toBe(`${reach.certain}`);
            expect(`${possible[s * count + d]}`).toBe(`${reach.possible}`);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
});
