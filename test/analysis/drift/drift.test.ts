import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { driftOf, namespaceDrift } from '../../../lib/analysis/drift/drift';
import { driftDescriptors, driftRules } from '../../../lib/analysis/drift/drift-rules';
import { DriftWorld } from '../../../lib/analysis/drift/drift-world';
import type { Intended } from '../../../lib/analysis/drift/intended';
import { evaluate } from '../../../lib/analysis/evaluate';
import type { Cluster, PlacedWorkload } from '../../../lib/model/cluster';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import type { Connection, PodEnd } from '../../../lib/model/connection';
import { clusterOfTexts } from '../../../lib/read/cluster';
import { cluster as arbitraryCluster, portNumbers, protocols } from '../../support/arbitrary-cluster';

const ownedAs = (construct: string) =>
  `labels: {app.kubernetes.io/managed-by: tierwall}, annotations: {tierwall.dev/source: ${construct}}`;
const owned = ownedAs('production/shop');
const policy = (name: string, spec: string, metadata = owned) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop, ${metadata}}\nspec: ${spec}\n`;
const pod = (name: string, labels: string, more = '') =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {${labels}}${more}}\nspec: {containers: [{name: a, ports: [{containerPort: 6379}]}]}\n`;
const deployment = (name: string, labels: string) =>
  `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec: {selector: {matchLabels: {${labels}}}, template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: a}]}}}\n`;
