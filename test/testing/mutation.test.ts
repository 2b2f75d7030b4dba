import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'cdk8s';
import { Environment, Namespace, Service } from 'tierwall';
import { mutate, type Network, networkOfApp, networkOfText } from 'tierwall/testing';
import { describe, expect, test } from 'vitest';
import { mutateCommand } from '../../lib/cli/commands/mutate';
import { mutationToTxt } from '../../lib/render/mutation/txt';
import { plain } from '../../lib/render/paint';
import { mutationReportSchema } from '../../lib/render/schema/mutation-schema';
import { type Assertion, assertionToString } from '../../lib/testing/assertion';
import { claimsOf } from '../../lib/testing/claims-of';
import { Judge } from '../../lib/testing/mutation/judge';
import { operators } from '../../lib/testing/mutation/mutant';
import { mutantsOf } from '../../lib/testing/mutation/mutants-of';
import { listedTexts } from '../../lib/testing/party';
import { World } from '../../lib/testing/world';
import { schemaErrors } from '../support/json-schema';
import { runCommand } from '../support/run-command';
import { shopText } from './shop';

/** Beside the shop, rules with a list of values, another namespace, and a CIDR. */
const text = `${shopText}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: batch, namespace: shop }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [batch, report] }] }
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 203.0.113.0/25 } }, { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: open } } }]
      ports: [{ port: 443 }, { port: 53, protocol: UDP }]
    - to: [{ podSelector: { matchLabels: { app: redis } } }]
      ports: [{ port: 6379 }]
`;
const network = networkOfText(text, { file: 'shop.yaml', cni: 'cilium' });
const mutants = network.cluster.policies.flatMap((policy) => [...mutantsOf(policy)]);

const run = (assertions: readonly Assertion[], on: Network = network) =>
  mutate([{ network: on, assertions: assertions.map((assertion) => ({ assertion, test: 't' })) }]);

const allow = (from: string, to: string, ...ports: string[]): Assertion => {
  return { kind: 'allow', from: [from], to: [to], ...(ports.length > 0 ? { ports } : {}) };
};
const deny = (from: string, to: string, ...ports: string[]) =>
  ({ ...allow(from, to, ...ports), kind: 'deny' }) as Assertion;

const statements: readonly Assertion[] = [
  allow('shop/frontend', 'shop/cart', 'grpc'),
  allow('203.0.113.7', 'shop/frontend'),
  deny('shop/frontend', 'shop/redis'),
  deny('*{}', 'shop/redis', '8080'),
  deny('10.1.2.3', 'shop/frontend'),
  { kind: 'isolated', who: ['shop{}'], directions: ['ingress'] },
  { kind: 'isolated', who: ['shop/redis'], directions: ['egress'] },
  { kind: 'reachable-only-from', who: ['shop/redis'], listed: [{ peer: ['shop/cart'] }] },
  { kind: 'reach-only', who: ['shop/cart'], listed: [{ peer: ['shop/redis'] }] },
  { kind: 'hold', from: ['open{}'], to: [{ peer: ['shop{app=redis}'] }] },
];

/** A suggested test as what it states. */
function assertionOf(suggested: string): Assertion {
  const [, matcher, list = ''] = /^expect\(network\)\.(\w+)\((.*)\)$/.exec(suggested)!;
  const args = JSON.parse(`[${list.replaceAll("'", '"')}]`);
  switch (matcher) {
    case 'toAllow':
      return allow(args[0], args[1], ...args.slice(2));
    case 'toDeny':
      return deny(args[0], args[1], ...args.slice(2));
    case 'toBeIsolated':
      return { kind: 'isolated', who: [args[0]], directions: args[1] ? [args[1]] : ['ingress', 'egress'] };
    default: {
      const kind = matcher === 'toReachOnly' ? 'reach-only' : 'reachable-only-from';
      return { kind, who: [args[0]], listed: listedTexts(args[1]) };
    }
  }
}

