import { Testing } from 'cdk8s';
import {
  AllowFrom,
  anyPort,
  Environment,
  LabelScheme,
  Namespace,
  noDns,
  nodeLocalDns,
  openshiftDns,
  Peer,
  Port,
  Service,
  Tier,
} from 'tierwall';
import { describe, expect, test } from 'vitest';
import { allows } from '../support/evaluate';
import { pod, policiesOf, policyOf, shop } from '../support/program';

const outside = (address: string) => ({ address });

describe('a namespace', () => {
  test('denies its pods everything that nothing declares, in both directions', () => {
    const { app, namespace } = shop();
    new Service(namespace, 'cart', { ports: { grpc: 7070 } });
    const policies = policiesOf(app);
    expect(policies.map((p) => p.metadata.name)).toEqual(['tierwall-default-deny']);
    expect(allows(policies, pod('frontend'), pod('cart'), 7070)).toBe(false);
    expect(allows(policies, pod('cart'), outside('1.1.1.1'), 443)).toBe(false);
    expect(allows(policies, pod('x', 'elsewhere'), pod('cart'), 7070)).toBe(false);
  });

  test('as a peer is all its pods', () => {
    const { app, environment, namespace } = shop();
    const tools = new Namespace(environment, 'tools');
    new Service(tools, 'probe');
    const cart = new Service(namespace, 'cart', { ports: { grpc: 7070 } });
    cart.allowFrom(tools);
    const policies = policiesOf(app);
    expect(allows(policies, pod('probe', 'tools'), pod('cart'), 7070)).toBe(true);
    expect(policyOf(app, 'cart').spec.ingress?.[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tools' } } },
    ]);
    expect(allows(policies, pod('unnamed', 'tools'), pod('cart'), 7070)).toBe(false);
  });

  test('that exists keeps the name of its default deny, which tierwall takes over', () => {
    const { app, environment } = shop();
    Namespace.fromExisting(environment, 'old', { defaultDeny: 'deny-all' });
    expect(policiesOf(app).map((p) => `${p.metadata.namespace}/${p.metadata.name}`)).toContain('old/deny-all');
  });
});

describe('an intent between two services', () => {
  test('opens egress at the caller and ingress at the callee, on the declared ports and nothing else', () => {
    const { app, namespace } = shop();
    const frontend = new Service(namespace, 'frontend', { ports: { http: 8080 } });
    const cart = new Service(namespace, 'cart', { ports: { grpc: 7070, debug: '6060/TCP' } });
    cart.allowFrom(frontend, { ports: ['grpc'] });
    const policies = policiesOf(app);
    expect(allows(policies, pod('frontend'), pod('cart'), 7070)).toBe(true);
    expect(allows(policies, pod('frontend'), pod('cart'), 7070, 'UDP')).toBe(false);
    expect(allows(policies, pod('frontend'), pod('cart'), 6060)).toBe(false);
    expect(allows(policies, pod('cart'), pod('frontend'), 8080)).toBe(false);
    expect(allows(policies, pod('other'), pod('cart'), 7070)).toBe(false);
  });

  test('is one intent, said from either side or from both', () => {
    const say = (how: 'callee' | 'caller' | 'both' | 'construct') => {
      const { app, namespace } = shop();
      const a = new Service(namespace, 'a');
      const b = new Service(namespace, 'b', { ports: { http: 80 } });
      if (how === 'callee' || how === 'both') b.allowFrom(a);
      if (how === 'caller' || how === 'both') a.allowTo(b);
      if (how === 'construct') new AllowFrom(b, 'from-a', { from: a });
      return policiesOf(app);
    };
    expect(say('caller')).toEqual(say('callee'));
    expect(say('both')).toEqual(say('callee'));
    expect(say('construct')).toEqual(say('callee'));
  });

  test('to itself opens its replicas to each other', () => {
    const { app, namespace } = shop();
    const kafka = new Service(namespace, 'kafka', { ports: { broker: 9092 } });
    kafka.allowFrom(kafka);
    expect(allows(policiesOf(app), pod('kafka'), pod('kafka'), 9092)).toBe(true);
  });

  test.for([
    ['a number', 8080, 8080, 'TCP'],
    ['text with a protocol', '53/UDP', 53, 'UDP'],
    ['a range', '8000-8999/TCP', 8500, 'TCP'],
    ['SCTP', Port.sctp(3868), 3868, 'SCTP'],
  ] as const)('on %s', ([, given, port, protocol]) => {
    const { app, namespace } = shop();
    const a = new Service(namespace, 'a');
    new Service(namespace, 'b', { ports: { main: given } }).allowFrom(a);
    expect(allows(policiesOf(app), pod('a'), pod('b'), port, protocol)).toBe(true);
    expect(allows(policiesOf(app), pod('a'), pod('b'), 7, protocol)).toBe(false);
  });

  test('by a named port keeps the name, which each pod resolves for itself', () => {
    const { app, namespace } = shop();
    const a = new Service(namespace, 'a');
    new Service(namespace, 'b', { ports: { http: Port.named('http') } }).allowFrom(a);
    expect(policyOf(app, 'b').spec.ingress?.[0]?.ports).toEqual([{ protocol: 'TCP', port: 'http' }]);
    expect(allows(policiesOf(app), pod('a'), { ...pod('b'), names: { http: 8081 } }, 8081)).toBe(true);
  });

  test('on any port only where it is written out', () => {
    const { app, namespace } = shop();
    const a = new Service(namespace, 'a');
    new Service(namespace, 'b').allowFrom(a, { ports: anyPort() });
    expect(policyOf(app, 'b').spec.ingress).toEqual([
      { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'a' } } }] },
    ]);
  });
});

