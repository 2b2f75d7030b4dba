import { ApiObject, Chart, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Environment, LabelScheme, Manifests, Namespace, Peer, Service, Tier } from 'tierwall';
import { fromWorkload } from 'tierwall/plus';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handoverOf } from '../../lib/constructs/handover';
import { reportLines } from '../../lib/constructs/report';
import { synthesize } from '../../lib/constructs/synthesizer';
import { mistakesOf, policyOf, shop } from '../support/program';

interface Given {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly object[];
}

const yaml = ({ kind = 'Deployment', name = 'w', namespace, labels = { app: name }, ports = [] }: Given) =>
  JSON.stringify({
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
    spec: {
      ...(kind === 'Job' ? {} : { selector: { matchLabels: labels } }),
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', ports }] } },
    },
  });
const manifests = (...given: readonly Given[]) => Manifests.fromText(given.map(yaml).join('\n---\n'));

const denyAll = (name: string, extra = '') =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}${extra}}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}`;

describe('a service from manifests', () => {
  test('whose pods carry only labels that change is a mistake, and never every pod', () => {
    const { app, environment, namespace } = shop();
    const other = new Namespace(environment, 'other');
    const job = manifests({ kind: 'Job', labels: { 'job-name': 'w' }, ports: [{ containerPort: 99 }] });
    Service.fromManifests(other, 'w', { manifests: job }).allowFrom(new Service(namespace, 'a'));
    expect(mistakesOf(app)).toEqual([expect.stringContaining('empty-selector: the selector of a service is empty')]);
    expect(() => app.synthYaml()).toThrow('the selector of a service is empty');
  });

  test('in another namespace than the service is a mistake', () => {
    const { app, namespace } = shop();
    Service.fromManifests(namespace, 'w', { manifests: manifests({ namespace: 'elsewhere' }) });
    expect(mistakesOf(app)).toEqual([
      'other-namespace: Deployment w is in namespace `elsewhere`, and the service is in `shop`',
    ]);
  });

  test('is the one of its namespace, where several have the name', () => {
    const { app, namespace } = shop();
    const both = manifests(
      { namespace: 'elsewhere', labels: { app: 'theirs' } },
      { namespace: 'shop', labels: { app: 'ours' }, ports: [{ containerPort: 99 }] },
    );
    Service.fromManifests(namespace, 'w', { manifests: both }).allowFrom(namespace);
    expect(policyOf(app, 'w').spec.podSelector).toEqual({ matchLabels: { app: 'ours' } });
  });

  test('has no port by a name that its containers give to two', () => {
    const { app, namespace } = shop();
    const ports = [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns', containerPort: 54 },
    ];
    const service = Service.fromManifests(namespace, 'w', { manifests: manifests({ ports }) });
    service.allowFrom(namespace, { ports: ['dns'] });
    expect(mistakesOf(app)).toEqual(['unknown-port: port `dns` is not declared by `prod/shop/w`']);
    service.allowFrom(namespace, { ports: ['53/UDP'] });
    expect(mistakesOf(app)).toHaveLength(1);
  });

  test('may have the policy name of a policy in another cluster', () => {
    const app = Testing.app();
    const [x, y] = ['x', 'y'].map((name) => new Namespace(new Environment(app, name, { cluster: name }), 'shop'));
    const text = `${yaml({ namespace: 'shop' })}\n---\n${denyAll('tierwall-s', ', namespace: shop')}`;
    Service.fromManifests(x!, 'w', { manifests: Manifests.fromText(text) });
    new Service(y!, 's');
    expect(mistakesOf(app)).toEqual([]);
    new Service(x!, 's');
    expect(mistakesOf(app)).toEqual([expect.stringContaining('policy-name-taken: policy `tierwall-s`')]);
  });
});

describe('an imported workload that no Service uses', () => {
  test('is denied, and it is said', () => {
    const { app, namespace } = shop();
    Service.fromManifests(namespace, 'w', { manifests: manifests({}, { name: 'stray' }) });
    expect(reportLines(synthesize(app))).toEqual([
      'Deployment stray in namespace `shop` is named by no Service and is denied everything',
    ]);
  });

  test('is checked against the label scheme', () => {
    const { app, namespace } = shop({ labels: new LabelScheme({ required: ['name'] }) });
    const scheme = { 'app.kubernetes.io/name': 'w' };
    const both = manifests({ labels: scheme }, { name: 'stray' });
    Service.fromManifests(namespace, 'w', { manifests: both });
    expect(mistakesOf(app)).toEqual([expect.stringContaining('label-missing: Deployment stray does not carry')]);
  });

  test('is not of this app in a namespace that it does not manage', () => {
    const { app, namespace } = shop();
    const both = manifests({}, { name: 'stray', namespace: 'elsewhere' });
    Service.fromManifests(namespace, 'w', { manifests: both });
    expect(reportLines(synthesize(app))).toEqual([]);
  });

  test('is at home in the environment whose manifests name it', () => {
    const app = Testing.app();
    for (const cluster of ['x', 'y']) {
      const namespace = new Namespace(new Environment(app, cluster, { cluster }), 'shop');
      Service.fromManifests(namespace, 'w', {
        manifests: manifests({}, { name: `${cluster}-only`, namespace: 'shop' }),
      });
    }
    expect(synthesize(app).unnamed.map((w) => `${w.namespace.path} ${w.description}`)).toEqual([
      'x/shop Deployment x-only',
      'y/shop Deployment y-only',
    ]);
  });

  test('of two services it takes part in the check for shared pods', () => {
    const { app, namespace } = shop();
    Service.fromManifests(namespace, 'w', { manifests: manifests({}, { name: 'both', labels: { p: 'q', r: 's' } }) });
    new Service(namespace, 's1', { labels: { p: 'q' } });
    new Service(namespace, 's2', { labels: { r: 's' } });
    expect(mistakesOf(app)).toEqual([expect.stringContaining('shared-pods')]);
  });
});

describe('the labels of a service', () => {
  test('have only values that the label scheme allows', () => {
    const { app, namespace } = shop({ labels: new LabelScheme({ name: 'app', allowed: { name: ['x'] } }) });
    new Service(namespace, 'x', { labels: { app: 'not-allowed' } });
    expect(mistakesOf(app)).toEqual([
      'label-not-allowed: name `not-allowed` of service `prod/shop/x` is not one that the label scheme allows',
    ]);
  });
});

describe('a tier that is selected by its label', () => {
  const tiered = (labels: Readonly<Record<string, string>>) => {
    const { app, namespace } = shop();
    const tier = new Tier(namespace, 't', { selection: 'label' });
    Service.fromManifests(tier, 'w', { manifests: manifests({ labels }) });
    new Service(namespace, 'a', { ports: { p: 1 } }).allowFrom(tier);
    return app;
  };

  test('has only members that carry it, as far as their pods are known', () => {
    expect(mistakesOf(tiered({ app: 'w' }))).toEqual([
      'label-missing: Deployment w does not carry `tierwall.dev/tier: t`, by which tier `prod/shop/t` is selected',
    ]);
    expect(mistakesOf(tiered({ app: 'w', 'tierwall.dev/tier': 't' }))).toEqual([]);
  });

  test('says which members must carry it, where their pods are not known', () => {
    const { app, namespace } = shop();
    const tier = new Tier(namespace, 't', { selection: 'label' });
    new Service(tier, 'x');
    new Service(tier, 'y', { labels: { app: 'y', 'tierwall.dev/tier': 't' } });
    new Service(namespace, 'a', { ports: { p: 1 } }).allowFrom(tier);
    expect(reportLines(synthesize(app)).filter((line) => line.startsWith('tier'))).toEqual([
      'tier `prod/shop/t` is selected by its label: only pods of `x` that carry `tierwall.dev/tier: t` are let in',
    ]);
  });
});

describe('pods of several services', () => {
  const known = { k1: 'v', k2: 'v', k3: 'v' };

  test('are told for each two that do not share them on purpose', () => {
    const { app, namespace } = shop();
    const s1 = Service.fromManifests(namespace, 's1', { manifests: manifests({ name: 's1', labels: known }) });
    new Service(namespace, 's2', { labels: { k2: 'v' }, sharesPodsWith: [s1] });
    new Service(namespace, 's3', { labels: { k3: 'v' }, sharesPodsWith: [s1] });
    expect(mistakesOf(app)).toEqual([
      'shared-pods: services `prod/shop/s2` and `prod/shop/s3` both select the pods of Deployment s1',
    ]);
  });

  test('that may exist are only a finding', () => {
    const { app, namespace } = shop();
    for (const name of ['a', 'b', 'c']) new Service(namespace, name);
    new Service(namespace, 'p', { labels: { part: 'p' } });
    const { issues } = synthesize(app);
    expect(issues).toEqual([]);
    expect(reportLines(synthesize(app))).toEqual([
      'services `prod/shop/a` and `prod/shop/p` could both select one pod, with the labels `app.kubernetes.io/name=a,part=p`; so could 2 more pairs in namespace `shop`',
    ]);
  });

  test('that may exist are no finding where it is declared, or cannot be', () => {
    const { app, namespace } = shop();
    const a = new Service(namespace, 'a', { labels: { app: 'a' } });
    new Service(namespace, 'b', { labels: { role: 'b' }, sharesPodsWith: [a] });
    new Service(namespace, 'c', { labels: { app: 'c', role: 'c' } });
    new Service(namespace, 'd', {
      selector: { matchLabels: { role: 'd' }, matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
    });
    expect(reportLines(synthesize(app))).toEqual([]);
  });
});

describe('policies in the tree of the app', () => {
  const policy = (name: string, namespace?: string) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(namespace ? { namespace } : {}) },
    spec: { podSelector: {} },
  });

  test.for(['tierwall-a', 'tierwall-default-deny'])('may not take a name that is needed: %s', (name) => {
    const { app, namespace } = shop();
    new Service(namespace, 'a', { ports: { p: 1 } }).allowFrom(Peer.anyPod());
    new ApiObject(new Chart(app, 'w', { namespace: 'shop' }), 'p', policy(name));
    expect(mistakesOf(app)).toEqual([
      expect.stringContaining(`policy-name-taken: policy \`${name}\` exists in namespace \`shop\`, from w/p`),
    ]);
  });

  test('may have one in another namespace, or another name', () => {
    const { app, namespace } = shop();
    new Service(namespace, 'a', { ports: { p: 1 } }).allowFrom(Peer.anyPod());
    const chart = new Chart(app, 'w');
    new ApiObject(chart, 'p', policy('tierwall-a', 'elsewhere'));
    new ApiObject(chart, 'q', policy('mine', 'shop'));
    expect(mistakesOf(app)).toEqual([]);
    expect(app.synthYaml()).toContain('name: tierwall-a');
    expect(mistakesOf(app)).toEqual([]);
  });

  test('of the name of a default deny that is taken over is a mistake too', () => {
    const { app, environment } = shop();
    Namespace.fromExisting(environment, 'old', { defaultDeny: 'deny-all' });
    new ApiObject(new Chart(app, 'w', { namespace: 'old' }), 'p', policy('deny-all'));
    expect(mistakesOf(app)).toEqual([expect.stringContaining('policy-name-taken: policy `deny-all`')]);
  });
});

