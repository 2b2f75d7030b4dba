import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { podEnd } from '../../lib/analysis/connectivity/pod-classes';
import { evaluate } from '../../lib/analysis/evaluate';
import { explain } from '../../lib/analysis/explain';
import type { AskedEnd, AskedPort, Question } from '../../lib/analysis/explain/asked';
import { portItemToString } from '../../lib/analysis/explain/texts';
import { relationOf, ruleStatements } from '../../lib/analysis/open-world/relation';
import { covers, uncovered } from '../../lib/analysis/open-world/uncovered';
import { Universe } from '../../lib/analysis/open-world/universe';
import { type Cluster, workloadToString } from '../../lib/model/cluster';
import type { CniProfile } from '../../lib/model/cni-profile';
import { defaultProfile, profileOf } from '../../lib/model/cni-profiles';
import type { Decision } from '../../lib/model/connection';
import type { Change, ExplainedCase } from '../../lib/model/explanation';
import { type Policy, ruleToString } from '../../lib/model/policy';
import { Port } from '../../lib/model/port';
import { readNetworkPolicy } from '../../lib/read/network-policy';
import { changeYaml } from '../../lib/render/explain/words';
import { addressesOf } from '../../lib/sets/address-set';
import { PortSet } from '../../lib/sets/port-set';
import { clusterOf, problemsOf } from '../read/reading';
import { cluster, portNumbers, profile, protocols } from '../support/arbitrary-cluster';