describe('a tier', () => {
  test('gives every member what it may do, also one that is declared later', () => {
    const { app, namespace } = shop();
    const web = new Tier(namespace, 'web');
    const data = new Tier(namespace, 'data');
    new Service(web, 'one');
    data.allowFrom(web);
    new Service(data, 'db', { ports: { pg: 5432 } });
    new Service(web, 'two');
    const policies = policiesOf(app);
    for (const name of ['one', 'two']) expect(allows(policies, pod(name), pod('db'), 5432)).toBe(true);
    expect(policyOf(app, 'db').spec.ingress?.[0]?.from).toEqual([
      {
        podSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['one', 'two'] }] },
      },
    ]);
  });

  test('is written as its members, unless selection by its label is asked for', () => {
    const { app, namespace } = shop();
    const web = new Tier(namespace, 'web', { selection: 'label' });
    new Service(web, 'one');
    new Service(namespace, 'db', { ports: { pg: 5432 } }).allowFrom(web);
    expect(policyOf(app, 'db').spec.ingress?.[0]?.from).toEqual([
      { podSelector: { matchLabels: { 'tierwall.dev/tier': 'web' } } },
    ]);
  });

  test('without members opens nothing, and never everything', () => {
    const { app, namespace } = shop();
    const db = new Service(namespace, 'db', { ports: { pg: 5432 } });
    db.allowFrom(new Tier(namespace, 'empty'));
    expect(allows(policiesOf(app), pod('x'), pod('db'), 5432)).toBe(false);
  });

  test('takes a port by name for those of its members that declare it', () => {
    const { app, namespace } = shop();
    const web = new Tier(namespace, 'web');
    const probe = new Service(namespace, 'probe');
    new Service(web, 'one', { ports: { metrics: 9090, http: 80 } });
    new Service(web, 'two', { ports: { http: 80 } });
    web.allowFrom(probe, { ports: ['metrics'] });
    const policies = policiesOf(app);
    expect(allows(policies, pod('probe'), pod('one'), 9090)).toBe(true);
    expect(allows(policies, pod('probe'), pod('one'), 80)).toBe(false);
    expect(allows(policies, pod('probe'), pod('two'), 80)).toBe(false);
  });
});