test('a policy without a spec in the manifests of an existing namespace is no default deny', () => {
  const { app, environment } = shop();
  const text = '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: x, namespace: old}}';
  Namespace.fromExisting(environment, 'old', { manifests: Manifests.fromText(text) });
  expect(mistakesOf(app)).toEqual([expect.stringContaining('no-default-deny: no single default deny')]);
});

describe('manifests of an existing namespace', () => {
  const deny = '{podSelector: {}, policyTypes: [Ingress, Egress]}';
  const open = '{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}';
  const policies = (given: Record<string, string>) =>
    Manifests.fromText(
      Object.entries(given)
        .map(
          ([name, spec]) =>
            `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: old}, spec: ${spec}}`,
        )
        .join('\n---\n'),
      'old.yaml',
    );

  test('hold the default deny that is named, or it is a mistake', () => {
    const { app, environment } = shop();
    Namespace.fromExisting(environment, 'old', { manifests: policies({ 'deny-all': deny }), defaultDeny: 'denyall' });
    expect(mistakesOf(app)).toEqual(['no-default-deny: the manifests hold no policy `denyall` of namespace `old`']);
  });

  test('name none that opens something: it would be closed by being taken over', () => {
    const { app, environment } = shop();
    Namespace.fromExisting(environment, 'old', { manifests: policies({ legacy: open }), defaultDeny: 'legacy' });
    expect(mistakesOf(app)).toEqual([
      expect.stringContaining('no-default-deny: policy `legacy` of namespace `old` is no default deny'),
    ]);
  });

  test('may name one that denies one direction', () => {
    const { app, environment } = shop();
    const ingress = policies({ 'deny-in': '{podSelector: {}, policyTypes: [Ingress]}' });
    Namespace.fromExisting(environment, 'old', { manifests: ingress, defaultDeny: 'deny-in' });
    expect(mistakesOf(app)).toEqual([]);
  });

  test('may hold the default deny that is taken over under the name that ours has', () => {
    const { app, environment } = shop();
    const manifests = policies({ 'tierwall-default-deny': deny, other: deny });
    const old = Namespace.fromExisting(environment, 'old', { defaultDeny: 'tierwall-default-deny', manifests });
    expect(mistakesOf(app)).toEqual([]);
    Service.fromManifests(old, 'w', { manifests });
    expect(mistakesOf(app)).toEqual([expect.stringContaining('there is no workload `w`')]);
  });

  test('may not hold a policy of the name of one of ours', () => {
    const { app, environment } = shop();
    const given = policies({ 'deny-all': deny, 'tierwall-w': open });
    new Service(Namespace.fromExisting(environment, 'old', { manifests: given }), 'w');
    expect(mistakesOf(app)).toEqual([
      expect.stringContaining('policy-name-taken: policy `tierwall-w` exists in namespace `old`, from old.yaml'),
    ]);
  });

  test('hold policies of other owners, which are named as not proved', () => {
    const { app, environment } = shop();
    Namespace.fromExisting(environment, 'old', { manifests: policies({ 'deny-all': deny, legacy: open }) });
    expect(reportLines(synthesize(app))).toEqual([
      "old.yaml: NetworkPolicy `legacy` of namespace `old` is another owner's: what it opens or closes is proved only by `tierwall prove --with`",
    ]);
  });
});

