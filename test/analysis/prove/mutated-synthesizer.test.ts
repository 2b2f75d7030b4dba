import { afterEach, describe, expect, it, vi } from 'vitest';

/**
 * The proof shares no code with what writes the policies. So each way of breaking the synthesizer must show as a proof that fails,
 * and one that is not broken as a proof that holds.
 */
const synthesizer = {
  flow: '../../../lib/model/flow',
  atom: '../../../lib/model/atom',
  ports: '../../../lib/model/port-resolution',
  rules: '../../../lib/targets/minimal-rules',
  policy: '../../../lib/targets/service-policy',
  namespace: '../../../lib/targets/namespace-objects',
} as const;

// biome-ignore lint/suspicious/noExplicitAny: what is broken has the types of whatever it is
type Any = any;

const mutations: readonly [name: string, file: keyof typeof synthesizer, change: (actual: Any) => Any][] = [
  [
    'forgets the callee’s side',
    'flow',
    ({ flowsOf }) => ({
      *flowsOf(i: Any) {
        for (const f of flowsOf(i)) if (f.direction !== 'ingress') yield f;
      },
    }),
  ],
  [
    'forgets the caller’s side',
    'flow',
    ({ flowsOf }) => ({
      *flowsOf(i: Any) {
        for (const f of flowsOf(i)) if (f.direction !== 'egress') yield f;
      },
    }),
  ],
  [
    'takes every peer for everyone',
    'flow',
    ({ flowsOf }) => ({
      *flowsOf(i: Any) {
        for (const f of flowsOf(i)) yield { ...f, peer: { kind: 'everyone' } };
      },
    }),
  ],
  [
    'writes only the first rule of a policy',
    'rules',
    ({ minimalRules }) => ({ minimalRules: (o: Any) => minimalRules(o).slice(0, 1) }),
  ],
  [
    'writes only the first peer of a rule',
    'rules',
    ({ minimalRules }) => ({
      minimalRules: (o: Any) => minimalRules(o).map((r: Any) => ({ ...r, peers: r.peers.slice(0, 1) })),
    }),
  ],
  [
    'gives every rule the ports of the first',
    'rules',
    ({ minimalRules }) => ({
      minimalRules: (o: Any) => minimalRules(o).map((r: Any, _: number, all: Any) => ({ ...r, ports: all[0].ports })),
    }),
  ],
  [
    'forgets what is excepted',
    'atom',
    ({ outsideAtoms, ...rest }) => ({
      ...rest,
      outsideAtoms: (p: Any, e: Any) =>
        outsideAtoms(p, e).map((a: Any) => (a.kind === 'addresses' ? { ...a, block: { ...a.block, except: [] } } : a)),
    }),
  ],
  [
    'selects every pod with each policy',
    'policy',
    ({ servicePolicy }) => ({
      servicePolicy: (s: Any, f: Any) => {
        const p = servicePolicy(s, f);
        return p && { ...p, spec: { ...p.spec, podSelector: {} } };
      },
    }),
  ],
  [
    'isolates in one direction',
    'policy',
    ({ servicePolicy }) => ({
      servicePolicy: (s: Any, f: Any) => {
        const p = servicePolicy(s, f);
        return p && { ...p, spec: { ...p.spec, policyTypes: ['Ingress'], egress: undefined } };
      },
    }),
  ],
  [
    'denies by default in one direction',
    'namespace',
    ({ defaultDeny, ...rest }) => ({
      ...rest,
      defaultDeny: (n: Any) => {
        const p = defaultDeny(n);
        return p && { ...p, spec: { ...p.spec, policyTypes: ['Ingress'] } };
      },
    }),
  ],
  [
    'denies by default only some pods',
    'namespace',
    ({ defaultDeny, ...rest }) => ({
      ...rest,
      defaultDeny: (n: Any) => {
        const p = defaultDeny(n);
        return p && { ...p, spec: { ...p.spec, podSelector: { matchLabels: { app: 'x' } } } };
      },
    }),
  ],
  [
    'denies by default where pods are to stay open',
    'namespace',
    ({ defaultDeny, ...rest }) => ({ ...rest, defaultDeny: (n: Any) => defaultDeny({ ...n, unnamedPods: 'denied' }) }),
  ],
  [
    'isolates every service in both directions',
    'policy',
    ({ servicePolicy }) => ({
      servicePolicy: (s: Any, f: Any) => servicePolicy({ ...s, isolates: 'both' }, f),
    }),
  ],
  [
    'leaves out a service that is isolated and has no intents',
    'policy',
    ({ servicePolicy }) => ({ servicePolicy: (s: Any, f: Any) => (f.length > 0 ? servicePolicy(s, f) : undefined) }),
  ],
  [
    'opens both sides of every intent',
    'flow',
    ({ flowsOf }) => ({ flowsOf: (i: Any) => flowsOf({ ...i, enforcedAt: 'both' }) }),
  ],
  [
    'writes less than a raw policy says',
    'namespace',
    ({ rawPolicy, ...rest }) => ({
      ...rest,
      rawPolicy: (r: Any) => {
        const p = rawPolicy(r);
        return { ...p, spec: { ...p.spec, egress: [] } };
      },
    }),
  ],
];

