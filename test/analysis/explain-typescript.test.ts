import { Testing } from 'cdk8s';
import { AllowFrom, Environment, Namespace, Never, Peer, Port, type PortsByName, Service } from 'tierwall';
import { describe, expect, it } from 'vitest';
import { explain } from '../../lib/analysis/explain';
import type { AskedNumbers, Question } from '../../lib/analysis/explain/asked';
import { handoverOf } from '../../lib/constructs/handover';
import { type Cluster, workloadToString } from '../../lib/model/cluster';
import { internetAddresses } from '../../lib/model/internet';
import { clusterOfTexts } from '../../lib/read/cluster';
import { toYaml } from '../../lib/render/yaml';
import { clustersOfApp } from '../../lib/synth/app-source';
import { declaringApp } from '../../lib/synth/declaring-app';
import { mistakesOf, policiesOf, shop } from '../support/program';

function deployment(namespace: string, name: string, ports: object[] = [], label = name) {
  const labels = { 'app.kubernetes.io/name': label };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x', ports }] } },
    },
  };
}

const workloads = [
  deployment('shop', 'web-front'),
  deployment('shop', 'cart', [{ name: 'grpc', containerPort: 7070 }]),
  deployment('ops', 'probe'),
];

/** The app's policies as it writes them, after a statement was added, beside the workloads. */
function clusterWith(statement: string, beside: readonly object[] = workloads): Cluster {
  const { app, namespace } = shop();
  const cart = new Service(namespace, 'cart', { ports: { grpc: 7070 } });
  const webFront = new Service(namespace, 'web-front');
  const declare = new Function('AllowFrom', 'Peer', 'cart', 'webFront', statement);
  declare(AllowFrom, Peer, cart, webFront);
  const texts = [...beside, ...policiesOf(app)].map((object, i) => ({ file: `${i}.yaml`, text: toYaml(object) }));
  return clusterOfTexts(texts);
}

function questionIn(cluster: Cluster, from: string): Question {
  const party = (text: string) => {
    const workload = cluster.workloads.find((w) => workloadToString(w) === text)!;
    return { text, ends: [{ kind: 'workload' as const, workload }] };
  };
  return { from: party(from), to: party('shop/cart') };
}

describe('the statement that would allow a denied connection', () => {
  it.for([
    ['shop/web-front', "new AllowFrom(cart, 'web-front', { from: webFront, ports: ['grpc'] });"],
    [
      'ops/probe',
      "new AllowFrom(cart, 'from-probe', { from: Peer.pods({ namespace: 'ops', labels: { 'app.kubernetes.io/name': 'probe' } }), ports: ['grpc'] });",
    ],
    ['shop/cart', "new AllowFrom(cart, 'cart', { from: cart, ports: ['grpc'] });"],
  ] as const)('from %s allows it once it is in the app', ([from, line]) => {
    // Without an intent a Service has no policy of its own, and its construct is not named: another intent gives it one.
    const others =
      "cart.allowFrom(Peer.namespace('backup')); webFront.allowTo(Peer.cidr('203.0.113.7/32'), { ports: [443] });";
    const before = clusterWith(others);
    const [denied] = explain(before, questionIn(before, from)).cases;
    expect([denied!.decision, denied!.fix!.typescript.line]).toEqual(['denied', line]);
    const after = clusterWith(others + line);
    expect(explain(after, questionIn(after, from)).decision).toBe('allowed');
  });
  it.for(['cart', 'web-front'])('is none where the service %s does not select the pods of that name', (name) => {
    const beside = ['web-front', 'cart'].map((own) =>
      deployment('shop', own, [{ name: 'grpc', containerPort: 7070 }], own === name ? 'crat' : own),
    );
    const cluster = clusterWith('cart.allowFrom(webFront); webFront.allowFrom(cart, { ports: [8080] });', beside);
    const [denied] = explain(cluster, questionIn(cluster, 'shop/web-front')).cases;
    expect([denied!.fix, denied!.noFix]).toEqual([
      undefined,
      `the service prod/shop/${name} is the pods labelled app.kubernetes.io/name=${name}, and those of shop/${name} (${name === 'cart' ? 1 : 0}.yaml:1) have app.kubernetes.io/name=crat: no statement about the service reaches them; correct the label of the workload, or give the service its \`labels\``,
    ]);
  });
});

