import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DiffOptions, listDiff } from '../../../lib/analysis/diff/diff';
import { equivalence } from '../../../lib/analysis/prove/equivalence';
import type { PlacedWorkload } from '../../../lib/model/cluster';
import { holdsAddress } from '../../../lib/sets/address-set';
import { parseAddress } from '../../../lib/sets/cidr';
import { PortSet, type Protocol } from '../../../lib/sets/port-set';
import { change, reworded } from '../../support/arbitrary-change';
import { addresses, cluster, profile } from '../../support/arbitrary-cluster';
import { addressesIn, pairsOf, reachOf } from '../../support/diff-listing';
import { Engines, type Party } from '../../support/engines';
import { profileWith } from '../../support/profile';

const idOf = ({ kind, namespace, name }: Pick<PlacedWorkload, 'kind' | 'namespace' | 'name'>) =>
  `${kind} ${namespace}/${name}`;
const ports = (
  [
    ['TCP', 80],
    ['TCP', 79],
    ['UDP', 90],
    ['SCTP', 81],
  ] as const
).map(([protocol, port]) => ({ protocol, port }));

function decisionAt(reach: ReturnType<typeof reachOf> | undefined, protocol: Protocol, port: number) {
  if (!reach) return 'denied';
  const one = PortSet.of([{ protocol, first: port, last: port }]);
  return one.isSubsetOf(reach.certain) ? 'allowed' : one.isSubsetOf(reach.possible) ? 'unknown' : 'denied';
}

const exact = profileWith({ ipBlockMatchesPods: 'no', ipBlockMatchesNodes: 'no', selectsHostNetworkPods: 'yes' });

/** Small limits, so that groups and exceptions come up in tiny clusters too. */
const options: fc.Arbitrary<DiffOptions> = fc.record({
  few: fc.constantFrom(0, 1000),
  wide: fc.constantFrom(0, 1, 50),
  mostSplit: fc.constantFrom(0, 20_000),
});

describe('a difference', () => {
  test('is, cell by cell, that of the naive evaluator on both sides', () => {
    fc.assert(
      fc.property(change, profile, options, ({ before, after }, drawn, how) => {
        const listing = listDiff(before, after, drawn, how);
        const pairs = pairsOf(listing);
        const others = [...pairs.keys()].filter((key) => new Set(key.split(' => ')).size === 2);
        expect(listing.connections.reduce((sum, row) => sum + row.pairs, 0)).toBe(others.length);
        const engines = [new Engines(before, drawn), new Engines(after, drawn)];
        const ids = [...new Set([...before.workloads, ...after.workloads].map(idOf))];
        const pods = engines.map((engine) => new Map(engine.cluster.workloads.map((w) => [idOf(w), engine.podOf(w)])));
        const decisions = (
          endsIn: (state: number) => readonly [Party | undefined, Party | undefined],
          protocol: Protocol,
          port: number,
        ) =>
          engines.map((engine, state) => {
            const [from, to] = endsIn(state);
            return from && to ? engine.verdict(from, to, protocol, port).decision : 'denied';
          });
        for (const { protocol, port } of ports) {
          for (const source of ids) {
            for (const destination of ids.filter((id) => id !== source)) {
              const listed = pairs.get(`${source} => ${destination}`);
              const [was, is] = decisions(
                (state) => [pods[state]!.get(source), pods[state]!.get(destination)],
                protocol,
                port,
              );
              if (!listed) expect(was).toBe(is);
              else
                expect([listed.before, listed.after].map((reach) => decisionAt(reach, protocol, port))).toEqual([
                  was,
                  is,
                ]);
            }
          }
          for (const id of ids) {
            for (const direction of ['ingress', 'egress'] as const) {
              const own = listing.outside.filter(
                (row) => row.direction === direction && row.workloads.some((w) => idOf(w) === id),
              );
              for (const text of addresses) {
                const rows = own.filter((row) => holdsAddress(addressesIn(row.addresses.ranges), parseAddress(text)!));
                expect(rows.length).toBeLessThanOrEqual(1);
                const outside = engines[0]!.address(text);
                const [was, is] = decisions(
                  (state) => {
                    const pod = pods[state]!.get(id);
                    return direction === 'egress' ? [pod, outside] : [outside, pod];
                  },
                  protocol,
                  port,
                );
                const [row] = rows;
                if (!row) expect(was).toBe(is);
                else
                  expect([row.before, row.after].map((side) => decisionAt(reachOf(side), protocol, port))).toEqual([
                    was,
                    is,
                  ]);
              }
            }
          }
        }
      }),
      { numRuns: 120 },
    );
  });

  test('has a cause in every row', () => {
    fc.assert(
      fc.property(change, profile, options, ({ before, after }, drawn, how) => {
        const { connections, outside, isolation, possible } = listDiff(before, after, drawn, how);
        for (const row of [...connections, ...outside, ...isolation, ...possible]) expect(row.causes).not.toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  test('is none between a cluster and the same in other words', () => {
    fc.assert(
      fc.property(
        cluster.chain((given) =>
          reworded(given).map(
            (other) =>
              [
                { ...given, unread: [] },
                { ...other, unread: [] },
              ] as const,
          ),
        ),
        options,
        ([given, other], how) => {
          const listing = listDiff(given, other, exact, how);
          expect({ ...listing, policies: {} }).toMatchObject({
            verdict: 'equal',
            connections: [],
            outside: [],
            possible: [],
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('over every pod that could exist is there exactly if the two are not equivalent', () => {
    fc.assert(
      fc.property(change, ({ before, after }) => {
        const same = {
          before: { ...before, unread: [] },
          after: { ...after, namespaces: before.namespaces, unread: [] },
        };
        const { possible } = listDiff(same.before, same.after, exact);
        expect(possible.length === 0 ? 'equal' : 'different').toBe(equivalence(same.before, same.after).verdict);
      }),
      { numRuns: 150 },
    );
  });

  test('does not depend on the order of the input', () => {
    fc.assert(
      fc.property(change, profile, options, ({ before, after }, drawn, how) => {
        const turned = [before, after].map((c) => ({
          ...c,
          policies: [...c.policies].reverse(),
          workloads: [...c.workloads].reverse(),
        }));
        expect(listDiff(turned[0]!, turned[1]!, drawn, how)).toEqual(listDiff(before, after, drawn, how));
      }),
      { numRuns: 80 },
    );
  });

  test('turned round is the same difference turned round', () => {
    fc.assert(
      fc.property(change, profile, ({ before, after }, drawn) => {
        const [there, back] = [listDiff(before, after, drawn), listDiff(after, before, drawn)];
        const turned = new Map(
          [...pairsOf(back)].map(([key, pair]) => [key, { before: pair.after, after: pair.before }]),
        );
        const texts = (pairs: ReturnType<typeof pairsOf>) =>
          [...pairs]
            .map(
              ([key, pair]) =>
                `${key}: ${pair.before.certain} ${pair.before.possible} > ${pair.after.certain} ${pair.after.possible}`,
            )
            .sort();
        expect(texts(turned)).toEqual(texts(pairsOf(there)));
      }),
      { numRuns: 60 },
    );
  });
});
