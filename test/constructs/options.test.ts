import { App, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import {
  AllowFrom,
  DriftMonitor,
  Environment,
  InputError,
  issueToString,
  LabelScheme,
  Manifests,
  Namespace,
  Never,
  nodeLocalDns,
  Peer,
  Port,
  RawPolicy,
  Service,
  servicePort,
  suppressFinding,
  synth,
  Tier,
} from 'tierwall';
import { fromWorkload } from 'tierwall/plus';
import { describe, expect, test } from 'vitest';
import { synthesize } from '../../lib/constructs/synthesizer';
import { shop } from '../support/program';

type Shop = ReturnType<typeof shop>;

/** What a program without types, or with `as any`, may hand over. */
const loose = (value: unknown) => value as never;

function problemsOf(declare: (given: Shop) => void): string[] {
  const given = shop();
  declare(given);
  return synthesize(given.app).issues.map(issueToString);
}

/** Declares an intent with a peer, or with options, and nothing else. */
const peer =
  (make: () => Peer) =>
  ({ namespace }: Shop) =>
    void new Service(namespace, 'api', { ports: { http: 80 } }).allowFrom(make());
const intent =
  (props: object) =>
  ({ namespace }: Shop) =>
    void new Service(namespace, 'api', { ports: { http: 80 } }).allowFrom(new Service(namespace, 'web'), loose(props));

const service =
  (props: unknown) =>
  ({ namespace }: Shop) =>
    void new Service(namespace, 'api', loose(props));
const environmentOf =
  (props: object) =>
  ({ app }: Shop) =>
    void new Service(new Namespace(new Environment(app, 'prod2', loose(props)), 'shop2'), 'web').allowTo(
      Peer.anyAddress(),
    );

describe('an option that does not exist', () => {
  test.for([
    [
      'of an Environment',
      '`clutser` is no option of Environment; did you mean `cluster`?',
      ({ app }) => new Environment(app, 'x', loose({ clutser: 'eu' })),
    ],
    [
      'of a Namespace',
      '`taem` is no option of Namespace; did you mean `team`?',
      ({ environment }) => new Namespace(environment, 'x', loose({ taem: 'a' })),
    ],
    [
      'of Namespace.fromExisting',
      '`defaultdeny` is no option of Namespace.fromExisting; did you mean `defaultDeny`?',
      ({ environment }) => Namespace.fromExisting(environment, 'x', loose({ defaultdeny: 'deny' })),
    ],
    [
      'of a Tier',
      '`selecton` is no option of Tier; did you mean `selection`?',
      ({ namespace }) => new Tier(namespace, 'x', loose({ selecton: 'label' })),
    ],
    [
      'of a Service',
      '`port` is no option of Service; did you mean `ports`?',
      ({ namespace }) => new Service(namespace, 'x', loose({ port: { http: 80 } })),
    ],
    [
      'of a RawPolicy',
      '`reason` is no option of RawPolicy',
      ({ namespace }) => new RawPolicy(namespace, 'x', loose({ spec: { podSelector: {} }, because: 'x', reason: 'y' })),
    ],
    [
      'of Service.fromManifests',
      '`worklaod` is no option of Service.fromManifests; did you mean `workload`?',
      ({ namespace }) =>
        Service.fromManifests(namespace, 'x', loose({ manifests: Manifests.fromText(''), worklaod: 'y' })),
    ],
    [
      'of an AllowFrom',
      '`form` is no option of AllowFrom; did you mean `from`?',
      ({ namespace }) => new AllowFrom(new Service(namespace, 'x'), 'y', loose({ form: namespace })),
    ],
    ['of allowFrom', '`untill` is no option of an intent; did you mean `until`?', intent({ untill: '2027-01-01' })],
    ['of an intent, though AllowFrom has it', '`from` is no option of an intent', intent({ from: 'x' })],
    [
      'of a crossing',
      '`crossEnvironment.becuase` is no option of an intent; did you mean `crossEnvironment.because`?',
      intent({ crossEnvironment: { becuase: 'x' } }),
    ],
    [
      'of a Never',
      '`port` is no option of Never; did you mean `ports`?',
      ({ environment, namespace }) =>
        new Never(environment, 'x', loose({ from: namespace, to: Peer.internet(), port: [1] })),
    ],
    [
      'of the API server',
      '`apiServer.cidr` is no option of Environment; did you mean `apiServer.cidrs`?',
      ({ app }) => new Environment(app, 'x', { apiServer: loose({ cidr: '192.0.2.1/32', port: 443 }) }),
    ],
    [
      'of a LabelScheme',
      '`nmae` is no option of LabelScheme; did you mean `name`?',
      ({ app }) => new Environment(app, 'x', { labels: new LabelScheme(loose({ nmae: 'app' })) }),
    ],
    [
      'of Peer.pods',
      '`label` is no option of Peer.pods; did you mean `labels`?',
      peer(() => Peer.pods(loose({ namespace: 'x', label: { a: 'b' } }))),
    ],
    [
      'of Peer.namespaces',
      '`pod` is no option of Peer.namespaces; did you mean `pods`?',
      peer(() => Peer.namespaces(loose({ labels: { a: 'b' }, pod: { c: 'd' } }))),
    ],
    [
      'of Peer.anyPod',
      '`label` is no option of Peer.anyPod; did you mean `labels`?',
      peer(() => Peer.anyPod(loose({ label: { a: 'b' } }))),
    ],
    [
      'of Peer.anyAddress',
      '`familiy` is no option of Peer.anyAddress; did you mean `family`?',
      peer(() => Peer.anyAddress(loose({ familiy: 'IPv4' }))),
    ],
    [
      'of Peer.cidr',
      '`expect` is no option of Peer.cidr; did you mean `except`?',
      peer(() => Peer.cidr('10.0.0.0/8', loose({ expect: ['10.1.0.0/16'] }))),
    ],
    [
      'of Peer.cidrs',
      '`nmae` is no option of Peer.cidrs; did you mean `name`?',
      peer(() => Peer.cidrs(['10.0.0.0/8'], loose({ nmae: 'x' }))),
    ],
    [
      'of Peer.internet',
      '`vai` is no option of Peer.internet; did you mean `via`?',
      peer(() => Peer.internet(loose({ vai: 'direct' }))),
    ],
    [
      'of Peer.prometheus',
      '`namespcae` is no option of Peer.prometheus; did you mean `namespace`?',
      peer(() => Peer.prometheus(loose({ namespcae: 'x' }))),
    ],
    [
      'of Peer.ingressNginx',
      '`bogus` is no option of Peer.ingressNginx; its options are `namespace`, `labels`',
      peer(() => Peer.ingressNginx(loose({ bogus: 'x' }))),
    ],
  ] as readonly (readonly [string, string, (given: Shop) => unknown])[])('%s is a mistake', ([, message, declare]) => {
    expect(problemsOf(declare)).toContainEqual(expect.stringContaining(message));
  });
});

describe('a value that an option cannot have', () => {
  test.for([
    [
      'a bad enum value',
      '`object` is `writen`, which is none of `expected`, `written`; did you mean `written`?',
      ({ environment }) => new Namespace(environment, 'x', { object: loose('writen') }),
    ],
    [
      'a bad enum value of a tier',
      '`selection` is `x`, which is none of `members`, `label`',
      ({ namespace }) => new Tier(namespace, 'x', { selection: loose('x') }),
    ],
    ['an empty team', '`team` is empty', ({ environment }) => new Namespace(environment, 'x', { team: '' })],
    [
      'a number for a name',
      '`name` is `5`, which is no text',
      ({ namespace }) => new Service(namespace, 'x', { name: loose(5) }),
    ],
    ['an empty reason', '`because` is empty; give a reason, or leave it out', intent({ because: ' ' })],
    [
      'an empty reason for a crossing',
      '`crossEnvironment.because` is empty',
      intent({ crossEnvironment: { because: '' } }),
    ],
    ['no reason for a crossing', '`crossEnvironment.because` is missing', intent({ crossEnvironment: {} })],
    ['ports without a list', "`ports` is `http`, which is no list; write `ports: ['http']`", intent({ ports: 'http' })],
    ['a port of no kind', '`ports` holds `undefined`, which is no port', intent({ ports: [undefined] })],
    ['options that are a list', "the options of an intent are `[ 'http' ]`, which is no object", intent(['http'])],
    [
      'labels without a value',
      '`labels` has no value for `app`',
      ({ namespace }) => new Service(namespace, 'x', { labels: { app: loose(undefined) } }),
    ],
    [
      'a scheme that is none',
      "`labels` is `{ name: 'app' }`, which is no LabelScheme",
      ({ app }) => new Environment(app, 'x', { labels: loose({ name: 'app' }) }),
    ],
    [
      'a port of the API server as text',
      '`apiServer.port` is `6443`, which is no number',
      ({ app }) => new Environment(app, 'x', { apiServer: { cidrs: ['192.0.2.1/32'], port: loose('6443') } }),
    ],
    ['DNS by name', '`dns` is `none`, which is no DNS', ({ app }) => new Environment(app, 'x', { dns: loose('none') })],
    [
      'ports of a service as a list',
      '`ports` is a list',
      ({ namespace }) => new Service(namespace, 'x', { ports: loose([80]) }),
    ],
    [
      'a CIDR that is no list',
      '`apiServer.cidrs` is `192.0.2.1/32`, which is no list',
      ({ app }) => new Environment(app, 'x', { apiServer: { cidrs: loose('192.0.2.1/32'), port: 443 } }),
    ],
  ] as readonly (readonly [string, string, (given: Shop) => unknown])[])('is a mistake: %s', ([, message, declare]) => {
    expect(problemsOf(declare)).toContainEqual(expect.stringContaining(message));
  });
});

describe('a peer that cannot be', () => {
  test.for([
    ['an empty namespace', '`namespace` is empty; give the name of a namespace', () => Peer.namespace('')],
    ['an undefined namespace', '`namespace` is `undefined`, which is no text', () => Peer.namespace(loose(undefined))],
    [
      'a namespace that is no DNS label',
      '`namespace` is `My_NS`, which is no DNS label',
      () => Peer.namespace('My_NS'),
    ],
    ['pods of no namespace', '`namespace` is missing', () => Peer.pods(loose({ labels: { a: 'b' } }))],
    [
      'pods without labels',
      'a peer selects pods by no label; for all pods of a namespace say `Peer.namespace(name)`',
      () => Peer.pods({ namespace: 'x', labels: {} }),
    ],
    [
      'namespaces without labels',
      'a peer selects namespaces by no label; for every namespace say `Peer.anyPod()`',
      () => Peer.namespaces({ labels: {} }),
    ],
    [
      'a label without a value',
      '`labels` has no value for `app`; give one',
      () => Peer.pods({ namespace: 'x', labels: { app: loose(undefined) } }),
    ],
    [
      'a label key that is none',
      '`labels` has the key `bad key!`, which the API server refuses',
      () => Peer.pods({ namespace: 'x', labels: { 'bad key!': 'v' } }),
    ],
    [
      'a label value that is none',
      '`labels` has the value `v v` for `a`, which the API server refuses',
      () => Peer.pods({ namespace: 'x', labels: { a: 'v v' } }),
    ],
    [
      'pod labels of namespaces',
      '`pods` has no value for `app`',
      () => Peer.namespaces({ labels: { a: 'b' }, pods: { app: loose(undefined) } }),
    ],
    ['a controller in no namespace', '`namespace` is empty', () => Peer.prometheus({ namespace: '' })],
    ['a controller without labels', 'a peer selects pods by no label', () => Peer.prometheus({ labels: {} })],
    [
      'all of IPv4 as a CIDR',
      "`0.0.0.0/0` is every address, private ones included; say `Peer.anyAddress({ family: 'IPv4' })`, or `Peer.internet()`",
      () => Peer.cidr('0.0.0.0/0'),
    ],
    ['all of IPv6 in a list', '`::/0` is every address', () => Peer.cidrs(['10.0.0.0/8', '::/0'])],
    [
      'a bare address',
      '`203.0.113.17` is no CIDR; write `203.0.113.17/32` for that one address',
      () => Peer.cidr('203.0.113.17'),
    ],
    ['a bare IPv6 address', 'write `2001:db8::1/128` for that one address', () => Peer.cidr('2001:db8::1')],
    ['an undefined CIDR', '`undefined` is no CIDR', () => Peer.cidr(loose(undefined))],
    ['CIDRs that are no list', '`cidrs` is `10.0.0.0/8`, which is no list', () => Peer.cidrs(loose('10.0.0.0/8'))],
    [
      'a proxy that is none',
      '`via` of the internet is neither `direct` nor pods or addresses of a proxy',
      () => Peer.internet({ via: loose('proxy') }),
    ],
  ] as readonly (readonly [string, string, () => Peer])[])(
    'is a mistake of the line that uses it: %s',
    ([, message, make]) => {
      const problems = problemsOf(peer(make));
      expect(problems).toContainEqual(expect.stringContaining(message));
      for (const text of problems)
        expect(text).toMatch(/^prod\/shop\/api \(test\/constructs\/options\.test\.ts:\d+\): /);
    },
  );

  test('leaves out a part of every address on purpose', () => {
    expect(problemsOf(peer(() => Peer.cidr('0.0.0.0/0', { except: ['10.0.0.0/8'] })))).toEqual([]);
  });
});

test('a construct in a scope that cannot hold it says which can, at the line of the mistake', () => {
  const { app, environment, namespace } = shop();
  const made = [
    [
      () => new Service(loose(environment), 'x'),
      'the scope of Service `x` is an environment; give a Namespace or Tier',
    ],
    [() => new Tier(loose(environment), 'x'), 'the scope of Tier `x` is an environment; give a Namespace'],
    [() => new Namespace(loose(app), 'x'), 'the scope of Namespace `x` is App; give an Environment'],
    [() => new Environment(namespace, 'x'), 'the scope of Environment `x` is inside a namespace; give an App or Chart'],
    [
      () => new AllowFrom(loose(environment), 'x', { from: namespace }),
      'the scope of AllowFrom `x` is an environment; give a Service or Tier or Namespace',
    ],
  ] as const;
  for (const [make, message] of made) {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
    expect(make).toThrow(/options\.test\.ts:\d+/);
  }
});

test('a construct without an id, or without what else it cannot be made of, says so at the line of the mistake', () => {
  const { app, environment, namespace } = shop();
  const api = new Service(namespace, 'api');
  const Anything = (made: unknown) => made as new (...given: unknown[]) => unknown;
  const made = [
    [() => new (Anything(Service))(namespace), 'the id of a Service in `prod/shop` is `undefined`, which is no text'],
    [() => new (Anything(Service))(namespace, 5), 'the id of a Service in `prod/shop` is `5`, which is no text'],
    [() => new (Anything(Service))(namespace, { ports: {} }), 'is `{ ports: {} }`, which is no text'],
    [() => new Service(namespace, ''), 'the id of a Service in `prod/shop` is empty'],
    [() => new (Anything(Namespace))(environment), 'the id of a Namespace in `prod` is `undefined`'],
    [() => new (Anything(Environment))(app), 'the id of an Environment is `undefined`'],
    [
      () => new (Anything(Environment))(undefined, 'x'),
      'the scope of Environment `x` is `undefined`; give an App or Chart',
    ],
    [() => new (Anything(Tier))(namespace), 'the id of a Tier in `prod/shop` is `undefined`'],
    [() => new (Anything(AllowFrom))(api), 'the id of an AllowFrom in `prod/shop/api` is `undefined`'],
    [() => new (Anything(RawPolicy))(namespace), 'the id of a RawPolicy in `prod/shop` is `undefined`'],
    [() => new (Anything(Never))(namespace), 'the id of a Never in `prod/shop` is `undefined`'],
    [() => new (Anything(DriftMonitor))(app, 'x'), 'the `namespace` of DriftMonitor `x` is `undefined`'],
    [() => synth(loose('app')), 'what is to be synthesized is `app`, which is no App'],
    [() => Manifests.fromText(loose(5)), 'manifests are to be read of `5`, which is no text'],
    [() => Manifests.fromFile(loose(undefined)), 'manifests are to be read of `undefined`, which is no text'],
  ] as const;
  for (const [make, message] of made) {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
    expect(make).toThrow(/options\.test\.ts:\d+/);
  }
});

describe('what JavaScript lets pass', () => {
  test.for([
    [
      'a Map as ports',
      "`ports` is `Map(1) { 'http' => 80 }`, and a service's ports have names",
      service({ ports: new Map([['http', 80]]) }),
    ],
    ['a list as one port', 'port `http` is `[ 80 ]`, which is no port', service({ ports: { http: [80] } })],
    [
      'an object as one port',
      'port `http` is `{ number: 80 }`, which is no port',
      service({ ports: { http: { number: 80 } } }),
    ],
    ['a Port as all ports', "and a service's ports have names", service({ ports: Port.tcp(80) })],
    ['null as options', 'the options of Service are `null`, which is no object', service(null)],
    ['a promise as options', 'the options of Service are `Promise {', service(Promise.resolve({}))],
    ['a Date as the last day', 'which is no day; write it as `2026-12-31`', intent({ until: new Date(0) })],
    [
      'an app as a peer',
      '`App` is not a peer',
      ({ app, namespace }: Shop) => new Service(namespace, 'x').allowFrom(loose(app)),
    ],
    [
      'an environment as a peer',
      '`Environment prod` is not a peer',
      ({ environment, namespace }: Shop) => new Service(namespace, 'x').allowFrom(loose(environment)),
    ],
    [
      'no reason to cross',
      '`crossEnvironment` is `yes`, which is no object; write `crossEnvironment: { … }`',
      intent({ crossEnvironment: 'yes' }),
    ],
    [
      'a text as API server',
      '`apiServer` is `192.0.2.1`, which is no object',
      environmentOf({ apiServer: '192.0.2.1' }),
    ],
    [
      'null as label scheme',
      'the options of LabelScheme are `null`, which is no object',
      environmentOf({ labels: new LabelScheme(loose(null)) }),
    ],
    [
      'a text as label scheme',
      'the options of LabelScheme are `app`, which is no object',
      environmentOf({ labels: new LabelScheme(loose('app')) }),
    ],
    [
      'a number as address',
      '`5/32`',
      ({ namespace }: Shop) => new Service(namespace, 'x').allowTo(Peer.nodeLocalDns(loose(5))),
    ],
    ['a number as address of DNS', '`5/32`', environmentOf({ dns: nodeLocalDns(loose(5)) })],
    [
      'nothing as Kubernetes Service',
      '`null` is no Kubernetes Service',
      intent({ ports: [servicePort(loose(null), 80)] }),
    ],
    ['a number as Kubernetes Service', '`5` is no Kubernetes Service', intent({ ports: [servicePort(loose(5), 80)] })],
    [
      'no reason to suppress',
      'the suppression of `no-any-address` has no effect',
      ({ namespace }: Shop) => suppressFinding(namespace, 'no-any-address', loose(undefined)),
    ],
  ] as const)('%s is a mistake', ([, message, declare]) => {
    const problems = problemsOf((made) => void declare(made));
    expect(problems).toContainEqual(expect.stringContaining(message));
    for (const problem of problems) expect(problem).toMatch(/^prod.* \(test\/constructs\/options\.test\.ts:\d+\): /);
    expect(problems.join()).not.toContain('no day is known');
  });
});

test('the options of fromWorkload are looked at like any others', () => {
  const problems = problemsOf(({ app, namespace }) => {
    const chart = new Chart(app, 'pods', { namespace: 'shop' });
    const workload = new Deployment(chart, 'api', { containers: [{ image: 'api' }] });
    fromWorkload(namespace, 'a', workload, loose({ lables: 'scheme' }));
    fromWorkload(namespace, 'b', workload, { labels: loose('schema'), sharesPodsWith: [] });
  });
  expect(problems).toContainEqual(
    expect.stringContaining('`lables` is no option of fromWorkload; did you mean `labels`?'),
  );
  expect(problems).toContainEqual(expect.stringContaining('`labels` is `schema`, which is none of `own`, `scheme`'));
});

test('every option that exists is accepted', () => {
  const app = new App();
  const labels = new LabelScheme({ name: 'app', tier: 't', team: 'm', environment: 'e', allowed: {}, required: [] });
  const environment = new Environment(app, 'prod', {
    name: 'prod',
    cluster: 'eu',
    labels,
    apiServer: { cidrs: ['192.0.2.1/32'], port: 6443 },
    notInternet: ['10.0.0.0/8'],
  });
  const props = { name: 'shop', team: 'a', labels: { x: '' }, object: 'written', systemNamespace: 'refused' } as const;
  const namespace = new Namespace(environment, 'shop', props);
  const web = new Service(new Tier(namespace, 'web', { name: 'front', selection: 'label' }), 'web');
  const api = new Service(namespace, 'api', {
    name: 'api',
    ports: { http: 80 },
    selector: { matchLabels: { a: 'b' } },
  });
  api.allowFrom(web, { ports: ['http', 80], because: 'pages', crossEnvironment: { because: 'none' } });
  api.allowFrom([
    Peer.pods({ namespace: 'x', selector: { matchLabels: { a: 'b' } }, ports: [] }),
    Peer.namespaces({ labels: { a: 'b' }, pods: { c: 'd' } }),
    Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'], name: 'the office' }),
    Peer.internet({ via: Peer.ingressNginx({ namespace: 'edge', labels: { app: 'nginx' } }) }),
  ]);
  expect(synthesize(app).issues.map(issueToString)).toEqual([]);
});

test('an option that is undefined is one that is not given', () => {
  expect(problemsOf(intent({ ports: undefined, because: undefined }))).toEqual([]);
});