describe('a change of a policy', () => {
  test('is made by every operator, and never the policy that is there', () => {
    expect([...new Set(mutants.map(({ operator }) => operator))].sort()).toEqual([...operators].sort());
    for (const { by, policy } of mutants) expect(by).not.toEqual(policy);
  });

  test('is noticed exactly if one of the claims does not hold of the changed policies', () => {
    for (const assertion of statements) {
      const claims = claimsOf(assertion, network);
      expect(claims.filter((claim) => network.world.check(claim))).toEqual([]);
      const judge = new Judge(network, claims);
      for (const mutant of mutants) {
        const policies = network.cluster.policies.flatMap((p) => (p === mutant.policy ? (mutant.by ?? []) : [p]));
        const world = new World({ ...network.cluster, policies }, network.profile);
        const isNoticed = claims.some((claim) => world.check(claim));
        const kind = judge.judge(mutant);
        expect([mutant.what, kind === 'noticed']).toEqual([mutant.what, isNoticed]);
      }
    }
  });

  test('that the plugin does not enforce is noticed by what it leaves open', () => {
    const ranged = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ranged, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
  ingress: [{ ports: [{ port: 9000, endPort: 9010 }], from: [{ podSelector: { matchLabels: { app: batch } } }] }]
`;
    const facts = { ...network.profile.facts, enforcesEndPort: { value: 'no' as const } };
    const cni = { ...network.profile, facts };
    const widened = (of: string, by: Assertion) => {
      const judged = networkOfText(of, { cni });
      const claims = claimsOf(by, judged);
      expect(claims.filter((claim) => judged.world.check(claim))).toEqual([]);
      const policy = judged.cluster.policies.find(({ name }) => name === 'cart')!;
      const range = [...mutantsOf(policy)].find(({ what }) => what.startsWith('allowed 6379-6380/TCP'))!;
      return new Judge(judged, claims).judge(range);
    };
    expect(widened(shopText, { kind: 'isolated', who: ['shop/cart'], directions: ['ingress'] })).toBe('noticed');
    // Whether the redis is isolated is left open once the range is about it.
    const withRange = networkOfText(`${shopText}${ranged}`, { cni });
    const redis = claimsOf({ kind: 'isolated', who: ['shop/redis'], directions: ['ingress'] }, withRange);
    expect(redis.filter((claim) => withRange.world.check(claim))).toEqual([]);
    const own = withRange.cluster.policies.find(({ name }) => name === 'ranged')!;
    const forAll = [...mutantsOf(own)].find(({ operator }) => operator === 'widen-pod-selector')!;
    expect(new Judge(withRange, redis).judge(forAll)).toBe('noticed');
    // Whether the cart is isolated is open here already, but not that its own policy lets in the frontend.
    expect(widened(`${shopText}${ranged}`, allow('shop/frontend', 'shop/cart', 'grpc'))).toBe('noticed');
  });

  test('is not without effect where only pods of the host network are concerned, and told with a test of them', () => {
    const agent = `
---
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: open, labels: { app: agent } }
spec: { hostNetwork: true, containers: [{ name: agent, image: agent, ports: [{ name: metrics, containerPort: 9100 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: agent, namespace: open }
spec: { podSelector: { matchLabels: { app: agent } }, policyTypes: [Ingress], ingress: [] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-to-agent, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 9100 }], to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: open } }, podSelector: { matchLabels: { app: agent } } }] }]
`;
    const withAgent = networkOfText(`${shopText}${agent}`);
    const widened = run([], withAgent).survivors.find(({ what }) =>
      what.endsWith('allowed 9100-9101/TCP, not only 9100/TCP'),
    );
    expect(widened).toMatchObject({
      effect: 'opened',
      connection: 'shop/cart → open/agent on 9101/TCP',
      test: "expect(network).toReachOnly('shop/cart', ['shop{app=redis} on 6379/TCP', 'open{app=agent} on 9100/TCP'])",
    });
  });

  test('is not without effect where it is about peers that no test can name: nodes that no selector picks, and pods at addresses, on ports by name', () => {
    const web = (egress: string, cni: string) =>
      run(
        [],
        networkOfText(
          `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [${egress}] }