/** An app with two environments in one cluster, into which a statement and other ports of `cart` can be pasted. */
function twoEnvironments(statement = '', ports = '{ grpc: 7070 }', guarantee = '') {
  const app = Testing.app();
  const namespaceOf = (name: string, namespace: string) =>
    new Namespace(new Environment(app, name, { cluster: 'shared' }), namespace);
  const [production, staging] = [namespaceOf('production', 'shop'), namespaceOf('staging', 'trial')];
  const declared = new Function('Port', `return ${ports}`)(Port) as PortsByName;
  const cart = new Service(production, 'cart', { ports: declared });
  const redis = new Service(production, 'redis', { ports: { redis: 6379 } });
  const probe = new Service(staging, 'probe');
  const names = { AllowFrom, Never, Peer, production, staging, cart, redis, probe };
  new Function(...Object.keys(names), guarantee + statement)(...Object.values(names));
  return app;
}

/** Whether the app itself allows it, asked as the command does in the app's folder. */
function asked(app: ReturnType<typeof twoEnvironments>, from: string, to: string, port: string) {
  const [only] = clustersOfApp([handoverOf(app, { source: 'asked' })]);
  const end = (text: string) => {
    const workload = only!.cluster.workloads.find((w) => workloadToString(w) === text);
    const ends = workload ? [{ kind: 'workload' as const, workload }] : [];
    if (text === 'internet')
      return { text, ends: [{ kind: 'addresses' as const, text, addresses: internetAddresses }] };
    return { text, ends };
  };
  const ports = { text: port, asked: [{ ...(Port.parse(port)!.item as AskedNumbers), text: port }] };
  const options = { lineOf: only!.lineOf, app: declaringApp(only!) };
  return explain(only!.cluster, { from: end(from), to: end(to), ports }, options).cases[0]!;
}