test('a container that is added after a first synthesis counts', () => {
  const { app, namespace } = shop();
  const container = (portNumber: number) => ({ name: `c${portNumber}`, image: 'x', portNumber });
  const deployment = new Deployment(new Chart(app, 'w', { namespace: 'shop' }), 'd', { containers: [container(80)] });
  fromWorkload(namespace, 'd', deployment).allowFrom(namespace);
  expect(policyOf(app, 'd').spec.ingress?.[0]?.ports).toHaveLength(1);
  deployment.addContainer(container(90));
  expect(policyOf(app, 'd').spec.ingress?.[0]?.ports).toHaveLength(2);
  const before = synthesize(app);
  expect(synthesize(app)).toBe(before);
});

test('a mistake of a workload that was corrected after a first synthesis is gone', () => {
  const { app, namespace } = shop();
  const ports = [{ number: 0 }];
  const workload = new Deployment(new Chart(app, 'w', { namespace: 'shop' }), 'd', {
    containers: [{ image: 'x', ports }],
  });
  fromWorkload(namespace, 'd', workload);
  expect(mistakesOf(app)).toEqual([expect.stringContaining('bad-port: port `0`')]);
  ports[0]!.number = 80;
  expect(mistakesOf(app)).toEqual([]);
});

test('DNS in a namespace of this app is denied unless a service is opened, and it is said', () => {
  const { app, environment, namespace } = shop();
  new Service(namespace, 'a').allowTo(Peer.cidr('192.0.2.0/24'), { ports: [443] });
  const system = new Namespace(environment, 'kube-system', { systemNamespace: 'managed' });
  const dns = new Service(system, 'dns', { labels: { 'k8s-app': 'kube-dns' }, ports: { udp: '53/UDP', tcp: 53 } });
  expect(reportLines(synthesize(app))).toEqual([
    'pods of environment `prod` look up names at kube-dns, in namespace `kube-system` of this app, which lets nobody in on that port',
  ]);
  dns.allowFrom(Peer.anyPod());
  expect(reportLines(synthesize(app))).toEqual([]);
});