`,
          { cni },
        ),
      );
    const everybody = `{ to: [{ namespaceSelector: {} }, { ipBlock: { cidr: 0.0.0.0/0 } }, { ipBlock: { cidr: '::/0' } }], ports: [{ port: 80 }] }`;
    const admitted = ({ survivors }: ReturnType<typeof web>) =>
      survivors.find(({ operator }) => operator === 'admit-everyone');
    expect(admitted(web(everybody, 'cilium'))).toMatchObject({
      effect: 'opened',
      connection: 'shop{app=web} → nodes, and pods on their network on 80/TCP',
      test: '',
      noticed: 'by-no-test',
    });
    // There, nodes are told by their addresses.
    expect(admitted(web(everybody, 'calico'))).toBeUndefined();

    const byName = ['10.0.0.0/8', '192.168.0.0/16']
      .map((cidr) => `{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: http }] }`)
      .join(', ');
    const narrowed = ({ survivors }: ReturnType<typeof web>) =>
      survivors.find(({ operator }) => operator === 'narrow-cidr');
    expect(narrowed(web(byName, 'calico'))).toMatchObject({
      effect: 'closed',
      connection: 'shop{app=web} → a pod at 10.128.0.0 on http/TCP (whatever its number)',
      test: '',
      noticed: 'by-no-test',
    });
    expect(narrowed(web(byName, 'cilium'))).toBeUndefined();
  });

  test('is not told with a connection of a pod to itself, which policies have no say in', () => {
    const alone = networkOfText(`
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: own, image: own, ports: [{ containerPort: 80 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: all, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] }
`);
    const told = run([], alone).survivors.map(({ connection }) => connection);
    expect(told).toContain('shop{} → shop/web on 81/TCP');
    expect(told.filter((text) => text.startsWith('shop/web → shop/web'))).toEqual([]);
  });

  test('is not without effect where only one of many pods that are alike is at an address that it is about', () => {
    const pod = (name: string, ip: string) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: own, image: own, ports: [{ name: http, containerPort: 80 }] }] }
status: { podIP: ${ip} }`;
    const webs = networkOfText(
      `${pod('web-1', '10.0.0.1')}${pod('web-2', '10.0.0.2')}${pod('web-3', '10.200.0.3')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - { to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: http }] }
    - { to: [{ ipBlock: { cidr: 192.168.0.0/16 } }], ports: [{ port: http }] }
`,
      { cni: 'calico' },
    );
    const { survivors } = run([], webs);
    const closed = (operator: string) =>
      survivors.find((one) => one.operator === operator && one.changed === 'shop/web egress[0]');
    expect(closed('drop-rule')).toMatchObject({
      effect: 'closed',
      connection: 'shop/web-1 → shop/web-2 on 80/TCP',
      test: "expect(network).toAllow('shop/web-1', 'shop/web-2', '80/TCP')",
    });
    expect(closed('narrow-cidr')).toMatchObject({
      effect: 'closed',
      connection: 'shop/web-1 → shop/web-3 on 80/TCP',
      test: "expect(network).toAllow('shop/web-1', 'shop/web-3', '80/TCP')",
    });
  });

  test('is not without effect where only a pod of the host network is let in by its own node, and told with a test of it and of pods that could exist', () => {
    const agent = networkOfText(`
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: shop, labels: { app: agent } }
spec: { hostNetwork: true, containers: [{ name: own, image: own, ports: [{ name: metrics, containerPort: 9100 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: shut, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - { to: [{ podSelector: { matchLabels: { app: agent } } }], ports: [{ port: 80 }] }
    - { to: [{ podSelector: { matchLabels: { app: agent } } }], ports: [{ port: metrics }, { port: 9100 }] }
`);
    const { survivors } = run([], agent);
    const of = (what: string) => survivors.find((one) => one.what === `if shop/web egress${what}`);
    expect(of('[0] allowed every port')).toMatchObject({
      effect: 'opened',
      connection: 'shop{app=web} → shop/agent on 443/TCP',
      test: "expect(network).toDeny('shop{app=web}', 'shop/agent', '443/TCP')",
      noticed: 'never',
    });
    // It makes a difference only to what the plugin decides: whether a selector picks the agent.
    expect(of('[0] were not there')).toMatchObject({
      effect: 'closed',
      connection: 'shop{app=web} → shop/agent on 80/TCP',
      test: '',
      noticed: 'by-no-test',
    });
    // The agent calls just this number so.
    const policy = agent.cluster.policies.find(({ name }) => name === 'web')!;
    const rules = policy.rules.map((rule) =>
      rule.index === 1 ? { ...rule, ports: rule.ports.subtract(rule.ports.byName) } : rule,
    );
    const unnamed = { ...[...mutantsOf(policy)][0]!, by: { ...policy, rules } };
    expect(new Judge(agent, []).judge(unnamed)).toBe('equivalent');
  });

  test('is not without effect where only known addresses of pods tell, and told with a test of these pods', () => {
    const pod = (name: string, ip: string) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name.replace(/-.*/, '')} } }
