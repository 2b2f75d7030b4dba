import { Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  AllowFrom,
  Environment,
  Namespace,
  type NetworkPolicy,
  Never,
  noDns,
  Peer,
  RawPolicy,
  Service,
  type ServiceProps,
} from 'tierwall';
import { describe, expect, test, vi } from 'vitest';
import { handoverOf } from '../../lib/constructs/handover';
import { reportLines } from '../../lib/constructs/report';
import { synthesize } from '../../lib/constructs/synthesizer';
import { allows, type End } from '../support/evaluate';
import { mistakesOf, pod, policiesOf, policyOf } from '../support/program';

const outside: End = { address: '192.0.2.1' };

function environment() {
  const app = Testing.app();
  return { app, prod: new Environment(app, 'prod', { dns: noDns() }) };
}

describe('a namespace that isolates ingress only', () => {
  const build = () => {
    const { app, prod } = environment();
    const shop = new Namespace(prod, 'shop', { isolates: 'ingress' });
    const web = new Service(shop, 'web', { ports: { http: 80 } });
    const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
    cart.allowFrom(web);
    return policiesOf(app);
  };

  test('denies ingress that nothing declares, and leaves egress open', () => {
    const policies = build();
    expect(allows(policies, pod('web'), pod('cart'), 7070)).toBe(true);
    expect(allows(policies, pod('cart'), pod('web'), 80)).toBe(false);
    expect(allows(policies, pod('web'), outside, 443)).toBe(true);
    expect(allows(policies, pod('nobody'), outside, 443)).toBe(true);
    expect(allows(policies, outside, pod('nobody'), 80)).toBe(false);
  });

  test('writes no egress, so needs no DNS', () => {
    for (const { spec } of build()) expect(spec).not.toHaveProperty('egress');
  });
});

test('an intent that would open what nothing isolates is told', () => {
  const { app, prod } = environment();
  const shop = new Namespace(prod, 'shop', { isolates: 'ingress' });
  const web = new Service(shop, 'web', { ports: { http: 80 } });
  web.allowFrom(Peer.namespace('other'));
  web.allowTo(Peer.cidr('192.0.2.0/24'), { ports: [443] });
  expect(reportLines(synthesize(app))).toEqual([
    expect.stringMatching(/one-direction\.test\.ts:\d+: `prod\/shop\/web` opens nothing: nothing isolates the pods/),
  ]);
});

test('a guarantee that what nothing isolates breaks is told with that, and how to isolate it', () => {
  const { app, prod } = environment();
  const shop = new Namespace(prod, 'shop', { isolates: 'ingress' });
  const db = new Service(shop, 'db', { ports: { sql: 5432 } });
  new Never(prod, 'inside', { from: db, to: Peer.internet() });
  expect(handoverOf(app).issues.map(({ message, hint }) => `${message}; ${hint}`)).toEqual([
    expect.stringMatching(
      /^guarantee `inside` is broken: .* is allowed since no policy isolates the pods of shop; isolate these pods in that direction, as the namespace does with `isolates: 'both'`, or change the guarantee$/,
    ),
  ]);
});

describe('a namespace that leaves unnamed pods open', () => {
  test('writes no default deny, and isolates each service by a policy of its own', () => {
    const { app, prod } = environment();
    const shop = new Namespace(prod, 'shop', { unnamedPods: 'open' });
    new Service(shop, 'web', { ports: { http: 80 } });
    const policies = policiesOf(app);
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(['tierwall-web']);
    expect(allows(policies, outside, pod('web'), 80)).toBe(false);
    expect(allows(policies, pod('web'), outside, 80)).toBe(false);
    expect(allows(policies, outside, pod('nobody'), 80)).toBe(true);
  });

  test('has services that only name pods, as peers of others', () => {
    const { app, prod } = environment();
    const shop = new Namespace(prod, 'shop', { unnamedPods: 'open' });
    const web = new Service(shop, 'web', { isolates: 'none' });
    const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
    cart.allowFrom(web);
    const policies = policiesOf(app);
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(['tierwall-cart']);
    expect(allows(policies, pod('web'), pod('cart'), 7070)).toBe(true);
    expect(allows(policies, pod('nobody'), pod('cart'), 7070)).toBe(false);
  });
});

describe('an intent that is enforced at one side', () => {
  test.for([
    ['callee', 'ingress', 'egress'],
    ['caller', 'egress', 'ingress'],
  ] as const)('opens only that side: %s', ([enforcedAt, opened, other]) => {
    const { app, prod } = environment();
    const shop = new Namespace(prod, 'shop');
    const web = new Service(shop, 'web');
    const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
    cart.allowFrom(web, { enforcedAt });
    const [policy, ...more] = policiesOf(app).filter(({ spec }) => spec.ingress || spec.egress);
    expect(more).toEqual([]);
    expect(policy?.spec[opened]).toHaveLength(1);
    expect(policy?.spec).not.toHaveProperty(other);
  });

  test('of two that are enforced at one side each, both sides are open', () => {
    const say = (sides: readonly ('both' | 'callee' | 'caller')[]) => {
      const { app, prod } = environment();
      const shop = new Namespace(prod, 'shop');
      const web = new Service(shop, 'web');
      const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
      for (const enforcedAt of sides) cart.allowFrom(web, { enforcedAt });
      return policiesOf(app);
    };
    expect(say(['callee', 'caller'])).toEqual(say(['both']));
  });

  test('cannot be enforced at a peer outside the app', () => {
    const { app, prod } = environment();
    const cart = new Service(new Namespace(prod, 'shop'), 'cart', { ports: { grpc: 7070 } });
    cart.allowFrom(Peer.namespace('other'), { enforcedAt: 'caller' });
    expect(mistakesOf(app)).toEqual([
      'not-enforced: the intent is enforced at the caller alone, and namespace other is not isolated by this app',
    ]);
  });
});

