import { type App, Testing } from 'cdk8s';
import { AllowFrom, anyPort, Environment, Namespace, type NetworkPolicy, Peer, Port, Service, Tier } from 'tierwall';
import { describe, expect, it } from 'vitest';
import { type Proof, prove, sourceOf } from '../../../lib/analysis/prove/prove';
import { synthesize } from '../../../lib/constructs/synthesizer';
import type { Policy } from '../../../lib/model/policy';
import { clusterOfObjects } from '../../../lib/read/cluster';

/** A shop with one of everything that changes what is written. */
function shop(): App {
  const app = Testing.app();
  const prod = new Environment(app, 'prod', { apiServer: { cidrs: ['192.0.2.10/32'], port: 6443 } });
  const front = new Namespace(prod, 'front', { team: 'web' });
  const back = new Namespace(prod, 'back', { team: 'web' });
  const tier = new Tier(back, 'api');
  const frontend = new Service(front, 'frontend', { ports: { http: 8080 } });
  const cart = new Service(tier, 'cart', { ports: { grpc: 7070, metrics: Port.named('metrics') } });
  const orders = new Service(tier, 'orders', { ports: { grpc: 7071, debug: '9000-9010' } });
  const redis = new Service(back, 'redis', { ports: { redis: 6379 } });
  const old = new Service(back, 'old', { ports: anyPort(), labels: { app: 'old', version: '1' } });
  frontend.allowFrom(Peer.internet({ via: 'direct' }), { because: 'shoppers' });
  tier.allowFrom(frontend, { ports: ['grpc'] });
  redis.allowFrom(tier);
  cart.allowTo(orders, { ports: ['debug'] });
  orders.allowTo(Peer.cidr('203.0.113.0/24', { except: ['203.0.113.7/32'] }), { ports: ['443'], because: 'payments' });
  cart.allowTo(Peer.apiServer(), { because: 'leases' });
  old.allowFrom(back, { because: 'everything of the namespace' });
  new AllowFrom(old, 'watchers', {
    from: Peer.namespaces({ labels: { monitored: 'yes' } }),
    ports: ['9100'],
    because: 'metrics',
  });
  return app;
}

function proofOf(app: App, change: (policies: NetworkPolicy[]) => unknown[] = (policies) => policies): Proof {
  const { program, issues, namespaces } = synthesize(app);
  expect(issues).toEqual([]);
  const objects = change(structuredClone(namespaces.flatMap((n) => [n.defaultDeny, ...n.policies])) as NetworkPolicy[]);
  const policies = new Map<string, readonly Policy[]>(
    program.environments.map(({ cluster }) => [cluster, clusterOfObjects(objects).policies] as const),
  );
  return prove(program, program.intents, policies);
}

const find = (policies: NetworkPolicy[], name: string) =>
  policies.find((p) => p.metadata.name === name) as never as {
    spec: {
      podSelector: Record<string, unknown>;
      policyTypes: string[];
      ingress?: Record<string, unknown>[];
      egress?: Record<string, unknown>[];
    };
  };

describe('the proof that policies mean what is declared', () => {
  it('holds for what is synthesized', () => {
    const proof = proofOf(shop());
    expect(proof.differences.map((d) => [d.kind, sourceOf(d), d.witness])).toEqual([]);
    expect(proof.verdict).toBe('equal');
    expect(proof.statements).toBeGreaterThan(40);
  });

  it('fails for every rule that is taken away, for its side, with the intent that is lost', () => {
    const all = synthesize(shop()).namespaces.flatMap((n) => n.policies);
    let removed = 0;
    for (const { metadata, spec } of all) {
      for (const side of ['ingress', 'egress'] as const) {
        for (const [index] of (spec[side] ?? []).entries()) {
          removed++;
          const proof = proofOf(shop(), (policies) => {
            find(policies, metadata.name).spec[side]!.splice(index, 1);
            return policies;
          });
          expect(proof.verdict).toBe('different');
          expect(new Set(proof.differences.map((d) => `${d.kind} ${d.direction}`))).toEqual(
            new Set([`missing ${side}`]),
          );
        }
      }
    }
    expect(removed).toBeGreaterThan(10);
  });

  it('fails for every rule that is widened by its peers or its ports, with that rule', () => {
    const all = synthesize(shop()).namespaces.flatMap((n) => n.policies);
    for (const { metadata, spec } of all) {
      for (const side of ['ingress', 'egress'] as const) {
        for (const [index, rule] of (spec[side] ?? []).entries()) {
          for (const field of ['ports', side === 'ingress' ? 'from' : 'to']) {
            if (!(field in rule)) continue;
            const proof = proofOf(shop(), (policies) => {
              delete find(policies, metadata.name).spec[side]![index]![field];
              return policies;
            });
            expect([metadata.name, field, proof.verdict]).toEqual([metadata.name, field, 'different']);
            const extra = proof.differences.find((d) => d.kind === 'extra')!;
            expect(sourceOf(extra)).toContain(`${metadata.name} ${side}[${index}]`);
          }
        }
      }
    }
  });

  it('fails where the default deny is gone, naming pods that nothing isolates', () => {
    const proof = proofOf(shop(), (policies) =>
      policies.filter((p) => p.metadata.name !== 'tierwall-default-deny' || p.metadata.namespace !== 'back'),
    );
    expect(proof.differences.map((d) => sourceOf(d))).toContain('no policy isolates the pods');
    const [{ witness }] = proof.differences as [Proof['differences'][number]];
    expect('labels' in witness.source && witness.source.labels).toBeDefined();
  });

  it('fails where a policy isolates in one direction only', () => {
    const proof = proofOf(shop(), (policies) => {
      for (const policy of policies) {
        (policy.spec as unknown as { policyTypes: string[] }).policyTypes = ['Ingress'];
        delete (policy.spec as { egress?: unknown }).egress;
      }
      return policies;
    });
    expect(new Set(proof.differences.map((d) => `${d.kind} ${d.direction}`))).toEqual(new Set(['extra egress']));
  });

  it('fails where an address is let in that is excluded', () => {
    const proof = proofOf(shop(), (policies) => {
      const { spec } = find(policies, 'tierwall-orders');
      for (const rule of spec.egress ?? [])
        for (const peer of (rule.to ?? []) as { ipBlock?: { except?: string[] } }[]) delete peer.ipBlock?.except;
      return policies;
    });
    expect(proof.differences.map(({ kind, witness }) => [kind, witness.destination, witness.port])).toEqual([
      ['extra', { address: '203.0.113.7' }, '443/TCP'],
    ]);
  });

  it('is not misled by policies that say the same in another way', () => {
    const proof = proofOf(shop(), (policies) =>
      policies.flatMap((policy) => {
        const { ingress = [], egress = [] } = policy.spec;
        const one = (side: 'ingress' | 'egress', rule: unknown, n: number) => ({
          ...policy,
          metadata: { ...policy.metadata, name: `${policy.metadata.name}-${side}-${n}` },
          spec: {
            podSelector: policy.spec.podSelector,
            policyTypes: [side === 'ingress' ? 'Ingress' : 'Egress'],
            [side]: [rule],
          },
        });
        const bare = { ...policy, spec: { podSelector: policy.spec.podSelector, policyTypes: ['Ingress', 'Egress'] } };
        return [
          bare,
          ...ingress.map((rule, n) => one('ingress', rule, n)),
          ...egress.map((rule, n) => one('egress', rule, n)),
        ];
      }),
    );
    expect(proof.verdict).toBe('equal');
  });
});