describe('the same intent said from both sides', () => {
  beforeEach(() => void vi.stubEnv('TIERWALL_AS_OF', '2026-11-24'));
  afterEach(() => void vi.unstubAllEnvs());

  const both = (of: object, to: object) => {
    const { app, namespace } = shop();
    const a = new Service(namespace, 'a', { ports: { p: 1, q: 2 } });
    const b = new Service(namespace, 'b').allowTo(a, to);
    a.allowFrom(b, of);
    return { app, lines: () => reportLines(synthesize(app)).map((line) => line.replace(/[^\s(]+:\d+/g, 'line')) };
  };

  test('is one', () => {
    expect(handoverOf(both({}, {}).app).intents).toBe(1);
    expect(handoverOf(both({}, { ports: ['q', 'p'] }).app).intents).toBe(1);
    expect(handoverOf(both({ ports: ['p'] }, {}).app).intents).toBe(2);
    expect(both({}, {}).lines()).toEqual([]);
  });

  test('and with different reasons is told', () => {
    expect(both({ because: 'orders' }, { because: 'order' }).lines()).toEqual([
      'line: `prod/shop/a` and `prod/shop/b` (line) say the same intent, one because of `orders`, the other because of `order`',
    ]);
    expect(both({ because: 'orders' }, {}).lines()).toEqual([]);
  });

  test('and with different last days is told', () => {
    const days = both({ until: '2999-01-01' }, { until: '2999-02-01' });
    expect(days.lines()).toEqual([
      'line: `prod/shop/a` and `prod/shop/b` (line) say the same intent, one until 2999-01-01, the other until 2999-02-01: the later counts',
    ]);
  });
});