const namespace = (name: string) => `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;

const deny = policy('tierwall-default-deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const from = (app: string, port: number) =>
  `{podSelector: {matchLabels: {app: redis}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}]}`;
const redis = policy('tierwall-redis', from('cart', 6379));
const pods = [pod('redis', 'app: redis'), pod('cart', 'app: cart'), pod('web', 'app: web')].join('');
const allCart = policy(
  'tierwall-cart',
  '{podSelector: {matchLabels: {app: cart}}, policyTypes: [Egress], egress: [{}]}',
);
const allWeb = policy('tierwall-web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{}]}');
const meant = [deny, redis, allCart, allWeb].join('');

function intendedOf(cluster: Cluster): Intended {
  return { cluster, declaredAt: () => undefined, intentsOf: () => [] };
}

function drift(intended: string, live: string): string[] {
  const read = (text: string) => clusterOfTexts([{ file: 'all.yaml', text: text + namespace('shop') }]);
  return driftOf(new DriftWorld(intendedOf(read(intended)), read(live))).map(
    ({ rule, severity, message }) => `${severity} ${rule}: ${message}`,
  );
}

describe('policies', () => {
  it('that are as they are meant to be are no drift', () => {
    expect(drift(meant, meant + pods)).toEqual([]);
  });

  it('that say the same in other words are no drift', () => {
    const said = policy(
      'tierwall-redis',
      '{podSelector: {matchExpressions: [{key: app, operator: In, values: [redis]}]}, policyTypes: [Egress, Ingress], ingress: [{ports: [{port: 6379, protocol: TCP, endPort: 6379}, {port: 6379}], from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: cart}}}]}]}',
    );
    expect(drift(meant, deny + said + allCart + allWeb + pods)).toEqual([]);
  });

  it('that are missing close what they allow', () => {
    expect(drift(meant, deny + allCart + allWeb + pods)).toEqual([
      'error require-policy: `shop/tierwall-redis` is not in the cluster: closes shop/cart → shop/redis on 6379/TCP',
    ]);
  });

  it('a default deny that is missing opens what nothing else isolates', () => {
    expect(drift(meant, redis + allCart + allWeb + pods)).toEqual([
      'error require-default-deny: `shop/tierwall-default-deny` is not in the cluster as it is meant to be, so that pods are not isolated: opens every pod → shop/cart, shop/web, and 3 more',
    ]);
  });

  it('that were changed open and close', () => {
    expect(drift(meant, deny + policy('tierwall-redis', from('web', 6379)) + allCart + allWeb + pods)).toEqual([
      'error no-changed-policy: `shop/tierwall-redis` means something else in the cluster: opens shop/web → shop/redis on 6379/TCP; closes shop/cart → shop/redis on 6379/TCP',
    ]);
  });

  it('that let in every pod and address, where everyone is meant, close to nodes what only some plugins take them for', () => {
    const open = (from: string) =>
      policy('tierwall-cart', `{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress], ingress: [${from}]}`);
    const everyone = deny + open('{}');
    const each =
      deny + open("{from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]}");
    const nodes = 'nodes, and pods on their network, that no selector or ipBlock picks → shop/cart';
    const changed = 'error no-changed-policy: `shop/tierwall-cart` means something else in the cluster';
    expect(drift(everyone, each + pod('cart', 'app: cart'))).toEqual([`${changed}: closes ${nodes}`]);
    expect(drift(each, everyone + pod('cart', 'app: cart'))).toEqual([`${changed}: opens ${nodes}`]);
  });

  it('of somebody else that open more are named, and those that open nothing are a note', () => {
    const other = policy('handmade', from('web', 6379), '');
    expect(drift(meant, meant + other + pods)).toEqual([
      'error no-widening-policy: `shop/handmade` is not from the code, and opens more: opens shop/web → shop/redis on 6379/TCP',
    ]);
    expect(drift(meant, meant + policy('handmade', from('cart', 6379), '') + pods)).toEqual([
      'info no-extra-policy: `shop/handmade` is not from the code; it opens nothing that is not declared',
    ]);
  });

  it('that the code no longer gives are left over; the one that took a name is not ours', () => {
    const old = (port: number) => policy('tierwall-old', from('cart', port), ownedAs('production/shop/old'));
    expect(drift(meant, meant + old(6379) + pods)).toEqual([
      'warning no-leftover-policy: `shop/tierwall-old` is no longer in the code (it was `production/shop/old`)',
    ]);
    expect(drift(meant, meant + old(1) + pods)).toEqual([
      'error no-leftover-policy: `shop/tierwall-old` is no longer in the code (it was `production/shop/old`): opens shop/cart → shop/redis on 1/TCP',
    ]);
    expect(drift(meant, deny + policy('tierwall-redis', from('cart', 6379), '') + allCart + allWeb + pods)).toEqual([
      "error no-taken-name: `shop/tierwall-redis` in the cluster is not tierwall's",
    ]);
  });

  it('that carry the label, and that no environment of the code gave, are of somebody else', () => {
    const copied = policy('tierwall-debug', from('web', 6379), 'labels: {app.kubernetes.io/managed-by: tierwall}');
    expect(drift(meant, meant + copied + pods)).toEqual([
      'error no-widening-policy: `shop/tierwall-debug` is not from the code, and opens more: opens shop/web → shop/redis on 6379/TCP',
    ]);
  });

  it('of which somebody took the label stay ours by their field manager', () => {
    const unlabelled = policy(
      'tierwall-redis',
      from('cart', 6379),
      'managedFields: [{manager: tierwall, operation: Apply}]',
    );
    expect(drift(meant, deny + unlabelled + allCart + allWeb + pods)).toEqual([]);
  });

  it('of a kind that is not read leave it open', () => {
    const cilium = '---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\n';
    const calico = '---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: g}\n';
    expect(drift(meant, meant + pods + cilium + calico)).toEqual([
      'warning no-unread-policy: CiliumNetworkPolicy `shop/c` is of a kind that is not read',
      'warning no-unread-policy: GlobalNetworkPolicy `g` is of a kind that is not read',
    ]);
  });
});

describe('workloads', () => {
  const owner = ', ownerReferences: [{kind: Deployment, name: redis, controller: true}]';

  it('that no longer carry the labels of their policy have left it', () => {
    expect(drift(meant, meant + deployment('redis', 'app: redis-7'))).toEqual([
      'error require-workload-policy: Deployment `shop/redis` has left `shop/tierwall-redis`: it has `app=redis-7`, and the policy asks for `app=redis`',
    ]);
  });

  it('a pod that was labelled otherwise has left the policy of its workload, and may be under another one', () => {
    const live = meant + deployment('redis', 'app: redis') + pod('redis-x', 'app: web', owner);
    expect(drift(meant, live)).toEqual([
      'error require-workload-policy: Pod `shop/redis-x` has left `shop/tierwall-redis`: it has `app=web`, and the policy asks for `app=redis`, unlike its Deployment `shop/redis`',
      'error no-borrowed-policy: Pod `shop/redis-x` is under `shop/tierwall-web`, by the labels `app=web`, which its Deployment `shop/redis` does not give it',
    ]);
  });

  it('a pod that its controller let go of since it was labelled otherwise is known by its name', () => {
    const replicaSet = deployment('redis-5f6d', 'app: redis, pod-template-hash: 5f6d')
      .replace('Deployment', 'ReplicaSet')
      .replace('name: redis-5f6d', `name: redis-5f6d${owner}`);
    const of = (kind: string) =>
      deployment('redis', 'app: redis')
        .replace('Deployment', kind)
        .replace('apps/v1', kind === 'Job' ? 'batch/v1' : 'apps/v1');
    for (const [kind, name, labels, more] of [
      ['Deployment', 'redis-5f6d-x7k2p', 'pod-template-hash: 5f6d', replicaSet],
      ['StatefulSet', 'redis-0', 'controller-revision-hash: redis-1, statefulset.kubernetes.io/pod-name: redis-0', ''],
      ['DaemonSet', 'redis-x7k2p', 'controller-revision-hash: redis-1', ''],
      ['Job', 'redis-x7k2p', 'batch.kubernetes.io/job-name: redis', ''],
    ] as const) {
      expect(drift(meant, meant + of(kind) + more + pod(name, `app: web, ${labels}`))).toEqual([
        `error require-workload-policy: Pod \`shop/${name}\` has left \`shop/tierwall-redis\`: it has \`app=web\`, and the policy asks for \`app=redis\`, unlike its ${kind} \`shop/redis\``,
        `error no-borrowed-policy: Pod \`shop/${name}\` is under \`shop/tierwall-web\`, by the labels \`app=web\`, which its ${kind} \`shop/redis\` does not give it`,
      ]);
    }
  });

  it('a pod under the policy of its ReplicaSet is that of the Deployment, of which the ReplicaSet is', () => {
    const replicaSet = deployment('redis-5f6d', 'app: redis')
      .replace('Deployment', 'ReplicaSet')
      .replace('name: redis-5f6d', `name: redis-5f6d${owner}`);
    const own = ', ownerReferences: [{kind: ReplicaSet, name: redis-5f6d, controller: true}]';
    expect(drift(meant, meant + deployment('redis', 'app: redis') + replicaSet + pod('x', 'app: web', own))).toEqual([
      expect.stringContaining('has left `shop/tierwall-redis`'),
      expect.stringContaining('which its Deployment `shop/redis` does not give it'),
    ]);
  });

  it('a pod that nothing runs, under the policy of a workload, is told', () => {
    const run = meant + deployment('redis', 'app: redis');
    expect(drift(meant, run + pod('thief', 'app: redis'))).toEqual([
      'warning no-borrowed-policy: Pod `shop/thief` is under `shop/tierwall-redis`, by the labels `app=redis`, as Deployment `shop/redis` is, and nothing runs it',
    ]);
    const custom = ', ownerReferences: [{kind: Rollout, name: redis, controller: true}]';
    expect(drift(meant, run + pod('redis-1', 'app: redis', custom) + pod('cart', 'app: cart'))).toEqual([]);
  });

  it('that no policy selects are a note', () => {
    expect(drift(meant, meant + pod('debug', 'app: debug'))).toEqual([
      'info no-unnamed-workload: no policy but the default deny selects Pod `shop/debug`',
    ]);
  });
});