describe('a peer', () => {
  const api = (peer: Peer, props = {}) => {
    const { app, namespace } = shop({ apiServer: { cidrs: ['192.0.2.1/32'], port: 6443 } });
    new Service(namespace, 'api', { ports: { http: 80 } }).allowFrom(peer, props);
    return policiesOf(app);
  };

  test('can be pods by labels in a namespace that the app does not manage', () => {
    const policies = api(Peer.ingressNginx());
    const labels = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
    expect(allows(policies, { namespace: 'ingress-nginx', labels }, pod('api'), 80)).toBe(true);
    expect(allows(policies, { namespace: 'ingress-nginx', labels: {} }, pod('api'), 80)).toBe(false);
    expect(allows(policies, { namespace: 'other', labels }, pod('api'), 80)).toBe(false);
  });

  test('can be several namespaces by their labels', () => {
    const policies = api(Peer.namespaces({ labels: { kind: 'trusted' } }));
    expect(allows(policies, { namespace: 'a', namespaceLabels: { kind: 'trusted' } }, pod('api'), 80)).toBe(true);
    expect(allows(policies, { namespace: 'a' }, pod('api'), 80)).toBe(false);
  });

  test('can be a CIDR with exceptions, IPv4 or IPv6', () => {
    const v4 = api(Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }));
    expect(allows(v4, outside('10.2.0.1'), pod('api'), 80)).toBe(true);
    expect(allows(v4, outside('10.1.0.1'), pod('api'), 80)).toBe(false);
    const v6 = api(Peer.cidr('2001:db8::/32', { except: ['2001:db8:1::/48'] }));
    expect(allows(v6, outside('2001:db8:2::1'), pod('api'), 80)).toBe(true);
    expect(allows(v6, outside('2001:db8:1::1'), pod('api'), 80)).toBe(false);
  });

  test.for([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['10.0.0.1', false],
    ['100.64.0.1', false],
    ['169.254.169.254', false],
    ['168.63.129.16', false],
    ['192.168.1.1', false],
    ['224.0.0.1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['64:ff9b::a00:1', false],
    ['2002:a00:1::1', false],
  ] as const)('that is the internet holds %s: %s', ([address, held]) => {
    const { app, namespace } = shop();
    new Service(namespace, 'job').allowTo(Peer.internet(), { ports: [443] });
    expect(allows(policiesOf(app), pod('job'), outside(address), 443)).toBe(held);
  });

  test('that is the internet behind a proxy is the proxy', () => {
    const policies = api(Peer.internet({ via: Peer.cidr('198.51.100.0/24') }));
    expect(allows(policies, outside('198.51.100.7'), pod('api'), 80)).toBe(true);
    expect(allows(policies, outside('8.8.8.8'), pod('api'), 80)).toBe(false);
  });

  test('that is the API server is its endpoints, on its own port, in both directions', () => {
    expect(allows(api(Peer.apiServer()), outside('192.0.2.1'), pod('api'), 80)).toBe(true);
    const { app, namespace } = shop({ apiServer: { cidrs: ['192.0.2.1/32'], port: 6443 } });
    new Service(namespace, 'operator').allowTo(Peer.apiServer());
    expect(allows(policiesOf(app), pod('operator'), outside('192.0.2.1'), 6443)).toBe(true);
    expect(allows(policiesOf(app), pod('operator'), outside('192.0.2.1'), 443)).toBe(false);
  });

  test.for([
    ['anyPod', Peer.anyPod(), true, false],
    ['anyAddress', Peer.anyAddress(), false, true],
    ['anywhere', Peer.anywhere(), true, true],
  ] as const)('that is %s is just that', ([, peer, pods, addresses]) => {
    const policies = api(peer);
    expect(allows(policies, pod('x', 'other'), pod('api'), 80)).toBe(pods);
    expect(allows(policies, outside('10.0.0.1'), pod('api'), 80)).toBe(addresses);
    expect(allows(policies, outside('10.0.0.1'), pod('api'), 81)).toBe(false);
  });
});

