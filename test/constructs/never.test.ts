import { Environment, issueToString, Namespace, Never, noDns, nodeLocalDns, Peer, Service, Tier } from 'tierwall';
import { describe, expect, test } from 'vitest';
import { synthesize } from '../../lib/constructs/synthesizer';
import { mistakesOf, shop } from '../support/program';

/** A caller and a callee that declares one port, in a namespace of an environment. */
function pair(props: Parameters<typeof shop>[0] = { dns: noDns() }) {
  const given = shop(props);
  const web = new Service(given.namespace, 'web', { ports: { http: 8080 } });
  const api = new Service(given.namespace, 'api', { ports: { grpc: 7070 } });
  return { ...given, web, api };
}

const broken = (app: Parameters<typeof synthesize>[0]) => synthesize(app).issues.map((issue) => issue.code);

describe('the ports of a guarantee', () => {
  test.for([
    ['a mistyped name', ['grcp'], 'unknown-port: port `grcp` is not declared by `prod/shop/api`'],
    ['an undeclared number', [7071], 'undeclared-port: port `7071/TCP` is not declared by `prod/shop/api`'],
    ['port 0', [0], 'bad-port: port `0` is not between 1 and 65535'],
    ['an empty list', [], 'no-ports: `ports` is empty'],
  ] as const)('are those that the callee declares: %s is the mistake that it is in an intent', ([, ports, message]) => {
    const { app, environment, web, api } = pair();
    new Never(environment, 'x', { from: web, to: api, ports });
    expect(mistakesOf(app)).toContainEqual(expect.stringContaining(message));
  });

  test('by name are declared by some service of an environment, and by number by any that may come', () => {
    const { app, environment, web, namespace } = pair();
    new Never(environment, 'typo', { from: web, to: environment, ports: ['grcp'] });
    new Never(environment, 'ssh', { from: web, to: environment, ports: [22] });
    new Never(environment, 'name', { from: web, to: namespace, ports: ['grpc'] });
    expect(mistakesOf(app)).toEqual(['unknown-port: port `grcp` is declared by no service of environment `prod`']);
  });

  test('by name are not those of another service of that number', () => {
    const { app, environment, namespace, web, api } = pair();
    const other = new Service(namespace, 'other', { ports: { plain: 7070 } });
    other.allowFrom(web);
    new Never(environment, 'x', { from: web, to: namespace, ports: ['grpc'] });
    expect(broken(app)).toEqual([]);
    api.allowFrom(web);
    expect(broken(app)).toEqual(['guarantee-broken']);
  });
});

describe('a guarantee against the internet', () => {
  test('is broken by an intent for the internet that comes through a proxy', () => {
    const { app, environment, api } = pair();
    api.allowFrom(Peer.internet({ via: Peer.ingressNginx() }));
    new Never(environment, 'x', { from: Peer.internet(), to: api });
    expect(broken(app)).toEqual(['guarantee-broken']);
  });

  test('and through its proxy is broken by either', () => {
    for (const from of [
      Peer.internet({ via: Peer.ingressNginx() }),
      Peer.ingressNginx(),
      Peer.internet({ via: 'direct' }),
    ]) {
      const { app, environment, api } = pair();
      api.allowFrom(from);
      new Never(environment, 'x', { from: Peer.internet({ via: Peer.ingressNginx() }), to: api });
      expect(broken(app)).toEqual(['guarantee-broken']);
    }
  });

  test('is not broken by the proxy of another peer', () => {
    const { app, environment, api } = pair();
    api.allowFrom(Peer.prometheus());
    new Never(environment, 'x', { from: Peer.internet({ via: Peer.ingressNginx() }), to: api });
    expect(broken(app)).toEqual([]);
  });
});