describe('namespaces', () => {
  it('that are not there are one finding', () => {
    const read = (text: string) => clusterOfTexts([{ file: 'all.yaml', text }]);
    const found = driftOf(new DriftWorld(intendedOf(read(meant)), read(namespace('other'))));
    expect(found.map(({ message }) => message)).toEqual([
      'namespace `shop` is not in the cluster, and so are none of its 4 policies',
    ]);
  });

  it('that lost labels which policies ask for, or got such ones, are told, and other labels are no drift', () => {
    const labelled = (labels: string) =>
      `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`;
    const team = policy(
      'tierwall-team',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}',
    );
    const found = (declared: string, is: string) => {
      const read = (text: string) => clusterOfTexts([{ file: 'all.yaml', text }]);
      const world = new DriftWorld(intendedOf(read(deny + team + declared)), read(deny + team + is));
      return driftOf(world).map(({ rule, message }) => `${rule}: ${message}`);
    };
    const told = 'no-relabelled-namespace: namespace `shop` has other labels than the app gives it';
    expect(found(labelled('team: a'), labelled('team: b'))).toEqual([
      `${told}: \`shop/tierwall-team ingress[0]\`, which asks for \`team=a\`, no longer lets its pods connect`,
    ]);
    expect(found(labelled('team: b'), labelled('team: a'))).toEqual([
      `${told}: \`shop/tierwall-team ingress[0]\`, which asks for \`team=a\`, lets its pods connect`,
    ]);
    expect(found(labelled('team: a'), labelled('team: a, other: x'))).toEqual([]);
    expect(found(labelled('team: a, other: x'), labelled('team: a'))).toEqual([]);
    expect(found('', labelled('team: a'))).toEqual([]);
  });

  it('that the app does not declare, and that are open, are a note', () => {
    const other = namespace('dev') + pod('x', 'a: b').replace('namespace: shop', 'namespace: dev');
    expect(drift(meant, meant + pods + other)).toEqual([
      'info require-default-deny: namespace `dev`, which the app does not declare, has no default deny for ingress and egress, with one workload in it',
    ]);
  });
});