describe('the statement that is proposed in an app', () => {
  it('comes with the port that the callee has to declare first, and both are accepted', () => {
    const { typescript } = asked(twoEnvironments(), 'shop/redis', 'shop/cart', '6379').fix!;
    expect(typescript.line).toBe("new AllowFrom(cart, 'redis', { from: redis, ports: ['6379/TCP'] });");
    expect(typescript.needs).toEqual([
      expect.stringMatching(
        /^production\/shop\/cart \(.*:\d+\) declares `grpc` \(7070\/TCP\), and not 6379\/TCP: declare it there first, `ports: \{ grpc: 7070, 'tcp-6379': 6379 \}`$/,
      ),
    ]);
    expect(mistakesOf(twoEnvironments(typescript.line))).toEqual([
      'undeclared-port: port `6379/TCP` is not declared by `production/shop/cart`',
    ]);
    const [, ports] = /`ports: (.*)`$/.exec(typescript.needs[0]!)!;
    expect(asked(twoEnvironments(typescript.line, ports), 'shop/redis', 'shop/cart', '6379').decision).toBe('allowed');
  });

  it('shows ports that are declared in whatever way as they are', () => {
    const declared = "{ 'old-grpc': '7070/UDP', more: '8000-8999/TCP', web: Port.named('http', 'TCP') }";
    const { typescript } = asked(twoEnvironments('', declared), 'shop/redis', 'shop/cart', '6379/UDP').fix!;
    const [, ports] = /`ports: (.*)`$/.exec(typescript.needs[0]!)!;
    expect(ports).toBe(declared.replace(' }', ", 'udp-6379': '6379/UDP' }"));
    const app = twoEnvironments(typescript.line, ports);
    expect(asked(app, 'shop/redis', 'shop/cart', '6379/UDP').decision).toBe('allowed');
  });

  it.for([
    ['a port by its name', '{ grpc: 7070 }', '7070', "'grpc'"],
    ['part of a range that is declared', "{ data: '7000-7999' }", '7070', "'7070/TCP'"],
    ['any number where no port is declared', '{}', '7070', "'7070/TCP'"],
  ] as const)('asks for %s, without more', ([, ports, port, word]) => {
    const { typescript } = asked(twoEnvironments('', ports), 'shop/redis', 'shop/cart', port).fix!;
    expect([typescript.line, typescript.needs]).toEqual([
      `new AllowFrom(cart, 'redis', { from: redis, ports: [${word}] });`,
      [],
    ]);
    const app = twoEnvironments(typescript.line, ports);
    expect(asked(app, 'shop/redis', 'shop/cart', port).decision).toBe('allowed');
  });

  it('between two environments has a place for the reason, and says so', () => {
    const { typescript } = asked(twoEnvironments(), 'trial/probe', 'shop/cart', '7070').fix!;
    expect(typescript).toMatchObject({
      line: "new AllowFrom(cart, 'probe', { from: probe, ports: ['grpc'], crossEnvironment: { because: 'say why' } });",
      needs: [
        'staging and production are two environments: synth takes it with a reason alone, so say why in its place',
      ],
    });
    const without = typescript.line.replace(/, crossEnvironment: \{[^}]*\}/, '');
    expect(mistakesOf(twoEnvironments(without))).toEqual([
      'cross-environment: an intent joins environments `staging` and `production`',
    ]);
    const app = twoEnvironments(typescript.line);
    expect(asked(app, 'trial/probe', 'shop/cart', '7070').decision).toBe('allowed');
  });

  it.for([
    [
      'trial/probe',
      'shop/cart',
      '7070',
      'never from staging to production/shop/cart',
      'from: [staging.node.scope], to: cart',
    ],
    [
      'shop/cart',
      'internet',
      '443',
      'never from production/shop to the internet',
      'from: production, to: Peer.internet()',
    ],
    ['trial/probe', 'shop/cart', '7070', 'on grpc', "from: probe, to: cart, ports: ['grpc']"],
  ] as const)('is none from %s to %s on %s where a guarantee says %s', ([from, to, port, text, sides]) => {
    const guarantee = `new Never(production, 'stays-inside', { ${sides} });`;
    const { fix, noFix } = asked(twoEnvironments('', undefined, guarantee), from, to, port);
    expect(fix).toBeUndefined();
    expect(noFix).toMatch(/^the guarantee `stays-inside` \(.*:\d+\) forbids this: never from /);
    expect(noFix).toContain(text);
    const { typescript } = asked(twoEnvironments(), from, to, port).fix!;
    const refused = handoverOf(twoEnvironments(typescript.line, undefined, guarantee)).issues;
    expect(refused.map(({ code }) => code)).toEqual(['guarantee-broken']);
  });

  it('is one between two pods of a service, of which the code does not say that it is a single pod', () => {
    const one = asked(twoEnvironments(), 'shop/cart', 'shop/cart', '7070');
    expect([one.decision, one.itself, one.notes]).toEqual([
      'denied',
      'no',
      ['between two pods of shop/cart; a pod always reaches itself'],
    ]);
    const { typescript } = one.fix!;
    expect(asked(twoEnvironments(typescript.line), 'shop/cart', 'shop/cart', '7070').decision).toBe('allowed');
  });

  it('is still one for ports and ends that no guarantee is about', () => {
    const guarantee = "new Never(production, 'n', { from: probe, to: cart, ports: ['grpc'] });";
    const app = twoEnvironments('', '{ grpc: 7070, http: 80 }', guarantee);
    expect(asked(app, 'trial/probe', 'shop/cart', '80').fix).toBeDefined();
    expect(asked(app, 'shop/redis', 'shop/cart', '7070').fix).toBeDefined();
  });
});