describe('addresses that pods may have', () => {
  const open = (to: Peer, from: Peer, port = 7070) => {
    const { app, environment, web, api } = pair();
    web.allowTo(to, { ports: [port] });
    api.allowFrom(from);
    new Never(environment, 'x', { from: web, to: api });
    return synthesize(app).issues;
  };
  const office = Peer.cidr('10.0.0.0/8');
  const anyAddress = Peer.anyAddress();

  test.for([
    ['any address and any address', anyAddress, anyAddress],
    ['one private range', office, office],
    ['any pod and any address', Peer.anyPod(), anyAddress],
    ['any address and any pod', anyAddress, Peer.anyPod()],
    ['private IPv6', Peer.cidr('fd00::/8'), anyAddress],
  ] as const)('on both sides leave a guarantee uncertain: %s', ([, to, from]) => {
    const issues = open(to, from);
    expect(issues.map(({ code }) => code)).toEqual(['guarantee-unknown']);
    expect(issues[0]?.message).toContain(
      'is not certain: the API leaves it to the CNI whether an ipBlock takes in pods',
    );
  });

  test.for([
    ['one side only', office, Peer.prometheus(), 7070],
    ['the internet at the caller', Peer.internet(), anyAddress, 7070],
    ['the internet at the callee', anyAddress, Peer.internet({ via: 'direct' }), 7070],
    ['public addresses', Peer.cidr('8.8.8.0/24'), anyAddress, 7070],
    ['link-local addresses', Peer.cidr('169.254.20.10/32'), anyAddress, 7070],
    ['other ports', office, office, 443],
  ] as const)('do not where they open nothing together: %s', ([, to, from, port]) => {
    expect(open(to, from, port)).toEqual([]);
  });

  test('do not where they are those of the API server', () => {
    const { app, environment, web, api } = pair({ apiServer: { cidrs: ['10.0.0.1/32'], port: 7070 }, dns: noDns() });
    web.allowTo(Peer.apiServer());
    api.allowFrom(Peer.apiServer());
    new Never(environment, 'x', { from: web, to: api });
    expect(broken(app)).toEqual([]);
  });

  test('is certain where everyone is meant on both sides', () => {
    expect(open(Peer.anywhere(), Peer.anywhere()).map(({ code }) => code)).toEqual(['guarantee-broken']);
  });

  test('leave it uncertain whether pods outside the app are among them', () => {
    const { app, environment, api } = pair();
    api.allowFrom(Peer.anyAddress());
    new Never(environment, 'x', { from: Peer.prometheus(), to: api });
    expect(broken(app)).toEqual(['guarantee-unknown']);
  });
});

describe('implied DNS', () => {
  test.for([
    ['kube-dns', {}, Peer.kubeDns(), ['guarantee-broken']],
    ['the node-local cache', { dns: nodeLocalDns() }, Peer.nodeLocalDns(), ['guarantee-broken']],
    ['no DNS', { dns: noDns() }, Peer.kubeDns(), []],
    ['another peer', {}, Peer.prometheus(), []],
  ] as const)('counts for a guarantee: %s', ([, props, to, codes]) => {
    const { app, environment, web, api } = pair(props);
    api.allowFrom(web);
    new Never(environment, 'x', { from: web, to });
    expect(broken(app)).toEqual(codes);
  });

  test('does not for a service that has egress to nowhere, nor on other ports', () => {
    const { app, environment, web, api } = pair({});
    api.allowFrom(web);
    new Never(environment, 'x', { from: api, to: Peer.kubeDns() });
    new Never(environment, 'y', { from: web, to: Peer.kubeDns(), ports: [9153] });
    expect(broken(app)).toEqual([]);
  });
});

describe('a guarantee that would say nothing', () => {
  test.for([
    ['about a tier', 'tier `prod/shop/web`'],
    ['about a namespace', 'namespace `prod/empty`'],
    ['about an environment', 'environment `staging`'],
  ] as const)('is a mistake: %s without services', ([, name]) => {
    const { app, environment, namespace } = shop();
    const api = new Service(namespace, 'api', { ports: { grpc: 7070 } });
    const staging = new Environment(app, 'staging');
    new Namespace(staging, 'shop-staging');
    const parties = {
      tier: new Tier(namespace, 'web'),
      namespace: new Namespace(environment, 'empty'),
      environment: staging,
    };
    new Never(environment, 'x', { from: parties[name.split(' ')[0] as keyof typeof parties], to: api });
    expect(mistakesOf(app)).toEqual([
      `guarantee-without-subject: \`from\` of guarantee \`x\` names ${name}, which has no services`,
    ]);
  });

  test('is a mistake: no options at all', () => {
    const { app, environment } = shop();
    new Never(environment, 'x', undefined as never);
    expect(mistakesOf(app)).toEqual(['missing-option: `from` is missing', 'missing-option: `to` is missing']);
  });
});

test('a broken guarantee names the ports, and every intent that breaks it', () => {
  const { app, environment, namespace, web, api } = pair();
  api.allowFrom(namespace);
  web.allowTo(Peer.anyPod(), { ports: [7070] });
  new Never(environment, 'quiet', { from: web, to: api });
  const [text] = synthesize(app).issues.map(issueToString).sort();
  expect(text).toMatch(
    /^prod\/shop\/api \(test\/constructs\/never\.test\.ts:\d+\): guarantee `quiet` is broken: `prod\/shop\/web` may reach `prod\/shop\/api` on 7070\/TCP, by the intent from `prod\/shop` to `prod\/shop\/api`; remove the intent, or change the guarantee at test\/constructs\/never\.test\.ts:\d+$/,
  );
});