spec: { containers: [{ name: own, image: own, ports: [{ containerPort: 80 }] }] }
status: { podIP: ${ip} }`;
    // The caller may be sent out by its address alone, so that of pods that only could exist each may be the one, with and without the rule by labels.
    const placed = networkOfText(
      `${pod('web', '10.0.0.1')}${pod('caller-1', '192.168.0.1')}${pod('caller-2', '10.0.0.2')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress:
    - { from: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: 80 }] }
    - { from: [{ podSelector: { matchLabels: { app: caller } } }], ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: caller, namespace: shop }
spec: { podSelector: { matchLabels: { app: caller } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }
`,
      { cni: 'calico' },
    );
    const { survivors } = run([], placed);
    expect(
      survivors.find(({ operator, changed }) => operator === 'drop-rule' && changed === 'shop/web ingress[1]'),
    ).toMatchObject({
      effect: 'closed',
      connection: 'shop/caller-1 → shop/web on 80/TCP',
      test: "expect(network).toAllow('shop/caller-1', 'shop/web', '80/TCP')",
      noticed: 'never',
    });
  });

  test('is not without effect between a pod that is known by its address and pods that could exist, which no test tells from others', () => {
    // Whoever calls it is let out for certain, by its address, and let in for certain only by labels.
    const placed = networkOfText(
      `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: own, image: own, ports: [{ containerPort: 80 }] }] }
status: { podIP: 10.1.0.1 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } }, podSelector: { matchLabels: { app: caller } } }, { ipBlock: { cidr: 0.0.0.0/0 } }] }]
---
apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { kubernetes.io/metadata.name: other } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: caller, namespace: other }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.1.0.0/16 } }] }] }
`,
      { cni: 'calico' },
    );
    const web = placed.cluster.policies.find(({ name }) => name === 'web')!;
    const dropped = [...mutantsOf(web)].find(({ operator }) => operator === 'drop-peer')!;
    expect(dropped.what).toBe('did not let in pods app=caller of other');
    expect(new Judge(placed, []).judge(dropped)).toBe('survived');
  });

  test('that survives is told with a test that holds now, and would notice', () => {
    const { survivors } = run(statements);
    expect(survivors.length).toBeGreaterThan(40);
    const told = survivors.filter(({ noticed }) => noticed === 'never');
    expect(told.length).toBeGreaterThan(survivors.length / 2);
    for (const { what, test: suggested } of told) {
      const assertion = assertionOf(suggested);
      expect(`expect(network).${assertionToString(assertion)}`).toBe(suggested);
      const claims = claimsOf(assertion, network);
      expect([suggested, claims.filter((claim) => network.world.check(claim))]).toEqual([suggested, []]);
      const judge = new Judge(network, claims);
      const mutant = mutants.find((one) => what.endsWith(one.what) && judge.judge(one) === 'noticed');
      expect([what, suggested, mutant !== undefined]).toEqual([what, suggested, true]);
    }
  });

  test('of a port by name is shown by that name, and by its number where the workload has it, so that a test can notice it', () => {
    const byName = networkOfText(`${shopText}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: tool, namespace: open }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: cart } } }]
      ports: [{ port: metrics }, { port: trace, protocol: UDP }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-by-tool, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: open } } }]
      ports: [{ port: metrics }, { port: trace, protocol: UDP }]
