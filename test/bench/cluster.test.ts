import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../lib/model/cluster';
import type { Policy, Rule } from '../../lib/model/policy';
import { readCluster } from '../../lib/read/cluster';
import { calleesOf, namespaceOf, type PolicyLayout, portOf, writeCluster } from './cluster';

const size = 230;
const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function written(layout: PolicyLayout): Promise<Cluster> {
  writeCluster(join(folder, layout), size, layout);
  return readCluster([join(folder, layout)], { cwd: folder, stdin: () => '' });
}

const cluster = written('documents');

/** What a rule opens, as in `from ns-0/w1 on 80/TCP`; undefined unless it is about one workload. */
function edgeOf({ direction, peers, ports }: Rule): string | undefined {
  const [peer] = peers;
  if (peers.length !== 1 || peer?.kind !== 'pods') return undefined;
  const [namespace] = peer.namespaces.valuesOf('kubernetes.io/metadata.name') ?? [];
  const [app] = peer.pods.valuesOf('app') ?? [];
  return namespace && app && `${direction === 'egress' ? 'to' : 'from'} ${namespace}/${app} on ${ports}`;
}

function peersOf({ peers }: Rule): string {
  const texts = peers.map((peer) => {
    if (peer.kind === 'pods') return `pods {${peer.pods}} of namespaces {${peer.namespaces}}`;
    return peer.kind === 'addresses' ? `${peer.block.cidr} without ${peer.block.except}` : 'everyone';
  });
  return texts.join(', ');
}

const edgesOf = ({ rules }: Policy) => rules.map(edgeOf).filter((edge) => edge !== undefined);

describe('the cluster that is benched', () => {
  it('has namespaces of 20 workloads', async () => {
    const { namespaces, workloads } = await cluster;
    expect(workloads).toHaveLength(size);
    expect(namespaces).toHaveLength(Math.ceil(size / 20));
    expect(workloads.filter(({ namespace }) => namespace === 'ns-3').map(({ name }) => name)).toEqual(
      Array.from({ length: 20 }, (_, k) => `w${60 + k}`),
    );
  });

  it('denies by default in both directions in each namespace', async () => {
    const { namespaces, policies } = await cluster;
    const denials = policies.filter(({ pods, rules }) => pods.isEverything && rules.length === 0);
    expect(denials.map(({ namespace }) => namespace).sort()).toEqual(namespaces.map(({ name }) => name).sort());
    for (const { isolates } of denials) expect([...isolates].sort()).toEqual(['egress', 'ingress']);
  });

  it('opens two edges from each workload to others, on both sides and on the port of the callee', async () => {
    const { policies } = await cluster;
    const edges = new Map(policies.map((policy) => [policy.name, edgesOf(policy)] as const));
    for (const [i, callees] of calleesOf(size).entries()) {
      expect(new Set([i, ...callees]).size).toBe(3);
      const outgoing = edges.get(`w${i}`)!.filter((edge) => edge.startsWith('to '));
      expect(outgoing).toEqual(callees.map((j) => `to ${namespaceOf(j)}/w${j} on ${portOf(j)}/TCP`));
      for (const j of callees) expect(edges.get(`w${j}`)).toContain(`from ${namespaceOf(i)}/w${i} on ${portOf(j)}/TCP`);
    }
    const count = [...edges.values()].reduce((sum, list) => sum + list.length, 0);
    expect(count).toBe(4 * size);
  });

  it('has ten ports', async () => {
    const { workloads } = await cluster;
    expect(new Set(workloads.flatMap(({ ports }) => ports.map(({ number }) => number))).size).toBe(10);
  });

  it('has some wide selectors, ranges of addresses and ranges of ports', async () => {
    const { policies } = await cluster;
    const others = policies.flatMap(({ rules }) => rules).filter((rule) => edgeOf(rule) === undefined);
    expect(others.map((rule) => `${rule.policy.name}: ${peersOf(rule)} on ${rule.ports}`).sort()).toEqual([
      'w103: pods {} of namespaces {} on 5432/TCP',
      'w105: 10.0.0.0/8 without 10.1.0.0/16 on 443/TCP',
      'w107: pods {} of namespaces {team=t1} on 8000-8999/TCP',
      'w203: pods {} of namespaces {} on 5432/TCP',
      'w205: 10.0.0.0/8 without 10.1.0.0/16 on 443/TCP',
      'w207: pods {} of namespaces {team=t1} on 8000-8999/TCP',
      'w3: pods {} of namespaces {} on 5432/TCP',
      'w5: 10.0.0.0/8 without 10.1.0.0/16 on 443/TCP',
      'w7: pods {} of namespaces {team=t1} on 8000-8999/TCP',
    ]);
  });

  it('means the same where its policies are lists', async () => {
    const shown = ({ policies }: Cluster) =>
      policies
        .flatMap(({ namespace, name, pods, isolates, rules }) => [
          `${namespace}/${name} isolates {${pods}} for ${isolates}`,
          ...rules.map((rule) => `${namespace}/${name}: ${rule.direction} ${peersOf(rule)} on ${rule.ports}`),
        ])
        .sort();
    const lists = await written('lists');
    expect(shown(lists)).toEqual(shown(await cluster));
    expect(lists.workloads).toHaveLength(size);
  });

  it('has no policies where none are asked for', async () => {
    const { policies, workloads } = await written('none');
    expect(policies).toEqual([]);
    expect(workloads).toHaveLength(size);
  });
});