describe('pods of two services', () => {
  /** `narrow` has its pods within `wide`'s, on purpose. */
  const shared = () => {
    const given = pair();
    const wide = new Service(given.namespace, 'wide', { labels: { app: 'x' }, ports: { p: 1 } });
    const labels = { app: 'x', role: 'r' };
    const narrow = new Service(given.namespace, 'narrow', { labels, ports: { p: 2 }, sharesPodsWith: [wide] });
    return { ...given, wide, narrow };
  };

  test('may do what either may, so that an intent of the one breaks a guarantee about the other', () => {
    const { app, environment, wide, narrow, api } = shared();
    api.allowFrom(wide);
    new Never(environment, 'x', { from: narrow, to: api });
    expect(mistakesOf(app)).toEqual([
      'guarantee-broken: guarantee `x` is broken: `prod/shop/narrow` may reach `prod/shop/api` on 7070/TCP, by the intent from `prod/shop/wide` to `prod/shop/api`',
    ]);
  });

  test('may be reached as either may', () => {
    const { app, environment, wide, narrow, web } = shared();
    wide.allowFrom(web);
    new Never(environment, 'x', { from: web, to: narrow });
    expect(mistakesOf(app)).toEqual([
      'guarantee-broken: guarantee `x` is broken: `prod/shop/web` may reach `prod/shop/narrow` on 1/TCP, by the intent from `prod/shop/web` to `prod/shop/wide`',
    ]);
  });

  test('and of others do not concern a guarantee', () => {
    const { app, environment, narrow, namespace, api, web } = shared();
    const other = new Service(namespace, 'other', { labels: { app: 'y' }, ports: { p: 1 } });
    other.allowFrom(web);
    api.allowFrom(other);
    new Never(environment, 'x', { from: narrow, to: api });
    new Never(environment, 'y', { from: web, to: narrow });
    expect(broken(app)).toEqual([]);
  });
});

describe('a guarantee about the API server', () => {
  test.for(['from', 'to'] as const)('says nothing where it is not known where that is: %s', (side) => {
    const { app, environment, web, api } = pair();
    web.allowTo(Peer.cidr('10.0.0.0/8'), { ports: [443] });
    new Never(
      environment,
      'x',
      side === 'to' ? { from: web, to: Peer.apiServer() } : { from: Peer.apiServer(), to: api },
    );
    expect(mistakesOf(app)).toEqual([
      'guarantee-without-subject: environment `prod` does not say where its API server is, so guarantee `x` would say nothing of it',
    ]);
  });

  test('holds or is broken where it is known', () => {
    const { app, environment, web } = pair({ dns: noDns(), apiServer: { cidrs: ['192.0.2.1/32'], port: 6443 } });
    new Never(environment, 'x', { from: web, to: Peer.apiServer() });
    expect(broken(app)).toEqual([]);
    web.allowTo(Peer.apiServer());
    expect(broken(app)).toEqual(['guarantee-broken']);
  });
});

describe('a guarantee is not broken', () => {
  test('by pods of the same labels in another cluster', () => {
    const { app } = shop();
    const [x, y] = ['x', 'y'].map((cluster) => {
      const environment = new Environment(app, cluster, { cluster });
      const tier = new Tier(new Namespace(environment, 'twin'), 't');
      new Service(tier, 's', { ports: { p: 1 } });
      new Service(tier.node.scope as Namespace, 'd', { ports: { p: 1 } }).allowFrom(tier);
      return environment;
    });
    new Never(x!, 'apart', { from: x!, to: y! });
    expect(broken(app).filter((code) => code.startsWith('guarantee'))).toEqual([]);
    new Never(x!, 'itself', { from: x!, to: x! });
    expect(broken(app)).toContain('guarantee-broken');
  });

  test('by pods of a namespace whose declared labels are others', () => {
    const { app, environment, web, api } = pair();
    api.allowFrom(web);
    const labelled = (value: string) => Peer.namespaces({ labels: { 'tierwall.dev/environment': value } });
    new Never(environment, 'staging', { from: labelled('staging'), to: api });
    expect(broken(app)).toEqual([]);
    new Never(environment, 'prod', { from: labelled('prod'), to: api });
    expect(broken(app)).toEqual(['guarantee-broken']);
  });
});