`);
    const { survivors } = run([], byName);
    const of = (operator: string) => {
      const found = survivors.find(
        (one) => one.operator === operator && one.changed === 'shop/cart-by-tool ingress[0]',
      );
      return [found?.connection, found?.test];
    };
    expect(of('drop-port')).toEqual([
      'open/tool → shop/cart on 9090/TCP',
      "expect(network).toAllow('open/tool', 'shop/cart', '9090/TCP')",
    ]);
    expect(of('admit-everyone')).toEqual([
      'other{app=prometheus} → shop{app=cart} on trace/UDP (whatever its number)',
      "expect(network).toDeny('other{app=prometheus}', 'shop{app=cart}', 'trace/UDP')",
    ]);
  });

  test('between names of one number at every known pod is told with a test of all pods that could exist, by the name', () => {
    const twoNames = networkOfText(`
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: own, image: own, ports: [{ name: grpc, containerPort: 7070 }, { name: api, containerPort: 7070 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
  ingress:
    - { from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: grpc }] }
    - { from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: api }] }
`);
    const dropped = run([allow('shop{app=web}', 'shop{app=cart}', 'grpc')], twoNames).survivors.find(
      ({ operator }) => operator === 'drop-rule',
    );
    expect(dropped).toMatchObject({
      changed: 'shop/cart ingress[1]',
      connection: 'shop{app=web} → shop{app=cart} on api/TCP (whatever its number)',
      test: "expect(network).toAllow('shop{app=web}', 'shop{app=cart}', 'api/TCP')",
      noticed: 'never',
    });
  });

  test('that opens more than a port by name is told with a table of all that is open, since no number tells the rest', () => {
    const byName = networkOfText(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: grpc }] }]
`);
    const { survivors } = run([], byName);
    expect(survivors.find(({ what }) => what.endsWith('allowed 1-65535/TCP, not only grpc/TCP'))).toMatchObject({
      test: 'a table: {"default":"allowed","among":["shop{app=cart}"],"exceptions":[{"from":["shop{app=web}"],"to":["shop{app=cart}"],"verdict":"denied"},{"from":["shop{app=web}"],"to":["shop{app=cart}"],"ports":["grpc/TCP"],"verdict":"allowed"}]}',
      noticed: 'never',
    });
    expect(survivors.filter(({ noticed }) => noticed === 'by-no-test')).toEqual([]);
  });

  test('of a name is without effect where the number that the other end lets in is open by itself', () => {
    const both = networkOfText(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress:
    - { to: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: http }] }
    - { to: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80 }] }] }
`);
    const judge = new Judge(both, []);
    const [web] = both.cluster.policies.filter(({ name }) => name === 'web');
    const dropped = [...mutantsOf(web!)].filter(({ operator }) => operator === 'drop-rule');
    expect(dropped.map((mutant) => judge.judge(mutant))).toEqual(['equivalent', 'survived']);
  });

  test('that opens every port is told with a test of one, where another rule opens a port by name', () => {
    const byName = networkOfText(
      `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: all, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: http, protocol: UDP }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }
