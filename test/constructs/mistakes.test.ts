import { App } from 'cdk8s';
import {
  AllowFrom,
  Environment,
  LabelScheme,
  Namespace,
  Never,
  Peer,
  Port,
  Service,
  servicePort,
  Tier,
} from 'tierwall';
import { expect, test } from 'vitest';
import { synthesize } from '../../lib/constructs/synthesizer';
import { mistakesOf, shop } from '../support/program';

type Shop = ReturnType<typeof shop>;

const table: readonly (readonly [string, string, (given: Shop) => void])[] = [
  [
    'a port name that the callee does not declare',
    'unknown-port',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'b'), { ports: ['grpc'] });
    },
  ],
  [
    'a port number that the callee does not declare',
    'undeclared-port',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'b'), { ports: [81] });
    },
  ],
  ['port 0', 'bad-port', ({ namespace }) => void new Service(namespace, 'a', { ports: { http: 0 } })],
  ['port 65536', 'bad-port', ({ namespace }) => void new Service(namespace, 'a', { ports: { http: 65536 } })],
  [
    'a range that ends below its start',
    'bad-port',
    ({ namespace }) => void new Service(namespace, 'a', { ports: { r: Port.range(9, 8) } }),
  ],
  [
    'a port that is no port',
    'bad-port',
    ({ namespace }) => void new Service(namespace, 'a', { ports: { r: '80/ICMP' } }),
  ],
  [
    'a port name that says another number',
    'bad-port',
    ({ namespace }) => void new Service(namespace, 'a', { ports: { 8080: 90 } }),
  ],
  [
    'an empty list of ports',
    'no-ports',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'b'), { ports: [] });
    },
  ],
  [
    'an allow without ports to a callee that declares none',
    'no-ports',
    ({ namespace }) => {
      new Service(namespace, 'a').allowFrom(new Service(namespace, 'b'));
    },
  ],
  [
    'an allow without ports to a peer outside',
    'no-ports',
    ({ namespace }) => {
      new Service(namespace, 'a').allowTo(Peer.cidr('10.0.0.0/8'));
    },
  ],
  [
    'an empty list of peers',
    'no-peers',
    ({ namespace }) => void new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom([]),
  ],
  [
    'a bad CIDR',
    'bad-cidr',
    ({ namespace }) => void new Service(namespace, 'a').allowTo(Peer.cidr('10.0.0/8'), { ports: [1] }),
  ],
  [
    'host bits',
    'host-bits',
    ({ namespace }) => void new Service(namespace, 'a').allowTo(Peer.cidr('10.0.0.1/8'), { ports: [1] }),
  ],
  [
    'an except outside its CIDR',
    'except-outside',
    ({ namespace }) => {
      new Service(namespace, 'a').allowTo(Peer.cidr('10.0.0.0/8', { except: ['11.0.0.0/16'] }), { ports: [1] });
    },
  ],
  [
    'an except equal to its CIDR',
    'except-outside',
    ({ namespace }) => {
      new Service(namespace, 'a').allowTo(Peer.cidr('10.0.0.0/8', { except: ['10.0.0.0/8'] }), { ports: [1] });
    },
  ],
  [
    'a CIDR of which nothing is left',
    'no-addresses',
    ({ namespace }) => {
      const peer = Peer.cidr('10.0.0.0/8', { except: ['10.0.0.0/9', '10.128.0.0/9'] });
      new Service(namespace, 'a').allowTo(peer, { ports: [1] });
    },
  ],
  [
    'IPv4 addresses written as IPv6',
    'bad-cidr',
    ({ namespace }) => void new Service(namespace, 'a').allowTo(Peer.cidr('::ffff:10.0.0.0/104'), { ports: [1] }),
  ],
  ['no CIDRs', 'bad-peer', ({ namespace }) => void new Service(namespace, 'a').allowTo(Peer.cidrs([]), { ports: [1] })],
  [
    'a named port of an address',
    'named-port-of-address',
    ({ namespace }) => {
      new Service(namespace, 'a').allowTo(Peer.cidr('10.0.0.0/8'), { ports: [Port.named('http')] });
    },
  ],
  [
    'an empty selector of a service',
    'empty-selector',
    ({ namespace }) => void new Service(namespace, 'a', { labels: {} }),
  ],
  [
    'a selector that nothing can match',
    'empty-selector',
    ({ namespace }) => {
      new Service(namespace, 'a', { selector: { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] } });
    },
  ],
  [
    'an empty selector of a peer',
    'bad-peer',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(Peer.pods({ namespace: 'x', labels: {} }));
    },
  ],
  ['a name that is no DNS label', 'bad-name', ({ namespace }) => void new Service(namespace, 'Cart_1')],
  [
    'a name of a policy that the API server refuses',
    'refused-by-api-server',
    ({ environment }) => void Namespace.fromExisting(environment, 'x', { defaultDeny: 'Deny All' }),
  ],
  [
    'a service that is declared twice in one scope',
    'duplicate-service',
    ({ namespace }) => {
      new Service(namespace, 'a');
      new Service(namespace, 'a');
    },
  ],
  [
    'an id that objects of JavaScript have already, which is no second declaration',
    'bad-id',
    ({ namespace }) => {
      new Service(namespace, 'constructor');
    },
  ],
  [
    'a service that is declared twice in two tiers',
    'duplicate-service',
    ({ namespace }) => {
      new Service(new Tier(namespace, 'web'), 'a');
      new Service(new Tier(namespace, 'data'), 'a');
    },
  ],
  [
    'a tier that is declared twice, by its name',
    'duplicate-tier',
    ({ namespace }) => {
      new Tier(namespace, 'web', { name: 'front' });
      new Tier(namespace, 'edge', { name: 'front' });
    },
  ],
  [
    'an AllowFrom id that is used twice',
    'duplicate-allow-from',
    ({ namespace }) => {
      const a = new Service(namespace, 'a', { ports: { http: 80 } });
      const from = new Service(namespace, 'b');
      new AllowFrom(a, 'x', { from });
      new AllowFrom(a, 'x', { from });
    },
  ],
  [
    'two namespaces of one name in one cluster',
    'duplicate-namespace',
    ({ app }) => {
      new Namespace(new Environment(app, 'staging'), 'shop');
    },
  ],
  [
    'a peer of another app',
    'bad-peer',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(shop().namespace, 'b'));
    },
  ],
  [
    'an environment of another app in a guarantee',
    'bad-peer',
    ({ environment, namespace }) => void new Never(environment, 'x', { from: shop().environment, to: namespace }),
  ],
  [
    'an environment as a peer',
    'bad-peer',
    ({ environment, namespace }) => void new Service(namespace, 'a').allowFrom(environment as never),
  ],
  [
    'an AllowFrom without options',
    'bad-peer',
    ({ namespace }) => void new AllowFrom(new Service(namespace, 'a'), 'x', undefined as never),
  ],
  [
    'a kube- namespace without opt-in',
    'system-namespace',
    ({ environment }) => void new Namespace(environment, 'kube-system'),
  ],
  [
    'a managed namespace named as an outside peer',
    'managed-namespace',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(Peer.namespace('shop'));
    },
  ],
  [
    'the internet as a source without saying how it arrives',
    'internet-without-via',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(Peer.internet());
    },
  ],
  [
    'an API server that is nowhere',
    'no-api-server',
    ({ namespace }) => void new Service(namespace, 'a').allowTo(Peer.apiServer()),
  ],
  [
    'a day that is none',
    'bad-date',
    ({ namespace }) => {
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'b'), {
        until: '2026-02-30',
      });
    },
  ],
  [
    'an intent across environments',
    'cross-environment',
    ({ app, namespace }) => {
      const staging = new Namespace(new Environment(app, 'staging'), 'shop-staging');
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(staging, 'b'));
    },
  ],
  [
    'any pod, where another environment is in the cluster',
    'cross-environment',
    ({ app, namespace }) => {
      new Namespace(new Environment(app, 'staging'), 'shop-staging');
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(Peer.anyPod());
    },
  ],
  [
    'labels across clusters',
    'cross-cluster',
    ({ app, namespace }) => {
      const other = new Namespace(new Environment(app, 'eu', { cluster: 'eu' }), 'shop');
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(other, 'b'));
    },
  ],
  [
    'reach into another team that only the caller declares',
    'cross-team',
    ({ environment }) => {
      const a = new Service(new Namespace(environment, 'one', { team: 'one' }), 'a', { ports: { http: 80 } });
      new Service(new Namespace(environment, 'two', { team: 'two' }), 'b').allowTo(a);
    },
  ],
  [
    'reach into a team from a namespace of none, which only the caller declares',
    'cross-team',
    ({ environment, namespace }) => {
      const a = new Service(new Namespace(environment, 'one', { team: 'one' }), 'a', { ports: { http: 80 } });
      new Service(namespace, 'b').allowTo(a);
    },
  ],
  [
    'reach of a team into a namespace of none, which only the caller declares',
    'cross-team',
    ({ environment, namespace }) => {
      const a = new Service(namespace, 'a', { ports: { http: 80 } });
      new Service(new Namespace(environment, 'one', { team: 'one' }), 'b').allowTo(a);
    },
  ],
  [
    'an empty port of a Kubernetes Service',
    'bad-port',
    ({ namespace }) => {
      const port = servicePort({ name: 'front', ports: [{ port: 80 }] }, '');
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'b'), { ports: [port] });
    },
  ],
  [
    'a port of a Kubernetes Service that is undefined',
    'bad-port',
    ({ namespace }) => {
      const port = servicePort({ name: 'front', ports: [{ port: 80 }] }, undefined as never);
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'b'), { ports: [port] });
    },
  ],
  ['an environment without namespaces', 'empty-environment', ({ app }) => void new Environment(app, 'staging')],
  [
    'a service named as the default deny',
    'policy-name-taken',
    ({ namespace }) => void new Service(namespace, 'default-deny'),
  ],
  [
    'two services that select the same pods',
    'shared-pods',
    ({ namespace }) => {
      new Service(namespace, 'a', { labels: { app: 'x' } });
      new Service(namespace, 'b', { labels: { app: 'x' } });
    },
  ],
  [
    "a service whose selector takes in another's",
    'shared-pods',
    ({ namespace }) => {
      new Service(namespace, 'a', { labels: { app: 'x' } });
      new Service(namespace, 'b', { labels: { app: 'x', tier: 'y' } });
    },
  ],
  [
    'a broken guarantee',
    'guarantee-broken',
    ({ environment, namespace }) => {
      const a = new Service(namespace, 'a', { ports: { http: 80 } });
      const b = new Service(namespace, 'b');
      a.allowFrom(b);
      new Never(environment, 'no-b-to-a', { from: b, to: a });
    },
  ],
  [
    'a guarantee against the internet that egress breaks',
    'guarantee-broken',
    ({ environment, namespace }) => {
      new Service(namespace, 'a').allowTo(Peer.cidr('8.8.8.0/24'), { ports: [443] });
      new Never(environment, 'no-internet', { from: namespace, to: Peer.internet() });
    },
  ],
  [
    'a guarantee that names nothing the app isolates',
    'guarantee-without-subject',
    ({ environment }) => {
      new Never(environment, 'x', { from: Peer.anyPod(), to: Peer.internet() });
    },
  ],
];