const workloads = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: storefront}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, namespace: shop}
spec:
  selector: {matchLabels: {app: frontend}}
  template:
    metadata: {labels: {app: frontend, version: v7}}
    spec: {containers: [{name: c, image: x}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: c, image: x, ports: [{name: grpc, containerPort: 7070}, {name: dns, containerPort: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Service
metadata: {name: carts, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: web, port: 80, targetPort: grpc}]}
---
apiVersion: v1
kind: Pod
metadata: {name: debug, namespace: dev, labels: {app: debug}}
spec: {containers: [{name: c, image: x, ports: [{containerPort: 22}]}]}
`;

const denyAll = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;

const cartPolicy = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: cart
  namespace: shop
spec:
  podSelector: {matchLabels: {app: cart}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: checkout}}
    - podSelector: {matchLabels: {app: frontend}}
    ports:
    - port: 9090
    - port: grpc
`;

const yes = { value: 'yes' as const };
const no = { value: 'no' as const };
/** Enforces all of the API, and leaves nothing open. */
const certain: CniProfile = {
  ...defaultProfile,
  facts: {
    ...defaultProfile.facts,
    ...{ ipBlockMatchesPods: no, ipBlockMatchesNodes: no, selectsHostNetworkPods: yes, enforcesEgress: yes },
    ...{
      enforcesEndPort: yes,
      enforcesSctp: yes,
      enforcesNamedPorts: yes,
      enforcesIpBlockExcept: yes,
      enforcesIpv6: yes,
    },
  },
};

function endsOf(text: string, { workloads: known }: Cluster): AskedEnd[] {
  const cidr = text.includes('/') ? text : `${text}/32`;
  if (/^\d/.test(text)) return [{ kind: 'addresses', text, addresses: addressesOf({ cidr, except: [] }) }];
  const [, namespace, labels] = /^(\w+)\{(.*)\}$/.exec(text) ?? [];
  if (namespace === undefined) {
    return known.filter((w) => workloadToString(w) === text).map((workload) => ({ kind: 'workload', workload }));
  }
  const pairs = labels!.split(',').map((pair) => pair.split('=') as [string, string]);
  return [{ kind: 'pod', namespace, labels: Object.fromEntries(pairs) }];
}

function askedPort(text: string): AskedPort {
  const item = Port.parse(text)?.item;
  return item && 'first' in item ? { text, ...item } : { text, name: text, protocol: undefined };
}

function question(from: string, to: string, ports: readonly string[], world: Cluster): Question {
  return {
    from: { text: from, ends: endsOf(from, world) },
    to: { text: to, ends: endsOf(to, world) },
    ...(ports.length > 0 ? { ports: { text: ports.join(), asked: ports.map(askedPort) } } : {}),
  };
}

function ask(text: string, from: string, to: string, ...ports: string[]) {
  const world = clusterOf(text);
  return explain(world, question(from, to, ports, world));
}

const verdicts = (cases: readonly ExplainedCase[]) =>
  cases.map(({ ports, decision }) => `${ports.join(' ')} ${decision}`);

/** The policies with a change made, read from the YAML that is shown. */
function withChange(policies: readonly Policy[], change: Change): Policy[] {
  const yaml: unknown = load(changeYaml(change));
  const read = (object: unknown, namespace: string, name: string) => {
    const place = { at: (field: string) => ({ field }) };
    const policy = readNetworkPolicy(object, { namespace, name }, place, ({ field, detail }) => {
      throw new Error(`${field}: ${detail}`);
    });
    return policy!;
  };
  const [namespace, name] = change.policy.split('/') as [string, string];
  if (change.kind === 'new-policy') {
    expect(policies.some((p) => p.namespace === namespace && p.name === name)).toBe(false);
    return [...policies, read(yaml, namespace, name)];
  }
  const type = change.direction === 'ingress' ? 'Ingress' : 'Egress';
  const metadata = { namespace, name };
  const spec = { podSelector: {}, policyTypes: [type], [change.direction]: yaml };
  const object = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
  const [rule] = read(object, namespace, name).rules;
  return policies.map((policy) => {
    if (policy.namespace !== namespace || policy.name !== name) return policy;
    expect(policy.isolates).toContain(change.direction);
    return { ...policy, rules: [...policy.rules, { ...rule!, policy }] };
  });
}

describe('the verdict', () => {
  it('names every policy that isolates and every rule that allows, with the entries that match', () => {
    const text = workloads + cartPolicy;
    const at = (lines: string) => text.slice(0, text.indexOf(lines)).split('\n').length;
    const { cases } = ask(text, 'shop/frontend', 'shop/cart', 'grpc');
    expect(cases[0]).toMatchObject({
      decision: 'allowed',
      ports: ['7070/TCP'],
      egress: { isolation: 'open', allowedBy: [] },
      ingress: {
        isolation: 'isolated',
        isolatedBy: [
          {
            policy: 'shop/cart',
            selects: 'app=cart',
            place: { file: 'all.yaml', line: at('  name: cart\n  namespace: shop\nspec:') - 3 },
          },
        ],
        allowedBy: [
          {
            rule: 'shop/cart ingress[0]',
            place: { line: at('  - from:'), field: 'spec.ingress[0]' },
            peers: [
              {
                text: 'pods app=frontend of shop',
                place: { line: at('    - podSelector: {matchLabels: {app: frontend}}') },
              },
            ],
            ports: [{ text: 'grpc/TCP', place: { line: at('    - port: grpc') } }],
          },
        ],
      },
    });
    expect(cases[0]!.ingress.allowedBy[0]!.excerpt[0]).toEqual({ line: at('  - from:'), text: '  - from:' });
    expect(cases[0]!.ingress.allowedBy[0]!.excerpt).toHaveLength(6);
  });

  it('is given for each of the declared ports where none is named', () => {
    const { decision, cases } = ask(workloads + cartPolicy, 'shop/frontend', 'shop/cart');
    expect(decision).toBe('denied');
    expect(verdicts(cases)).toEqual(['7070/TCP allowed', '53/UDP denied']);
  });

  it('is given for each piece of a range, and is allowed only if all of it is', () => {
    const range = workloads + cartPolicy.replace('- port: grpc', '- {port: 8100, endPort: 8199}');
    const { decision, cases } = ask(range, 'shop/frontend', 'shop/cart', '8000-8199/TCP');
    expect(decision).toBe('denied');
    expect(verdicts(cases)).toEqual(['8000-8099/TCP denied', '8100-8199/TCP allowed']);
    expect(ask(range, 'shop/frontend', 'shop/cart', '8100-8150/TCP').decision).toBe('allowed');
  });

  it('says that a pod reaches itself, but not that two replicas reach each other', () => {
    const text = workloads + denyAll.replace('namespace: shop', 'namespace: dev') + denyAll;
    expect(ask(text, 'dev/debug', 'dev/debug').cases).toMatchObject([{ itself: 'yes', decision: 'allowed' }]);
    const { cases } = ask(text, 'shop/cart', 'shop/cart', 'grpc');
    expect(cases).toMatchObject([{ itself: 'no', decision: 'denied' }]);
    expect(cases[0]!.notes).toContain('between two pods of shop/cart; a pod always reaches itself');
  });

  it('is the evaluator’s for every port, with its rules, for any cluster and CNI', () => {
    fc.assert(
      fc.property(cluster, profile, fc.nat(), fc.nat(), (world, cni, i, j) => {
        const pick = (n: number) => world.workloads[n % world.workloads.length]!;
        const [source, destination] = [pick(i), pick(j)];
        const asked = protocols.map(
          (protocol): AskedPort => ({ text: protocol, protocol, first: portNumbers[0]!, last: portNumbers.at(-1)! }),
        );
        const to = { text: 'to', ends: [{ kind: 'workload' as const, workload: destination }] };
        const from = { text: 'from', ends: [{ kind: 'workload' as const, workload: source }] };
        const { cases } = explain(world, { from, to, ports: { text: '', asked } }, { profile: cni });
        const labels = (name: string) => world.namespaces.find((n) => n.name === name)!.labels;
        const end = podEnd(source, labels(source.namespace));
        const other = source === destination ? end : podEnd(destination, labels(destination.namespace));
        for (const protocol of protocols) {
          for (const port of portNumbers) {
            const connection = { source: end, destination: other, protocol, port };
            const verdict = evaluate(connection, world.policies, cni, world.unread);
            const point = PortSet.of([{ protocol, first: port, last: port }]);
            const held = cases.filter(({ ports }) => point.isSubsetOf(setOf(ports)));
            expect(held.map(({ decision }) => decision)).toEqual([verdict.decision]);
            if (held[0]!.itself === 'yes') continue;
            for (const side of ['egress', 'ingress'] as const) {
              const explained = held[0]![side];
              expect(explained.decision).toBe(verdict[side].decision);
              const rules = verdict[side].allowedBy.map(ruleToString);
              expect(explained.allowedBy.map(({ rule }) => rule).sort()).toEqual(rules.sort());
              expect(explained.allowedBy.every(({ peers }) => peers.length > 0)).toBe(true);
              const open = new Set(verdict[side].doubts.map(({ question }) => question));
              expect(new Set(explained.doubts.map(({ question }) => question))).toEqual(open);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

function setOf(ports: readonly string[]): PortSet {
  return PortSet.of(ports.map((text) => Port.parse(text)!.item));
}

describe('why a rule does not allow', () => {
  const mismatches = (rule: string, from: string, to: string, port: string) => {
    const text = `${workloads}${denyAll}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ${from.startsWith('shop/') && !to.startsWith('shop/') ? 'egress' : 'ingress'}:
  - ${rule}
`;
    const { egress, ingress } = ask(text, from, to, port).cases[0]!;
    const [failing] = [...ingress.failing, ...egress.failing];
    return [...failing!.ports, ...failing!.peers.flatMap((peer) => peer.mismatches)];
  };

  it.for([
    [
      'from: [{podSelector: {matchLabels: {app: web}}}]',
      'shop/frontend',
      [{ kind: 'label', key: 'app', wanted: 'app=web', found: 'frontend' }],
    ],
    [
      'from: [{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]',
      'shop/frontend',
      [{ kind: 'label', key: 'tier', wanted: 'tier', found: undefined }],
    ],
    ['from: [{podSelector: {}}]', 'dev/debug', [{ kind: 'namespace', wanted: 'shop', found: 'dev' }]],
    [
      'from: [{namespaceSelector: {matchLabels: {team: ops}}}]',
      'dev/debug',
      [{ kind: 'namespace-label', key: 'team', wanted: 'team=ops', found: undefined, labels: 'assumed' }],
    ],
    [
      'from: [{namespaceSelector: {matchLabels: {team: ops}}}]',
      'shop/frontend',
      [{ kind: 'namespace-label', key: 'team', wanted: 'team=ops', found: 'storefront', labels: 'given' }],
    ],
    ['from: [{podSelector: {}}]', '203.0.113.7', [{ kind: 'pods-only' }]],
    [
      'from: [{ipBlock: {cidr: 10.0.0.0/8}}]',
      '203.0.113.7',
      [{ kind: 'address', wanted: '10.0.0.0/8', found: '203.0.113.7' }],
    ],
    [
      'from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]',
      '10.1.2.3',
      [{ kind: 'except', wanted: '10.1.0.0/16', found: '10.1.2.3' }],
    ],
    [
      'ports: [{port: 80}, {port: 443}]',
      'shop/frontend',
      [{ kind: 'port', wanted: '80/TCP, 443/TCP', found: '7070/TCP' }],
    ],
    [
      'ports: [{port: 7070, protocol: UDP}]',
      'shop/frontend',
      [{ kind: 'protocol', wanted: '7070/UDP', found: '7070/TCP' }],
    ],
    ['ports: [{port: http}]', 'shop/frontend', [{ kind: 'port-name', wanted: 'http/TCP', found: undefined }]],
  ] as const)('%s does not fit %s', ([rule, from, wanted]) => {
    expect(mismatches(rule, from, 'shop/cart', '7070')).toEqual(wanted);
  });

  it('names what the destination calls a port by that name', () => {
    expect(mismatches('ports: [{port: grpc}]', 'shop/frontend', 'shop/cart', '7071')).toEqual([
      { kind: 'port-name', wanted: 'grpc/TCP', found: '7070/TCP' },
    ]);
  });

  it('puts the rule first that comes nearest', () => {
    const text = `${workloads}${cartPolicy}  - from: [{podSelector: {matchLabels: {app: frontend}}}]\n    ports: [{port: 1}]\n`;
    const far = text.replace('app: frontend}}\n    ports', 'app: other}}\n    ports');
    const { failing } = ask(far, 'shop/frontend', 'shop/cart', '8080').cases[0]!.ingress;
    expect(failing.map(({ rule }) => rule)).toEqual(['shop/cart ingress[1]', 'shop/cart ingress[0]']);
  });

  it('says with a source where the CNI makes an ipBlock match no pod', () => {
    const text = `${workloads}${cartPolicy.replace(/ {2}- from:[\s\S]*/, '  - from: [{ipBlock: {cidr: 0.0.0.0/0}}]\n')}`;
    const world = clusterOf(text);
    const asked = question('shop/frontend', 'shop/cart', ['grpc'], world);
    const [unknown] = explain(world, asked).cases;
    expect(unknown!.decision).toBe('unknown');
    expect(unknown!.ingress.doubts).toMatchObject([
      { question: 'does an ipBlock match the address of a pod?', about: 'shop/cart ingress[0]' },
    ]);
    expect(unknown!.byCni!.denied).toContain('cilium');
    const [denied] = explain(world, asked, { profile: profileOf('cilium')! }).cases;
    const [mismatch] = denied!.ingress.failing[0]!.peers[0]!.mismatches;
    expect(mismatch).toMatchObject({ kind: 'addresses-only', cni: 'Cilium', source: expect.stringMatching(/^https:/) });
  });
});

describe('the ports', () => {
  it('are looked up by name at the destination, or at a Service in front of it', () => {
    const own = ask(workloads, 'shop/frontend', 'shop/cart', 'grpc').cases[0]!;
    expect([own.ports, own.translations]).toEqual([['7070/TCP'], []]);
    const service = ask(workloads, 'shop/frontend', 'shop/cart', 'web').cases[0]!;
    expect(service.ports).toEqual(['7070/TCP']);
    const text = 'carts:80 (web) is translated to 7070/TCP (grpc) at the pod';
    expect(service.translations).toEqual([{ text, place: { file: 'all.yaml', line: expect.any(Number) } }]);
  });

  it('of a Service are translated where the pod does not declare them', () => {
    const [one] = ask(workloads + cartPolicy, 'shop/frontend', 'shop/cart', '80').cases;
    expect([one!.ports, one!.decision]).toEqual([['7070/TCP'], 'allowed']);
    const both = workloads.replace('{name: grpc,', '{containerPort: 80}, {name: grpc,');
    expect(ask(both + cartPolicy, 'shop/frontend', 'shop/cart', '80').cases).toMatchObject([
      { ports: ['80/TCP'], decision: 'denied', translations: [] },
    ]);
  });

  it('by a name that the destination does not know are an error that tells what it knows', () => {
    expect(problemsOf(() => ask(workloads, 'shop/frontend', 'shop/cart', 'gprc'))).toEqual([
      '`gprc` is no port of shop/cart; it has `grpc` (7070/TCP), `dns` (53/UDP), `web` (Service carts:80)',
    ]);
    expect(problemsOf(() => ask(workloads, 'shop/frontend', '203.0.113.7', 'https'))).toEqual([
      '`https` is no port of 203.0.113.7; a port name means nothing at an address: give a number, as in `443`',
    ]);
  });

  it('are all ports where nothing declares any, and then no change is offered', () => {
    const [one] = ask(workloads + denyAll, 'dev/debug', 'shop/frontend').cases;
    expect(one).toMatchObject({ ports: ['*'], decision: 'denied', fix: undefined });
    expect(one!.noFix).toContain('--port');
  });

  it('without a protocol are TCP, which is said where the pod listens on another one', () => {
    const [one] = ask(workloads, 'shop/frontend', 'shop/cart', '53').cases;
    expect(one!.ports).toEqual(['53/TCP']);
    expect(one!.notes).toContain('`53` is taken for 53/TCP; shop/cart declares 53/UDP');
  });
});

describe('addresses', () => {
  const outside = `${workloads}${cartPolicy.replace(/ {2}- from:[\s\S]*/, '  - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]\n  - from: [{ipBlock: {cidr: 10.2.0.0/16}}]\n')}`;

  it('in a range are judged together where no rule tells them apart in effect', () => {
    const { cases } = ask(outside, '10.2.0.0/15', 'shop/cart', 'grpc');
    expect(cases[0]!.decision).toBe('allowed');
    expect(cases[0]!.ingress.allowedBy.map(({ rule, holds }) => `${rule} ${holds}`)).toEqual([
      'shop/cart ingress[0] all',
      'shop/cart ingress[1] part',
    ]);
  });

  it('in a range that is not judged alike are an error that tells the parts', () => {
    expect(problemsOf(() => ask(outside, '10.0.0.0/15', 'shop/cart', 'grpc'))).toEqual([
      'the addresses of `10.0.0.0/15` are not judged alike (allowed: 10.0.0.0/16; denied: 10.1.0.0/16); ask for one of these parts',
    ]);
  });
});

describe('the smallest change', () => {
  it('adds a rule to the policy that is the workload’s own, and a policy where it has none', () => {
    const { fix } = ask(workloads + denyAll + cartPolicy, 'dev/debug', 'shop/cart', 'grpc').cases[0]!;
    expect(fix!.changes).toMatchObject([{ kind: 'add-rule', direction: 'ingress', policy: 'shop/cart' }]);
    expect(changeYaml(fix!.changes[0]!)).toBe(`- from:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: dev
    podSelector:
      matchLabels:
        app: debug
  ports:
  - protocol: TCP
    port: 7070
`);
    const both = ask(workloads + denyAll, 'shop/frontend', 'shop/cart', '53/UDP').cases[0]!.fix!;
    expect(both.changes.map(({ kind, policy }) => `${kind} ${policy}`)).toEqual([
      'new-policy shop/frontend-to-cart',
      'new-policy shop/cart-from-frontend',
    ]);
    expect(both.typescript.line).toBe("new AllowFrom(cart, 'frontend', { from: frontend, ports: ['dns'] });");
  });

  it('is two rules of one policy where it isolates both ends, as between two pods of a workload', () => {
    const both = cartPolicy.replace('policyTypes: [Ingress]', 'policyTypes: [Ingress, Egress]');
    const { fix, noFix } = ask(workloads + both, 'shop/cart', 'shop/cart', 'grpc').cases[0]!;
    expect(noFix).toBeUndefined();
    expect(fix!.changes.map(({ kind, direction, policy }) => `${kind} ${direction} ${policy}`)).toEqual([
      'add-rule egress shop/cart',
      'add-rule ingress shop/cart',
    ]);
    expect(fix!.verdict).toBe('allowed');
    expect(fix!.typescript).toEqual({
      line: "new AllowFrom(cart, 'cart', { from: cart, ports: ['grpc'] });",
      names: [{ name: 'cart', stands: 'the Service of shop/cart' }],
      needs: [],
    });
  });

  it('never selects by labels that a release changes', () => {
    const { fix } = ask(workloads + denyAll, 'shop/frontend', '203.0.113.7', '443').cases[0]!;
    expect(changeYaml(fix!.changes[0]!)).not.toContain('v7');
    expect(fix!.typescript.line).toBe("frontend.allowTo(Peer.cidr('203.0.113.7/32'), { ports: ['443/TCP'] });");
  });

  it('is not made where the pods have no labels', () => {
    const bare = workloads.replace(', labels: {app: debug}', '');
    const [one] = ask(bare + denyAll, 'dev/debug', 'shop/cart', 'grpc').cases;
    expect([one!.fix, one!.noFix]).toEqual([
      undefined,
      'dev/debug has no labels that a policy could tell it by and that outlast a release: give its pods one',
    ]);
  });

  it('names the construct where tierwall wrote the policy, and its line where that is known', () => {
    const written = cartPolicy.replace(
      '  namespace: shop\n',
      `  namespace: shop
  labels: {app.kubernetes.io/managed-by: tierwall}
  annotations: {tierwall.dev/source: production/shop/basket}
`,
    );
    const world = clusterOf(workloads + written);
    const asked = question('dev/debug', 'shop/cart', ['grpc'], world);
    const { fix } = explain(world, asked, { lineOf: () => ({ file: 'main.ts', line: 12 }) }).cases[0]!;
    expect(fix!.changes[0]!.constructs).toEqual([{ path: 'production/shop/basket', file: 'main.ts', line: 12 }]);
    expect(fix!.typescript).toEqual({
      line: "new AllowFrom(basket, 'from-debug', { from: Peer.pods({ namespace: 'dev', labels: { app: 'debug' } }), ports: ['grpc'] });",
      names: [{ name: 'basket', stands: 'production/shop/basket' }],
      needs: [],
    });
  });

  it('allows, opens what it says and nothing else, and closes nothing, for any cluster', () => {
    const counts = { fixed: 0, added: 0 };
    fc.assert(
      fc.property(cluster, fc.nat(), fc.nat(), (drawn, i, j) => {
        // Nothing is left open by addresses or host networks, so that every fix must lead to `allowed`.
        const plain = drawn.workloads.map((w) => ({ ...w, network: 'pod' as const, addresses: [] }));
        const world: Cluster = { ...drawn, unread: [], workloads: plain };
        const cni = certain;
        const pick = (n: number): AskedEnd => ({ kind: 'workload', workload: plain[n % plain.length]! });
        const ports = { text: '80-81', asked: [{ text: '80-81', protocol: 'TCP' as const, first: 80, last: 81 }] };
        const { cases } = explain(
          world,
          { from: { text: 'from', ends: [pick(i)] }, to: { text: 'to', ends: [pick(j)] }, ports },
          { profile: cni },
        );
        for (const one of cases) {
          if (!one.fix) continue;
          counts.fixed++;
          let { policies } = world;
          for (const change of one.fix.changes) {
            if (change.kind === 'add-rule') counts.added++;
            policies = withChange(policies, change);
          }
          expect(one.fix.verdict).toBe('allowed');
          expect(decisionsOf(world, policies, pick(i), pick(j), setOf(one.ports))).toEqual(['allowed']);
          expectOpened(world, policies, one.fix.changes, setOf(one.ports));
          expectListed(world, policies, one);
        }
      }),
      { numRuns: 400 },
    );
    expect(counts.fixed).toBeGreaterThan(50);
    expect(counts.added).toBeGreaterThan(5);
  });
});

function decisionsOf(world: Cluster, policies: readonly Policy[], from: AskedEnd, to: AskedEnd, ports: PortSet) {
  const labels = (name: string) => world.namespaces.find((n) => n.name === name)!.labels;
  const end = (asked: AskedEnd) => {
    if (asked.kind !== 'workload') throw new Error('a workload is meant');
    return podEnd(asked.workload, labels(asked.workload.namespace));
  };
  const [source, destination] = [end(from), end(to)];
  const found = new Set<Decision>();
  for (const item of ports.items()) {
    if (!('first' in item)) continue;
    for (let port = item.first; port <= item.last; port++) {
      const connection = { source, destination, protocol: item.protocol, port };
      found.add(evaluate(connection, policies, certain).decision);
    }
  }
  return [...found];
}

/** Of the known workloads, none but the two and those that the changes name is let through to more, or to less. */
function expectListed(world: Cluster, policies: readonly Policy[], { source, destination, fix }: ExplainedCase) {
  const also = fix!.changes.flatMap(({ opens }) => [...opens.alsoSubjects, ...opens.alsoPeers]);
  const [sources, destinations] = [source, destination].map(({ text }) => [text, ...also]) as [string[], string[]];
  const every = PortSet.of([{ protocol: 'TCP', first: 79, last: 82 }]);
  for (const a of world.workloads) {
    for (const b of world.workloads) {
      const ends: [AskedEnd, AskedEnd] = [
        { kind: 'workload', workload: a },
        { kind: 'workload', workload: b },
      ];
      if (sources.includes(workloadToString(a)) && destinations.includes(workloadToString(b))) continue;
      expect(decisionsOf(world, policies, ...ends, every)).toEqual(decisionsOf(world, world.policies, ...ends, every));
    }
  }
  for (const change of fix!.changes) {
    expect(change.opens.peer).not.toContain('every pod');
    if (change.kind === 'new-policy') expect(change.opens.subject).not.toContain('every pod');
  }
}

/** Over every pod that could exist: nothing is opened but what the changes say, and nothing closed. */
function expectOpened(world: Cluster, policies: readonly Policy[], changes: readonly Change[], ports: PortSet) {
  const labels = new Map(world.namespaces.map((n) => [n.name, n.labels] as const));
  const universe = new Universe(labels);
  const before = relationOf(world.policies, labels.keys(), universe);
  const after = relationOf(policies, labels.keys(), universe);
  const near = (direction: string, namespace: string) => (s: { direction: string; namespace: string }) =>
    s.direction === direction && s.namespace === namespace;
  for (const statement of before) {
    expect(covers(after.filter(near(statement.direction, statement.namespace)), statement)).toBe(true);
  }
  const said = ruleStatements(
    changes.flatMap((change) => withChange(world.policies, change).filter((p) => !world.policies.includes(p))),
    universe,
  ).filter(({ rule }) => {
    const own = changes.find((change) => change.policy === `${rule!.policy.namespace}/${rule!.policy.name}`);
    return own?.kind === 'new-policy' || !world.policies.some(({ rules }) => rules.includes(rule!));
  });
  for (const statement of after) {
    for (const rest of uncovered(statement, before.filter(near(statement.direction, statement.namespace)))) {
      const opened = { ...rest, direction: statement.direction, namespace: statement.namespace };
      expect(covers(said.filter(near(opened.direction, opened.namespace)), opened)).toBe(true);
      expect(rest.ports.isSubsetOf(ports)).toBe(true);
    }
  }
  for (const { opens } of changes) {
    expect(PortSet.of(opens.ports.map((text) => Port.parse(text)!.item)).equals(ports)).toBe(true);
  }
  expect(portItemToString(ports.items()[0]!)).toContain('/TCP');
}
