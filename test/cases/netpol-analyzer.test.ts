import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../lib/model/cluster';
import type { Direction } from '../../lib/model/policy';
import { type AddressSet, addressesOf, addressRanges } from '../../lib/sets/address-set';
import { addressToString } from '../../lib/sets/cidr';
import { IntervalSet } from '../../lib/sets/interval-set';
import { type PortItem, PortSet, protocols } from '../../lib/sets/port-set';
import { ConnectionList, ipv4, type Piece } from '../support/connection-list';
import { Engines, type Party, type PodParty } from '../support/engines';
import {
  analyserFolder,
  analyserProfile,
  clusterIn,
  expectedDifference,
  linesOf,
  nameOf,
} from '../support/netpol-analyzer';

/*
 * Every list and every difference is equal: there is nothing to settle. None of the inputs has an Ingress, so that no list has a line of
 * its `{ingress-controller}`; one that did would not be read.
 */

const folder = analyserFolder;
const expectedFiles = folder ? readdirSync(join(folder, 'expected')) : [];

/** How one engine lists what is certainly allowed. */
interface Lister {
  pods(source: PodParty, destination: PodParty): PortSet;
  outside(pod: PodParty, direction: Direction): readonly Piece[];
}

function listersOf(engines: Engines): Readonly<Record<string, Lister>> {
  // Each part by its lowest and highest address.
  const addresses = alikeAddresses(engines.cluster).map((set) => {
    const ranges = addressRanges(set);
    const ends = [ranges[0]!.first, ranges.at(-1)!.last];
    return { set, parties: ends.map((address) => engines.address(addressToString(address))) };
  });
  const ports = alikePorts(engines.cluster);
  const inRanges = (between: (source: Party, destination: Party) => PortSet): Lister => ({
    pods: between,
    outside: (pod, direction) =>
      addresses.map(({ set, parties }) => {
        const [low, high] = parties.map((party) =>
          direction === 'egress' ? between(pod, party) : between(party, pod),
        );
        expect(`${low}`).toBe(`${high}`);
        return { addresses: set, ports: low! };
      }),
  });
  const connectivity: Lister = {
    pods: (source, destination) => engines.reachesBetween(source, destination).connectivity.certain,
    outside: (pod, direction) =>
      engines.addressesOf(pod, direction).map((reach) => ({ addresses: reach.addresses, ports: reach.certain })),
  };
  return {
    connectivity,
    blocks: { ...connectivity, pods: (s, d) => engines.reachesBetween(s, d).blocks!.certain },
    // It says nothing of pods on the host network.
    openWorld: inRanges((s, d) => {
      const { openWorld, connectivity: known } = engines.reachesBetween(s, d);
      return (openWorld ?? known).certain;
    }),
    evaluator: inRanges((s, d) =>
      PortSet.of(ports.filter((p) => engines.verdict(s, d, p.protocol, p.first).decision === 'allowed')),
    ),
  };
}

/** IPv4 in parts that no rule tells apart. */
function alikeAddresses({ policies }: Cluster): AddressSet[] {
  let parts = [ipv4];
  for (const { peers } of policies.flatMap(({ rules }) => rules)) {
    const blocks = peers.flatMap((peer) => (peer.kind === 'addresses' ? [addressesOf(peer.block)] : []));
    const held = IntervalSet.union(blocks);
    parts = parts.flatMap((part) => [part.subtract(held), part.intersect(held)]).filter((part) => !part.isEmpty);
  }
  return parts;
}

/** All ports in ranges that no policy tells apart. */
function alikePorts({ policies, workloads }: Cluster): Extract<PortItem, { first: number }>[] {
  const items = policies.flatMap(({ rules }) => rules.flatMap(({ ports }) => ports.items()));
  const declared = items.some((item) => 'name' in item) ? workloads.flatMap(({ ports }) => ports) : [];
  return protocols.flatMap((protocol) => {
    const starts = new Set([1]);
    for (const item of items) if ('first' in item) starts.add(item.first).add(item.last + 1);
    for (const { number } of declared) starts.add(number).add(number + 1);
    const sorted = [...starts].filter((start) => start <= 65535).sort((a, b) => a - b);
    return sorted.map((first, i) => ({ protocol, first, last: (sorted[i + 1] ?? 65536) - 1 }));
  });
}

function listWith(engines: Engines, lister: Lister): ConnectionList {
  const list = new ConnectionList();
  const pods = engines.cluster.workloads.map((workload) => engines.podOf(workload));
  for (const source of pods) {
    const name = nameOf(source.workload);
    for (const destination of pods) {
      if (source !== destination) list.addPods(name, nameOf(destination.workload), lister.pods(source, destination));
    }
    for (const direction of ['ingress', 'egress'] as const) {
      for (const piece of lister.outside(source, direction)) list.addOutside(name, direction, piece);
    }
  }
  return list;
}

function expectedIn(file: string): ConnectionList {
  const text = readFileSync(join(folder!, 'expected', file), 'utf8');
  const list = new ConnectionList();
  if (file.endsWith('.json')) {
    for (const { src, dst, conn } of JSON.parse(text) as { src: string; dst: string; conn: string }[]) {
      list.addLine(src, dst, conn);
    }
    return list;
  }
  for (const line of linesOf(text)) {
    const [, source, destination, ports] = /^(.+) => (.+) : (.+)$/.exec(line)!;
    list.addLine(source!, destination!, ports!);
  }
  return list;
}

describe.skipIf(!folder)("the lists of np-guard's analyser (skipped where ../shared/cases is absent)", () => {
  test('are 23, of 21 inputs', () => {
    expect(expectedFiles).toHaveLength(23);
    expect(new Set(expectedFiles.map((file) => file.replace(/_connlist_output\..*/, ''))).size).toBe(21);
  });

  test.for(expectedFiles)('%s: the same connections', (file) => {
    const want = expectedIn(file).lines();
    const engines = new Engines(clusterIn(file.replace(/_connlist_output\..*/, '')), analyserProfile);
    for (const [engine, lister] of Object.entries(listersOf(engines))) {
      expect({ engine, lines: listWith(engines, lister).lines() }).toEqual({ engine, lines: want });
    }
  });
});

const pairs = folder ? linesOf(readFileSync(join(folder, 'diff-pairs.tsv'), 'utf8')).slice(1) : [];

describe.skipIf(!folder)('the differences that it finds (skipped where ../shared/cases is absent)', () => {
  test('are of 8 pairs', () => expect(pairs).toHaveLength(8));

  test.for(pairs.map((line) => line.split('\t') as [string, string, string]))(
    'from %s to %s: the same connections before and after',
    ([old, current, file]) => {
      const { before: wantBefore, after: wantAfter } = expectedDifference(file);
      const [from, to] = [old, current].map((name) => new Engines(clusterIn(name), analyserProfile)) as [
        Engines,
        Engines,
      ];
      for (const [engine, lister] of Object.entries(listersOf(from))) {
        const lists = [listWith(from, lister), listWith(to, listersOf(to)[engine]!)] as const;
        const [before, after] = ConnectionList.difference(...lists);
        const want = { engine, before: wantBefore.lines(), after: wantAfter.lines() };
        expect({ engine, before: before.lines(), after: after.lines() }).toEqual(want);
      }
    },
  );
});
