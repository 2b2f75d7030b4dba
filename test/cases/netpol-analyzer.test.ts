import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster, PlacedWorkload } from '../../lib/model/cluster';
import type { Direction } from '../../lib/model/policy';
import { clusterOfTexts } from '../../lib/read/cluster';
import { type AddressSet, addressesOf, addressRanges } from '../../lib/sets/address-set';
import { addressToString } from '../../lib/sets/cidr';
import { IntervalSet } from '../../lib/sets/interval-set';
import { type PortItem, PortSet, protocols } from '../../lib/sets/port-set';
import { casesAt } from '../support/cases';
import { ConnectionList, ipv4, type Piece } from '../support/connection-list';
import { Engines, type Party, type PodParty } from '../support/engines';
import { profileWith } from '../support/profile';

/*
 * Every list and every difference is equal: there is nothing to settle. None of the inputs has an Ingress, so that no list has a line of
 * its `{ingress-controller}`; one that did would not be read.
 */

/**
 * That analyser's reading: an ipBlock never selects pods, and pods of the host network are pods like others. It does not count traffic
 * from a pod's own node, so what is certain is compared.
 */
const profile = profileWith({ ipBlockMatchesPods: 'no', ipBlockMatchesNodes: 'no', selectsHostNetworkPods: 'yes' });

/** What inputs say that no API server takes, and how that analyser understands it. */
const corrections: Readonly<Record<string, readonly { readonly given: string; readonly meant: string }[]>> = {
  // No object has an underscore in its name; an owner has a kind, and one without is listed as a Pod.
  example_pods_w_same_owner_and_labels_gap_with_good_match_expression: [
    { given: 'name: use_common_labels_same_values', meant: 'name: use-common-labels-same-values' },
    { given: '- name: internal-security', meant: '- kind: Pod\n      name: internal-security' },
  ],
  example_pods_w_same_owner_and_labels_gap_with_policy_selector_not_in_gap: [
    { given: 'name: use_common_labels_same_values', meant: 'name: use-common-labels-same-values' },
    { given: '- name: internal-security', meant: '- kind: Pod\n      name: internal-security' },
  ],
  // It reads the names of fields in any case, as Go does.
  netpol_named_port_test_2: [{ given: 'containerport: 3535', meant: 'containerPort: 3535' }],
};

const folder = casesAt('netpol-analyzer');
const expectedFiles = folder ? readdirSync(join(folder, 'expected')) : [];

function clusterIn(name: string): Cluster {
  const path = join(folder!, 'input', name);
  // Results of that analyser lie beside the manifests.
  const files = readdirSync(path).filter((file) => /\.(?:ya?ml|json)$/.test(file) && !file.includes('output'));
  const fixes = corrections[name] ?? [];
  const used = new Set<string>();
  const texts = files.map((file) => {
    let text = readFileSync(join(path, file), 'utf8');
    for (const { given, meant } of fixes) {
      if (text.includes(given)) used.add(given);
      text = text.replaceAll(given, meant);
    }
    return { file, text };
  });
  expect(used.size).toBe(fixes.length);
  return clusterOfTexts(texts);
}

/** Pods are listed as what made them, as in `demo/bank[DaemonSet]`; those that a node made, as themselves. */
function nameOf({ namespace, name, kind, owner }: PlacedWorkload): string {
  const listed = owner && owner.kind !== 'Node' ? owner : { name, kind };
  return `${namespace}/${listed.name}[${listed.kind}]`;
}

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

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

describe.skipIf(!folder)("the lists of np-guard's analyser (skipped where ../shared/cases is absent)", () => {
  test('are 23, of 21 inputs', () => {
    expect(expectedFiles).toHaveLength(23);
    expect(new Set(expectedFiles.map((file) => file.replace(/_connlist_output\..*/, ''))).size).toBe(21);
  });

  test.for(expectedFiles)('%s: the same connections', (file) => {
    const want = expectedIn(file).lines();
    const engines = new Engines(clusterIn(file.replace(/_connlist_output\..*/, '')), profile);
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
      const [wantBefore, wantAfter] = [new ConnectionList(), new ConnectionList()];
      for (const line of linesOf(readFileSync(join(folder!, file), 'utf8')).slice(1)) {
        const [, source, destination, before, after] =
          /^diff-type: \w+, source: (.+), destination: (.+), ref1: (.+), ref2: (.+?)(?:, workloads-diff-info: .*)?$/.exec(
            line,
          )!;
        wantBefore.addLine(source!, destination!, before!);
        wantAfter.addLine(source!, destination!, after!);
      }
      const [from, to] = [old, current].map((name) => new Engines(clusterIn(name), profile)) as [Engines, Engines];
      for (const [engine, lister] of Object.entries(listersOf(from))) {
        const lists = [listWith(from, lister), listWith(to, listersOf(to)[engine]!)] as const;
        const [before, after] = ConnectionList.difference(...lists);
        const want = { engine, before: wantBefore.lines(), after: wantAfter.lines() };
        expect({ engine, before: before.lines(), after: after.lines() }).toEqual(want);
      }
    },
  );
});