const end = (workload: PlacedWorkload, { namespaces }: Cluster): PodEnd => ({
  kind: 'pod',
  namespace: workload.namespace,
  namespaceLabels: namespaces.find(({ name }) => name === workload.namespace)!.labels,
  labels: workload.podLabels,
  ports: workload.ports,
  network: 'pod',
  addresses: [],
});

test('whatever one side of a connection is decided otherwise, its namespace has an effect; and what has none is decided alike', () => {
  const profile = {
    ...defaultProfile,
    facts: { ...defaultProfile.facts, ipBlockMatchesPods: { value: 'no' as const } },
  };
  let [same, different] = [0, 0];
  fc.assert(
    fc.property(arbitraryCluster, arbitraryCluster, fc.boolean(), (one, other, alike) => {
      const meantPolicies = alike ? one.policies : other.policies;
      const live = { ...one, unread: [] };
      const world = new DriftWorld(intendedOf({ ...one, policies: meantPolicies }), live);
      const effects = new Map(
        live.namespaces.map(({ name }) => [name, namespaceDrift(world, name).flatMap((found) => found.effects)]),
      );
      for (const [i, a] of live.workloads.entries()) {
        for (const [j, b] of live.workloads.entries()) {
          if (i === j) continue;
          for (const protocol of protocols) {
            for (const port of portNumbers) {
              const connection: Connection = { source: end(a, live), destination: end(b, live), protocol, port };
              const now = evaluate(connection, live.policies, profile);
              const then = evaluate(connection, meantPolicies, profile);
              for (const direction of ['egress', 'ingress'] as const) {
                const subject = direction === 'egress' ? a : b;
                // What the app does not manage is judged by itself.
                if (!world.intendedPolicies.has(subject.namespace)) continue;
                if (now[direction].decision === then[direction].decision) {
                  same++;
                  continue;
                }
                different++;
                const kind = now[direction].decision === 'allowed' ? 'opens' : 'closes';
                expect(effects.get(subject.namespace)!.map((effect) => effect.kind)).toContain(kind);
              }
            }
          }
        }
      }
      if (alike) expect([...effects.values()].flat()).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(Math.min(same, different)).toBeGreaterThan(100);
});

test('every rule has an id of its own, that says what it forbids or demands', () => {
  expect(driftDescriptors.length).toBe(Object.keys(driftRules).length);
  expect(new Set(driftDescriptors.map(({ id }) => id)).size).toBe(driftDescriptors.length);
  for (const { id } of driftDescriptors) expect(id).toMatch(/^(?:no|require)-/);
});