test.for(table)('%s is a mistake: %s', ([, code, declare]) => {
  const given = shop();
  declare(given);
  expect(mistakesOf(given.app).map((text) => text.split(':')[0])).toContain(code);
});

test('all mistakes come at once, each with its construct, line and what to do', () => {
  const { app, namespace } = shop();
  new Service(namespace, 'a', { ports: { http: 0 } });
  new Service(namespace, 'b', { ports: { http: 80 } }).allowFrom([], { ports: ['x'] });
  new Service(namespace, 'C');
  const { issues } = synthesize(app);
  expect(issues.map(({ code }) => code).sort()).toEqual(['bad-name', 'bad-port', 'no-peers']);
  for (const { place, hint } of issues) {
    expect(place.construct).toMatch(/^prod\/shop\/[abC]$/);
    expect(`${place.origin}`).toMatch(/^test\/constructs\/mistakes\.test\.ts:\d+$/);
    expect(hint).toBeTruthy();
  }
});

test('cdk8s fails with every mistake, and writes nothing', () => {
  const app = new App({ outdir: '/nonexistent/never-written' });
  const namespace = new Namespace(new Environment(app, 'prod'), 'shop');
  new Service(namespace, 'A');
  new Service(namespace, 'b', { ports: { http: 0 } });
  expect(() => app.synthYaml()).toThrow(/no DNS label[\s\S]*not between 1 and 65535/);
});