`,
      { cni: 'cilium' },
    );
    const widened = run([], byName).survivors.find(({ operator }) => operator === 'widen-pod-selector');
    expect(widened).toMatchObject({
      connection: '10.0.0.0 → shop{app!=web} on 80/TCP',
      test: "expect(network).toDeny('10.0.0.0', 'shop{app!=web}', '80/TCP')",
      noticed: 'never',
    });
  });

  test('that survives with others that one test would notice is told with that test, once', () => {
    const { survivors } = run([{ kind: 'isolated', who: ['shop{}'], directions: ['ingress', 'egress'] }]);
    const text = mutationToTxt(run([{ kind: 'isolated', who: ['shop{}'], directions: ['ingress', 'egress'] }]), plain);
    const tests = new Set(survivors.map((one) => one.test));
    expect(survivors.length).toBeGreaterThan(5 * tests.size);
    expect(text.match(/^nobody would notice/gm)!.length).toBeLessThanOrEqual(tests.size);
    expect(text).toMatch(
      / {2}the same test notices \d+ other changes: .*widen-port.*\n {2}\+ expect\(network\)\.toReachOnly\('shop\/batch', \[/,
    );
  });

  test('without effect on any connection is not counted: what another rule says too, and what the other end denies', () => {
    const twice = networkOfText(
      text.replace(
        '- from: [{ podSelector: { matchLabels: { app: cart } } }]',
        '- from: [{ podSelector: { matchLabels: { app: cart } } }]\n      ports: [{ port: 6379 }]\n    - from: [{ podSelector: { matchLabels: { app: cart } } }]',
      ),
    );
    const redis = twice.cluster.policies.find(({ name }) => name === 'redis')!;
    const judged = [...mutantsOf(redis)].map(
      (mutant) => [mutant.operator, new Judge(twice, []).judge(mutant)] as const,
    );
    expect(judged.filter(([operator]) => operator === 'drop-rule')).toEqual([
      ['drop-rule', 'equivalent'],
      ['drop-rule', 'equivalent'],
    ]);
    const listedTwice = networkOfText(
      text
        .replace(
          'from: [{ podSelector: { matchLabels: { app: cart } } }]',
          'from: &callers [&caller { podSelector: { matchLabels: { app: cart } } }, *caller]',
        )
        .replace('except: [10.0.0.0/8]', 'except: [10.0.0.0/8, 10.0.0.0/8]'),
    );
    const dropped = listedTwice.cluster.policies.flatMap((policy) =>
      [...mutantsOf(policy)].filter(
        ({ operator, rule }) =>
          operator === 'drop-except' || (operator === 'drop-peer' && rule?.peers.every(({ kind }) => kind === 'pods')),
      ),
    );
    expect(dropped.map((mutant) => new Judge(listedTwice, []).judge(mutant))).toEqual(dropped.map(() => 'equivalent'));
    expect(dropped.length).toBe(4);
    // The cart sends on 6379 alone.
    expect(judged.find(([operator]) => operator === 'widen-port')![1]).toBe('equivalent');
    const { mutants: all, equivalent, operators: counts } = run(statements);
    expect(all + equivalent).toBe(mutants.length);
    expect(counts.reduce((sum, { noticed, survived, equivalent: none }) => sum + noticed + survived + none, 0)).toBe(
      mutants.length,
    );
  });

  test('is told not to be made in a cluster of the app that no test is about', () => {
    const app = new App();
    for (const cluster of ['east', 'west']) {
      const shop = new Namespace(new Environment(app, cluster, { cluster }), 'shop');
      new Service(shop, 'web', { ports: { http: 80 } });
    }
    const report = run(
      [{ kind: 'isolated', who: ['shop{}'], directions: ['ingress'] }],
      networkOfApp(app, { cluster: 'east' }),
    );
    expect(report.untested).toEqual(['west']);
    const text = mutationToTxt(report, plain);
    expect(text).toContain('not changed: policies of cluster west, since no test is about it\n');
    expect(text).not.toContain('nobody could make a change');
  });

  test('is not noticed by what says nothing of the meaning, and by a snapshot alone is told apart', () => {
    expect(run([{ kind: 'proved' }]).noticed).toBe(0);
    const { survivors } = run([{ kind: 'policies' }]);
    expect(survivors.filter(({ noticed }) => noticed === 'never')).toEqual([]);
    const byMatrix = run([{ kind: 'connectivity' }]).survivors.filter(({ noticed }) => noticed === 'snapshot');
    expect(byMatrix.length).toBeGreaterThan(5);
  });
});

describe('tierwall mutate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mutate-'));
  writeFileSync(join(folder, 'shop.yaml'), shopText);
  const table =
    'sources: shop.yaml\ncni: cilium\ndefault: denied\namong: [shop/*]\nexceptions:\n  - { from: shop/frontend, to: shop/cart, ports: grpc }\n  - { from: shop/cart, to: shop/redis }\n';
  writeFileSync(join(folder, 'shop.connectivity.yaml'), table);

  test('says what nobody would notice, with the test to add, and fails', async () => {
    const { code, stdout } = await runCommand(mutateCommand, [], folder);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "opened: shop/cart → open/tool on every port\n  the same test notices 2 other changes: admit-everyone, drop-namespace-constraint\n  + expect(network).toReachOnly('shop/cart', ['shop/redis on 6379/TCP'])\n",
    );
    expect(stdout).toMatch(/noticed by 13 claims of tests; \d+ changes without effect/);
    expect(stdout).not.toContain("toAllow('shop/cart', 'shop/redis'");
  });

  test('says on a terminal how far it is, and nothing elsewhere', async () => {
    const { stderr } = await runCommand(mutateCommand, [], folder, { tty: true });
    const lines = stderr.replaceAll('\u001b[K', '').split('\r');
    expect(lines.slice(0, 3)).toEqual(['', '0 changes judged', '0 changes given a test']);
    expect(lines.at(-1)).toBe('');
    expect((await runCommand(mutateCommand, [], folder)).stderr).toBe('');
  });

  test('names the line of the code, and what is written for it', async () => {
    const project = mkdtempSync(join(tmpdir(), 'mutate-'));
    const root = resolve(__dirname, '../..');
    const lines = [
      `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});`,
      `const { Environment, Namespace, Peer, Service } = require(${JSON.stringify(join(root, 'dist'))});`,
      'const app = new App();',
      "const shop = new Namespace(new Environment(app, 'prod'), 'shop');",
      "const [web, api] = ['web', 'api'].map((id) => new Service(shop, id, { ports: { http: 80 } }));",
      'api.allowFrom(web); web.allowTo(Peer.internet(), { ports: [443] });',
      'app.synth();',
    ];
    writeFileSync(join(project, 'main.js'), lines.join('\n'));
    writeFileSync(join(project, 'cdk8s.yaml'), 'app: node main.js\ntierwall: { out: out/network }\n');
    writeFileSync(
      join(project, 'shop.connectivity.yaml'),
      'default: denied\nexceptions:\n  - { from: shop/web, to: shop/api }\n',
    );
    const { stdout } = await runCommand(mutateCommand, [], project, { env: process.env });
    expect(stdout).toMatch(
      /\n {2}open-direction, at main\.js:4, written to out\/network\/prod\/shop\/tierwall-default-deny\.yaml:\d+\n/,
    );
    expect(stdout).toMatch(/, at main\.js:[56], written to out\/network\/prod\/shop\/tierwall-api\.yaml:\d+\n/);
    expect(stdout).toMatch(/\.toReachOnly\('shop\/web', \['internet on 443\/TCP', /);
    expect(stdout).not.toContain(' except ');
  });

  test('as JSON fits its schema', async () => {
    const { stdout } = await runCommand(mutateCommand, ['-o', 'json', '--no-tests'], folder);
    const parsed = JSON.parse(stdout);
    expect(schemaErrors(mutationReportSchema, parsed)).toEqual([]);
    expect(parsed.noticed + parsed.survivors.length).toBe(parsed.mutants);
  });

  test('is refused where tests fail, or state nothing', async () => {
    const failing = await runCommand(mutateCommand, ['--tests', 'exit 3'], folder);
    expect([failing.code, failing.stderr]).toEqual([
      2,
      expect.stringContaining('the tests `exit 3` failed with exit code 3'),
    ]);
    writeFileSync(join(folder, 'wrong.yaml'), table.replace('denied', 'allowed'));
    expect((await runCommand(mutateCommand, ['wrong.yaml'], folder)).stderr).toContain('do not hold');
    const empty = mkdtempSync(join(tmpdir(), 'mutate-'));
    expect((await runCommand(mutateCommand, [], empty)).stderr).toContain('no test states anything');
  });
});