describe('a service of all pods', () => {
  test('is every pod of its namespace, and shares them with every other service', () => {
    const { app, prod } = environment();
    const shop = new Namespace(prod, 'shop');
    new Service(shop, 'cart', { ports: { grpc: 7070 } });
    new Service(shop, 'every-pod', { pods: 'all', ports: { metrics: 9090 } }).allowFrom(Peer.prometheus(), {
      ports: ['metrics'],
    });
    expect(policyOf(app, 'every-pod').spec.podSelector).toEqual({});
    const scraper: End = { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } };
    for (const name of ['cart', 'nobody']) expect(allows(policiesOf(app), scraper, pod(name), 9090)).toBe(true);
    expect(synthesize(app).overlaps).toEqual([]);
  });

  test('looks names up for all of them once it has egress, and no other policy says that again', () => {
    const app = Testing.app();
    const shop = new Namespace(new Environment(app, 'prod'), 'shop');
    const db = new Service(shop, 'db', { ports: { sql: 5432 } });
    new Service(shop, 'web').allowTo(db);
    const all = new Service(shop, 'every-pod', { pods: 'all' });
    const ports = (name: string) => policyOf(app, name).spec.egress?.map((rule) => rule.ports?.map(({ port }) => port));
    expect(ports('web')).toEqual([[53, 53], [5432]]);
    all.allowTo(Peer.cidr('198.51.100.0/24'), { ports: [443] });
    expect([ports('web'), ports('every-pod')]).toEqual([[[5432]], [[443], [53, 53]]]);
    const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    expect(allows(policiesOf(app), pod('web'), dns, 53)).toBe(true);
  });

  test('is the same one of several that looks names up for all, in whatever order they are declared', () => {
    const written = (names: readonly string[]) => {
      const app = Testing.app();
      const shop = new Namespace(new Environment(app, 'prod'), 'shop');
      for (const name of names) {
        const all = new Service(shop, name, { pods: 'all' });
        all.allowTo(Peer.cidr('198.51.100.0/24'), { ports: [name === 'one' ? 443 : 444] });
      }
      return policiesOf(app);
    };
    expect(written(['two', 'one'])).toEqual(written(['one', 'two']));
  });

  test('is not also picked by labels', () => {
    const { app, prod } = environment();
    new Service(new Namespace(prod, 'shop'), 'x', { pods: 'all', labels: { app: 'x' } });
    expect(mistakesOf(app)).toEqual(['bad-option: `pods: all` is every pod, and labels pick some']);
  });
});

describe('a service that isolates', () => {
  test('less than its namespace denies by default is a mistake', () => {
    const { app, prod } = environment();
    new Service(new Namespace(prod, 'shop'), 'x', { isolates: 'ingress' });
    expect(mistakesOf(app)).toEqual([
      'less-isolated: service `x` isolates `ingress`, but the default deny of namespace `shop` denies egress to all its pods',
    ]);
  });

  test('more than its namespace has a policy for it, without intents too', () => {
    const { app, prod } = environment();
    new Service(new Namespace(prod, 'shop', { isolates: 'ingress' }), 'x', { isolates: 'both' });
    expect(policyOf(app, 'x').spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(allows(policiesOf(app), pod('x'), outside, 1)).toBe(false);
  });
});

describe('a raw policy', () => {
  const spec: NetworkPolicy['spec'] = {
    podSelector: { matchLabels: { app: 'odd' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'x' } } }], ports: [{ port: 80 }] }],
  };

  test('is written as it is, under a name with the prefix, with the reason why it is there', () => {
    const { app, prod } = environment();
    new RawPolicy(new Namespace(prod, 'shop'), 'odd', { spec, because: 'no intent says it' });
    expect(policyOf(app, 'odd')).toMatchObject({
      metadata: {
        annotations: { 'tierwall.dev/because': 'no intent says it', 'tierwall.dev/source': 'prod/shop/odd' },
      },
      spec,
    });
    expect(handoverOf(app).issues).toEqual([]);
  });

  test('that the API server would refuse is a mistake with its line', () => {
    const { app, prod } = environment();
    const wrong = { ...spec, podSelector: { matchLabels: { app: 'not a label!' } } };
    new RawPolicy(new Namespace(prod, 'shop'), 'odd', { spec: wrong, because: 'x' });
    expect(mistakesOf(app)).toEqual([expect.stringContaining('refused-by-api-server: the API server would refuse it')]);
  });

  test('has a name of its own', () => {
    const { app, prod } = environment();
    const shop = new Namespace(prod, 'shop');
    new RawPolicy(shop, 'odd', { name: 'cart', spec, because: 'x' });
    new Service(shop, 'cart');
    expect(mistakesOf(app)).toEqual([
      'policy-name-taken: policy `tierwall-cart` of raw policy `cart` is that of service `cart`',
    ]);
  });

  test.for([
    ['a raw policy', {}, {}],
    ['a service that isolates nothing', { unnamedPods: 'open' }, { isolates: 'none' }],
    ['a namespace that isolates ingress only', { isolates: 'ingress' }, {}],
  ] as const)(
    'as anything that intents do not say, may break a guarantee, without a proof too: %s',
    ([what, namespaceProps, callerProps]) => {
      const { app, prod } = environment();
      const shop = new Namespace(prod, 'shop', namespaceProps);
      const cart = new Service(shop, 'cart', { isolates: 'both' });
      const caller = new Service(shop, 'caller', callerProps);
      new AllowFrom(cart, 'from-caller', { from: caller, ports: [80], enforcedAt: 'callee' });
      if (what === 'a raw policy') {
        const everything = { podSelector: {}, policyTypes: ['Egress' as const], egress: [{}] };
        new RawPolicy(shop, 'odd', { spec: everything, because: 'x' });
      }
      new Never(prod, 'apart', { from: caller, to: cart });
      vi.stubEnv('TIERWALL_PROOF', 'off');
      expect(handoverOf(app).issues.map(({ code }) => code)).toEqual(['guarantee-broken']);
      vi.unstubAllEnvs();
    },
  );
});