test.for([
  [
    'a guarantee on other ports',
    ({ environment, namespace }: Shop) => {
      const a = new Service(namespace, 'a', { ports: { http: 80, admin: 81 } });
      const b = new Service(namespace, 'b');
      a.allowFrom(b, { ports: ['http'] });
      new Never(environment, 'x', { from: b, to: a, ports: ['admin'] });
    },
  ],
  [
    'an intent across environments that gives its reason',
    ({ app, namespace }: Shop) => {
      const staging = new Namespace(new Environment(app, 'staging'), 'shop-staging');
      const b = new Service(staging, 'b');
      new Service(namespace, 'a', { ports: { http: 80 } }).allowFrom(b, { crossEnvironment: { because: 'data copy' } });
    },
  ],
  [
    'reach into another team that the callee declares',
    ({ environment }: Shop) => {
      const a = new Service(new Namespace(environment, 'one', { team: 'one' }), 'a', { ports: { http: 80 } });
      const b = new Service(new Namespace(environment, 'two', { team: 'two' }), 'b');
      b.allowTo(a);
      a.allowFrom(b);
    },
  ],
  [
    'reach between namespaces of no team',
    ({ environment, namespace }: Shop) => {
      const a = new Service(new Namespace(environment, 'one'), 'a', { ports: { http: 80 } });
      new Service(namespace, 'b').allowTo(a);
    },
  ],
  [
    'services that share pods on purpose',
    ({ namespace }: Shop) => {
      const a = new Service(namespace, 'a', { labels: { app: 'x' } });
      new Service(namespace, 'b', { labels: { app: 'x' }, sharesPodsWith: [a] });
    },
  ],
] as const)('%s is no mistake', ([, declare]) => {
  const given = shop();
  declare(given);
  expect(mistakesOf(given.app)).toEqual([]);
});