describe('DNS', () => {
  const kubeDns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const caller = (dns?: Environment['model']['dns']) => {
    const { app, namespace } = shop(dns ? { dns } : {});
    const a = new Service(namespace, 'a');
    new Service(namespace, 'b', { ports: { http: 80 } }).allowFrom(a);
    return policiesOf(app);
  };

  test('is open for services that have egress to somewhere, by UDP and TCP, and for no others', () => {
    const policies = caller();
    for (const protocol of ['UDP', 'TCP']) expect(allows(policies, pod('a'), kubeDns, 53, protocol)).toBe(true);
    expect(allows(policies, pod('b'), kubeDns, 53, 'UDP')).toBe(false);
  });

  test('follows the environment: OpenShift, node-local cache, none', () => {
    const labels = { 'dns.operator.openshift.io/daemonset-dns': 'default' };
    expect(allows(caller(openshiftDns()), pod('a'), { namespace: 'openshift-dns', labels }, 5353, 'UDP')).toBe(true);
    expect(allows(caller(nodeLocalDns()), pod('a'), outside('169.254.20.10'), 53, 'UDP')).toBe(true);
    expect(allows(caller(noDns()), pod('a'), kubeDns, 53, 'UDP')).toBe(false);
  });
});

describe('a service', () => {
  test('can be selected by labels and expressions', () => {
    const { app, namespace } = shop();
    const a = new Service(namespace, 'a');
    const selector = {
      matchLabels: { app: 'db' },
      matchExpressions: [{ key: 'role', operator: 'NotIn' as const, values: ['backup'] }],
    };
    new Service(namespace, 'db', { ports: { pg: 5432 }, selector }).allowFrom(a);
    const policies = policiesOf(app);
    expect(allows(policies, pod('a'), { namespace: 'shop', labels: { app: 'db' } }, 5432)).toBe(true);
    expect(allows(policies, pod('a'), { namespace: 'shop', labels: { app: 'db', role: 'backup' } }, 5432)).toBe(false);
  });

  test('follows the label scheme of its environment', () => {
    const { app, namespace } = shop({ labels: new LabelScheme({ name: 'app' }) });
    const a = new Service(namespace, 'a');
    new Service(namespace, 'b', { ports: { http: 80 } }).allowFrom(a);
    expect(policyOf(app, 'b').spec.podSelector).toEqual({ matchLabels: { app: 'b' } });
  });
});

describe('rules stay short and explicit', () => {
  test('what a wider peer opens is not opened again', () => {
    const { app, environment, namespace } = shop();
    const tools = new Namespace(environment, 'tools');
    const probe = new Service(tools, 'probe');
    new Service(namespace, 'api', { ports: { http: 80 } })
      .allowFrom(tools)
      .allowFrom(probe)
      .allowFrom([Peer.cidr('10.0.0.0/8'), Peer.cidr('10.1.0.0/16')]);
    expect(policyOf(app, 'api').spec.ingress).toEqual([
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tools' } } },
          { ipBlock: { cidr: '10.0.0.0/8' } },
        ],
        ports: [{ protocol: 'TCP', port: 80 }],
      },
    ]);
  });

  test('a wider peer does not take the ports of a narrower one', () => {
    const { app, environment, namespace } = shop();
    const tools = new Namespace(environment, 'tools');
    const probe = new Service(tools, 'probe');
    new Service(tools, 'other');
    new Service(namespace, 'api', { ports: { http: 80, admin: 81 } })
      .allowFrom(tools, { ports: ['http'] })
      .allowFrom(probe);
    const policies = policiesOf(app);
    expect(allows(policies, pod('probe', 'tools'), pod('api'), 81)).toBe(true);
    expect(allows(policies, pod('other', 'tools'), pod('api'), 81)).toBe(false);
    expect(allows(policies, pod('other', 'tools'), pod('api'), 80)).toBe(true);
  });
});

test('environments of different clusters may use one namespace name', () => {
  const app = Testing.app();
  for (const name of ['staging', 'production']) {
    const environment = new Environment(app, name, { cluster: name });
    new Namespace(environment, 'shop');
  }
  expect(policiesOf(app)).toHaveLength(2);
});