async function shop() {
  const { Testing } = await import('cdk8s');
  const { Environment, Namespace, Peer, RawPolicy, Service, Tier } = await import('../../../lib/index.js');
  const app = Testing.app();
  const prod = new Environment(app, 'prod');
  const shop = new Namespace(prod, 'shop');
  const tier = new Tier(shop, 'api');
  const web = new Service(shop, 'web', { ports: { http: 8080 } });
  const cart = new Service(tier, 'cart', { ports: { grpc: 7070, metrics: 9090 } });
  const orders = new Service(tier, 'orders', { ports: { grpc: 7071 } });
  web.allowFrom(Peer.internet({ via: 'direct' }));
  web.allowTo(tier, { ports: ['grpc'] });
  cart.allowFrom(orders, { ports: ['metrics'] });
  orders.allowTo(Peer.cidr('203.0.113.0/24', { except: ['203.0.113.7/32'] }), { ports: ['443'] });
  const open = new Namespace(prod, 'open', { isolates: 'ingress', unnamedPods: 'open' });
  const report = new Service(open, 'report', { ports: { http: 80 } });
  new Service(open, 'batch', { isolates: 'both' });
  report.allowFrom(web, { enforcedAt: 'callee' });
  cart.allowFrom(report, { ports: ['grpc'], enforcedAt: 'callee' });
  const spec = { podSelector: { matchLabels: { app: 'odd' } }, policyTypes: ['Egress' as const], egress: [{}] };
  new RawPolicy(open, 'odd', { spec, because: 'a test' });
  return { app };
}

async function proveShop(): Promise<readonly string[]> {
  const { app } = await shop();
  const { handoverOf } = await import('../../../lib/constructs/handover.js');
  return handoverOf(app).issues.map(({ code }) => code);
}

describe('the proof after a synthesis', () => {
  afterEach(() => {
    for (const file of Object.values(synthesizer)) vi.doUnmock(file);
    vi.resetModules();
  });

  it('holds for the synthesizer as it is', async () => {
    vi.resetModules();
    expect(await proveShop()).toEqual([]);
  });

  it.each(mutations)('fails for a synthesizer that %s', async (_, file, change) => {
    vi.resetModules();
    vi.doMock(synthesizer[file], async (importOriginal) => {
      const actual = await importOriginal<object>();
      return { ...actual, ...change(actual) };
    });
    expect(await proveShop()).toContain('proof-failed');
  });

  it('ends a plain `app.synth()` too', async () => {
    vi.resetModules();
    const { app: sound } = await shop();
    sound.synth();
    const [[, file, change]] = mutations as [(typeof mutations)[number]];
    vi.resetModules();
    vi.doMock(synthesizer[file], async (importOriginal) => {
      const actual = await importOriginal<object>();
      return { ...actual, ...change(actual) };
    });
    const { app } = await shop();
    expect(() => app.synth()).toThrow(/proof failed for ingress: .* is declared, but denied by the policies/);
  });
});