test('a team, tier or name that the label scheme does not allow is a mistake', () => {
  const scheme = new LabelScheme({ allowed: { team: ['storefront'], tier: ['web'] } });
  const { app, environment } = shop({ labels: scheme });
  new Tier(new Namespace(environment, 'other', { team: 'shopfront' }), 'wbe');
  expect(mistakesOf(app)).toEqual([
    'label-not-allowed: team `shopfront` of namespace `prod/other` is not one that the label scheme allows',
    'label-not-allowed: tier `wbe` of tier `prod/other/wbe` is not one that the label scheme allows',
  ]);
});

test('what is declared twice under one id is one mistake', () => {
  const { app, environment, namespace } = shop();
  const a = new Service(namespace, 'a', { ports: { http: 80 } });
  new Service(namespace, 'a').allowTo(a);
  new Tier(namespace, 'web');
  new Tier(namespace, 'web');
  new Service(new Namespace(environment, 'shop'), 'b');
  new Namespace(new Environment(app, 'prod'), 'other');
  expect(mistakesOf(app)).toEqual([
    'duplicate-environment: environment `prod` is declared twice in the app',
    'duplicate-namespace: namespace `shop` is declared twice in `prod`',
    'duplicate-service: service `a` is declared twice in `prod/shop`',
    'duplicate-tier: tier `web` is declared twice in `prod/shop`',
  ]);
});

test('a service that nothing can match is one mistake, and not one more for each service beside it', () => {
  const { app, namespace } = shop();
  new Service(namespace, 'a', { labels: { app: 'a' } });
  new Service(namespace, 'b', { labels: { app: 'b' }, selector: { matchLabels: { app: 'c' } } });
  expect(mistakesOf(app)).toEqual(['empty-selector: no pod can match `app=`']);
});

test('a day that is none has not passed', () => {
  const { app, namespace } = shop();
  const a = new Service(namespace, 'a', { ports: { http: 80 } });
  a.allowFrom(new Service(namespace, 'b'), { until: '1999-1-1' });
  expect(synthesize(app).expired).toEqual([]);
});

test('an empty selector is one mistake, and not one more for each service that it would take in', () => {
  const { app, namespace } = shop();
  new Service(namespace, 'a');
  new Service(namespace, 'b', { labels: {} });
  expect(mistakesOf(app)).toEqual(['empty-selector: the selector of a service is empty and would be every pod']);
});

test('reach into another team says what to write, and on whose side', () => {
  const { app, environment } = shop();
  const api = new Service(new Namespace(environment, 'pay', { team: 'payments' }), 'api', { ports: { http: 80 } });
  new Service(new Namespace(environment, 'web', { team: 'storefront' }), 'frontend').allowTo(api);
  expect(synthesize(app).issues.map(({ message, hint }) => `${message}; ${hint}`)).toEqual([
    'team `storefront` reaches into team `payments`, which does not declare it; say `api.allowFrom(frontend)` on its side',
  ]);
});
