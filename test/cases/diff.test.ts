import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listDiff } from '../../lib/analysis/diff/diff';
import type { DiffListing, PortsAtOnce } from '../../lib/model/diff-listing';
import type { Protocol } from '../../lib/sets/port-set';
import { PortSet } from '../../lib/sets/port-set';
import { casesAt } from '../support/cases';
import { ConnectionList } from '../support/connection-list';
import { addressesIn, pairsOf, reachOf } from '../support/diff-listing';
import { cellsOf, clusterOfStep, type Matrix, type MatrixStep } from '../support/matrix-case';
import {
  analyserFolder,
  analyserProfile,
  clusterIn,
  expectedDifference,
  linesOf,
  nameOf,
} from '../support/netpol-analyzer';
import { profileWith } from '../support/profile';

const pairs = analyserFolder ? linesOf(readFileSync(join(analyserFolder, 'diff-pairs.tsv'), 'utf8')).slice(1) : [];

describe.skipIf(!analyserFolder)(
  "the differences of np-guard's analyser (skipped where ../shared/cases is absent)",
  () => {
    test.for(pairs.map((line) => line.split('\t') as [string, string, string]))(
      'from %s to %s',
      ([old, current, file]) => {
        const [before, after] = [clusterIn(old), clusterIn(current)];
        const names = new Map(
          [...before.workloads, ...after.workloads].map((w) => [`${w.kind} ${w.namespace}/${w.name}`, nameOf(w)]),
        );
        const listing = listDiff(before, after, analyserProfile);
        const [was, is] = (['before', 'after'] as const).map((side) => listOf(listing, side, names));
        const want = expectedDifference(file);
        expect([was!.lines(), is!.lines()]).toEqual([want.before.lines(), want.after.lines()]);
        expect(listing.connections.length + listing.outside.length > 0).toBe(
          want.before.lines().length + want.after.lines().length > 0,
        );
      },
    );
  },
);

/** What is certain on one side of a difference. */
function listOf(listing: DiffListing, side: 'before' | 'after', names: ReadonlyMap<string, string>): ConnectionList {
  const list = new ConnectionList();
  for (const [key, pair] of pairsOf(listing)) {
    const [source, destination] = key.split(' => ') as [string, string];
    list.addPods(names.get(source)!, names.get(destination)!, pair[side].certain);
  }
  for (const row of listing.outside) {
    const piece = { addresses: addressesIn(row.addresses.ranges), ports: reachOf(row[side] as PortsAtOnce).certain };
    for (const { kind, id } of row.workloads) list.addOutside(names.get(`${kind} ${id}`)!, row.direction, piece);
  }
  return list;
}

interface Step extends MatrixStep {
  readonly probe: { readonly port: number; readonly protocol: Protocol };
  readonly expectedMatrix: Matrix;
}

const file = casesAt('k8s-e2e', 'cases.json');
const suite: { podOrder: string[]; cases: { id: string; title: string; steps: Step[] }[] } = file
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { podOrder: [], cases: [] };

/** Each step against the next of its case, and against the first of the next case: the matrices say what differs on the port that is probed. */
const transitions = suite.cases.flatMap(({ id, title, steps }, n) => {
  const next = suite.cases[n + 1]?.steps[0];
  const later = [...steps.slice(1), ...(next ? [next] : [])];
  return later.map((step, i) => ({ name: `${id} ${title}, step ${i}`, from: steps[i]!, to: step }));
});

describe.skipIf(!file)("the steps of Kubernetes' own e2e suite (skipped where ../shared/cases is absent)", () => {
  test('are 65, so that there are 64 changes', () => expect(transitions).toHaveLength(64));

  test.for(transitions)('$name', ({ from, to }) => {
    const listing = listDiff(clusterOfStep(from), clusterOfStep(to), profileWith({ ipBlockMatchesPods: 'yes' }));
    const listed = pairsOf(listing);
    const probes = [from, to].map(({ probe }) =>
      PortSet.of([{ protocol: probe.protocol, first: probe.port, last: probe.port }]),
    );
    const isSameProbe = `${probes[0]}` === `${probes[1]}`;
    const [old, fresh] = [from, to].map((step) => cellsOf(step.expectedMatrix, suite.podOrder));
    for (const [i, { source, destination, expected }] of old!.entries()) {
      const now = fresh!.find((cell) => cell.source === source && cell.destination === destination)!.expected;
      if (expected === '#' || now === '#') continue;
      const pair = listed.get(`Pod ${source} => Pod ${destination}`);
      // A pair without a row says the same on both sides, on every port.
      if (!pair && isSameProbe) expect([i, now]).toEqual([i, expected]);
      if (!pair) continue;
      const signs = (
        [
          ['before', probes[0]!],
          ['after', probes[1]!],
        ] as const
      ).map(([side, port]) => (port.isSubsetOf(pair[side].certain) ? '.' : 'X'));
      expect(signs).toEqual([expected, now]);
    }
  });
});