const isolations = ['both', 'ingress', 'egress', 'none'] as const;
const names = ['a', 'b', 'c'] as const;
const statement = fc.record({
  callee: fc.nat(names.length - 1),
  caller: fc.nat(names.length),
  enforcedAt: fc.constantFrom('both' as const, 'callee' as const, 'caller' as const),
});
const programs = fc.record({
  isolates: fc.constantFrom('both' as const, 'ingress' as const, 'egress' as const),
  unnamedPods: fc.constantFrom('denied' as const, 'open' as const),
  services: fc.tuple(...names.map(() => fc.option(fc.constantFrom(...isolations), { nil: undefined }))),
  statements: fc.array(statement, { maxLength: 5 }),
});
type Program = typeof programs extends fc.Arbitrary<infer P> ? P : never;
const covers = (isolation: string, direction: string) => isolation === 'both' || isolation === direction;

/** What a service isolates: never less than its namespace denies by default. */
function isolationOf({ isolates, unnamedPods, services }: Program, i: number): NonNullable<ServiceProps['isolates']> {
  const own = services[i] ?? isolates;
  if (unnamedPods === 'open' || own === isolates) return own;
  return isolates === 'both' || own !== 'none' ? 'both' : isolates;
}

test('the policies allow what the statements say in the directions that are isolated, and everything in the others', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const { isolates, unnamedPods, statements } = program;
      const { app, prod } = environment();
      const shop = new Namespace(prod, 'shop', { isolates, unnamedPods });
      const services = names.map(
        (name, i) => new Service(shop, name, { ports: { http: 80 }, isolates: isolationOf(program, i) }),
      );
      const peers = [...services, Peer.cidr('192.0.2.0/24')];
      const said = statements.filter(({ caller, enforcedAt }) => caller < names.length || enforcedAt !== 'caller');
      for (const { callee, caller, enforcedAt } of said) services[callee]!.allowFrom(peers[caller]!, { enforcedAt });
      const { issues, documents } = handoverOf(app);
      expect(issues).toEqual([]);
      expect(documents.length).toBeGreaterThanOrEqual(unnamedPods === 'denied' ? 1 : 0);

      const universe: End[] = [...names.map((name) => pod(name)), pod('nobody'), outside];
      const opens = (direction: 'ingress' | 'egress', from: number, to: number) => {
        const own = direction === 'ingress' ? to : from;
        if (own > names.length) return true;
        const denied = own < names.length ? isolationOf(program, own) : unnamedPods === 'denied' ? isolates : 'none';
        if (!covers(denied, direction)) return true;
        const side = direction === 'ingress' ? 'caller' : 'callee';
        return said.some((s) => s.enforcedAt !== side && s.callee === to && peerOf(s.caller) === from);
      };
      const policies = policiesOf(app);
      for (const [i, from] of universe.entries()) {
        for (const [j, to] of universe.entries()) {
          if (i === j) continue;
          const expected = opens('egress', i, j) && opens('ingress', i, j);
          expect([i, j, allows(policies, from, to, 80)]).toEqual([i, j, expected]);
        }
      }
    }),
    { numRuns: 150 },
  );
});

/** The end that a statement's caller is: after the services come a pod that nobody names, and an address. */
function peerOf(caller: number): number {
  return caller < names.length ? caller : names.length + 1;
}
