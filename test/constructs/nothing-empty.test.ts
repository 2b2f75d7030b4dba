import { Environment, LabelScheme, Namespace, Peer, Port, Service } from 'tierwall';
import { describe, expect, test } from 'vitest';
import { Registry } from '../../lib/constructs/registry';
import type { Intent } from '../../lib/model/program';
import { selectorOf } from '../../lib/model/selector';
import { LabelBox } from '../../lib/sets/label-box';
import { PortSet } from '../../lib/sets/port-set';
import { compile } from '../../lib/targets/compile';
import { servicePolicy } from '../../lib/targets/service-policy';
import { mistakesOf, shop } from '../support/program';

/** What a program without types, or with `as any`, may hand over. */
const loose = (value: unknown) => value as never;

type Shop = ReturnType<typeof shop>;

describe('ports that do not exist', () => {
  test.for([
    ['the port of the API server above 65535', 'bad-port: port `70000` is not between 1 and 65535', { port: 70000 }],
    ['port 0 of the API server', 'bad-port: port `0` is not between 1 and 65535', { port: 0 }],
  ] as const)('are a mistake of the environment: %s', ([, message, { port }]) => {
    const { app, namespace } = shop({ apiServer: { cidrs: ['10.0.0.1/32'], port } });
    new Service(namespace, 'a').allowTo(Peer.apiServer());
    expect(mistakesOf(app)).toEqual([message]);
  });

  test('are a mistake of the environment where its DNS listens on them', () => {
    const { app } = shop({ dns: { servers: [], port: 0 } });
    expect(mistakesOf(app)).toEqual(['bad-port: port `0` is not between 1 and 65535']);
  });

  test('include those of a protocol that does not exist', () => {
    const { app, namespace } = shop();
    const port = Port.range(1, 2, loose('tcp'));
    new Service(namespace, 'a', { ports: { a: port } }).allowFrom(new Service(namespace, 'b'));
    new Service(namespace, 'c').allowTo(Peer.cidr('10.0.0.0/8'), { ports: [port, Port.named('x', loose('tcp')), 5] });
    const messages = mistakesOf(app);
    expect(messages).toContain('bad-port: protocol `tcp` of port `1-2/tcp` is none of TCP, UDP and SCTP');
    expect(messages).toContain('bad-port: protocol `tcp` of port `x/tcp` is none of TCP, UDP and SCTP');
  });

  test('are left out of what is written, and never become an empty list, which would be every port', () => {
    const { app, namespace } = shop({ apiServer: { cidrs: ['10.0.0.1/32'], port: 70000 } });
    new Service(namespace, 'a').allowTo(Peer.apiServer());
    const { program } = Registry.of(app);
    expect(compile(program, program.intents).flatMap(({ policies }) => policies)).toEqual([]);
  });

  test('cannot be written at all', () => {
    const { app, namespace } = shop();
    new Service(namespace, 'a');
    const [subject] = Registry.of(app).program.services;
    const intent = {} as Intent;
    const opening = { intent, direction: 'ingress', subject: subject!, service: undefined } as const;
    const write = (items: Parameters<typeof PortSet.of>[0]) =>
      servicePolicy(subject!, [{ ...opening, peer: { kind: 'everyone' }, ports: PortSet.of(items) }], 'implied');
    expect(() => write([{ protocol: loose('tcp'), first: 1, last: 2 }])).toThrow('every port');
    expect(write([{ protocol: 'TCP', first: 1, last: 2 }])?.spec.ingress).toHaveLength(1);
  });
});

describe('a label without a value', () => {
  test.for([
    ['of a service', ({ namespace }) => new Service(namespace, 's', { labels: { app: loose(undefined) } })],
    [
      'in the selector of a service',
      ({ namespace }) =>
        new Service(namespace, 's', {
          selector: { matchExpressions: [{ key: 'app', operator: 'In', values: [loose(undefined)] }] },
        }),
    ],
    [
      'of namespaces',
      ({ namespace }) =>
        new Service(namespace, 's', { ports: { p: 1 } }).allowFrom(
          Peer.namespaces({ labels: { team: loose(undefined) } }),
        ),
    ],
  ] as readonly (readonly [string, (given: Shop) => unknown])[])('is a mistake: %s', ([, declare]) => {
    const given = shop();
    declare(given);
    expect(mistakesOf(given.app)).toEqual([expect.stringMatching(/no value for|refuses/)]);
  });

  test.for([
    ['a label', () => LabelBox.ofLabels({ app: loose(undefined) })],
    ['In', () => LabelBox.of([{ key: 'app', operator: 'In', values: [loose(undefined)] }])],
    ['NotIn', () => LabelBox.of([{ key: 'app', operator: 'NotIn', values: [loose(null)] }])],
    ['a key', () => LabelBox.of([{ key: loose(undefined), operator: 'Exists' }])],
  ] as const)('is refused by the selector itself: %s', ([, make]) => {
    expect(make).toThrow(TypeError);
  });

  test('is not left out of a selector that is written', () => {
    expect(() => selectorOf(LabelBox.of([{ key: 'app', operator: 'In', values: [] }]))).toThrow('no pod');
  });
});

describe('what is empty', () => {
  const from = (peer: () => Peer) => (given: Shop) =>
    new Service(given.namespace, 's', { ports: { p: 1 } }).allowFrom(peer());
  test.for([
    ['labels of Prometheus', 'bad-peer: a peer selects pods by no label', from(() => Peer.prometheus({ labels: {} }))],
    ['labels of a controller', 'bad-peer: a peer selects', from(() => Peer.ingressNginx({ labels: {} }))],
    [
      'labels of pods in namespaces',
      'bad-peer: a peer selects pods by no label',
      from(() => Peer.namespaces({ labels: { a: 'b' }, pods: {} })),
    ],
    [
      'labels of any pod that are looked up and not found',
      'bad-peer: a peer selects pods by no label',
      from(() => Peer.anyPod({ labels: loose(undefined) })),
    ],
    [
      'labels of pods in namespaces that are looked up and not found',
      'bad-peer: a peer selects pods by no label',
      from(() => Peer.namespaces({ labels: { a: 'b' }, pods: loose(undefined) })),
    ],
    [
      'what is not the internet',
      'no-addresses: `notInternet` is empty, so every address would be the internet',
      ({ app }) => new Namespace(new Environment(app, 'other', { notInternet: [] }), 'x'),
    ],
    [
      'the internet',
      'no-addresses: `notInternet` leaves no address that is the internet',
      ({ app }) => new Namespace(new Environment(app, 'other', { notInternet: ['0.0.0.0/0', '::/0'] }), 'x'),
    ],
  ] as readonly (readonly [string, string, (given: Shop) => unknown])[])(
    'never means everything: %s',
    ([, message, declare]) => {
      const given = shop();
      declare(given);
      expect(mistakesOf(given.app)).toEqual([expect.stringContaining(message)]);
    },
  );
});

describe('what cannot be written as it is', () => {
  test('addresses that are none are a mistake, and not a crash', () => {
    const { app, namespace } = shop({ notInternet: ['garbage'] });
    new Service(namespace, 's', { ports: { p: 1 } }).allowFrom(Peer.internet({ via: 'direct' }));
    expect(mistakesOf(app)).toEqual(['bad-cidr: `garbage` is no CIDR']);
  });

  test('`via: null` is a mistake, and not a crash', () => {
    const { app, namespace } = shop();
    new Service(namespace, 's', { ports: { p: 1 } }).allowFrom(Peer.internet({ via: loose(null) }));
    expect(mistakesOf(app)).toEqual([expect.stringContaining('bad-peer: `via` of the internet')]);
  });

  test('half a character in a reason is a mistake at the line that gives it', () => {
    const { app, namespace } = shop();
    new Service(namespace, 's', { ports: { p: 1 } }).allowFrom(namespace, { because: 'x\ud83d' });
    expect(mistakesOf(app)).toEqual([expect.stringContaining('`because` holds half of a character')]);
  });

  test('characters that kustomize refuses are none of a reason, nor of a peer that it names', () => {
    const { app, namespace } = shop();
    const office = Peer.cidr('203.0.113.0/24', { name: 'the\u0080office' });
    new Service(namespace, 's', { ports: { p: 1 } }).allowFrom(office, { because: 'a\u0001\u007f\ufffe\n b' });
    const { program } = Registry.of(app);
    const [policy] = compile(program, program.intents).flatMap(({ policies }) => policies);
    expect(policy?.metadata.annotations?.['tierwall.dev/because']).toBe('a b (from the office)');
  });

  test('a reason that is too long is cut between characters', () => {
    const { app, namespace } = shop();
    const because = `${'x'.repeat(999)}😀😀😀`;
    new Service(namespace, 's', { ports: { p: 1 } }).allowFrom(namespace, { because });
    const { program } = Registry.of(app);
    const [policy] = compile(program, program.intents).flatMap(({ policies }) => policies);
    expect(policy?.metadata.annotations?.['tierwall.dev/because']).toBe(`${'x'.repeat(999)}… (shortened)`);
  });

  test('reasons that are too long for an annotation are cut between words, and say so', () => {
    const { app, namespace } = shop();
    const because = 'needed '.repeat(200).trim();
    const [api, web, batch] = ['api', 'web', 'batch'].map((name) => new Service(namespace, name, { ports: { a: 1 } }));
    api!.allowFrom(web!, { because }).allowFrom(batch!, { because: 'zeal' });
    const { program } = Registry.of(app);
    const policies = compile(program, program.intents).flatMap((namespace) => namespace.policies);
    const policy = policies.find(({ metadata }) => metadata.name === 'tierwall-api');
    expect(policy?.metadata.annotations?.['tierwall.dev/because']).toMatch(
      /^(needed )+needed… \(shortened\); and 1 more$/,
    );
  });

  test.for([
    ['a team', ({ environment }) => new Namespace(environment, 'x', { team: 'a b!' }), '`team` is `a b!`'],
    [
      'a key of the label scheme',
      ({ app }) => new Namespace(new Environment(app, 'e', { labels: new LabelScheme({ name: 'a b' }) }), 'x'),
      '`name` is `a b`',
    ],
    [
      'one key for two roles',
      ({ app }) => {
        const labels = new LabelScheme({ name: 'app', tier: 'app' });
        new Namespace(new Environment(app, 'e', { labels }), 'x');
      },
      'the label scheme has `app` for both name and tier',
    ],
  ] as readonly (readonly [string, (given: Shop) => unknown, string])[])(
    'what cannot be a label is a mistake: %s',
    ([, declare, message]) => {
      const given = shop();
      declare(given);
      expect(mistakesOf(given.app)).toEqual([expect.stringContaining(message)]);
    },
  );

  test.for([
    ['tierwall.dev/environment', 'production'],
    ['tierwall.dev/team', 'payments'],
    ['kubernetes.io/metadata.name', 'other'],
  ])('a label that says something else of the namespace than the code is a mistake: %s', ([key, value]) => {
    const { app, environment } = shop();
    new Namespace(environment, 'x', { labels: { [key!]: value! } });
    expect(mistakesOf(app)).toEqual([expect.stringContaining(`bad-option: \`labels\` says \`${key}: ${value}\``)]);
  });

  test('a label that says the same as the code is none', () => {
    const { app, environment } = shop();
    const labels = { 'tierwall.dev/environment': 'prod', 'tierwall.dev/team': 't', 'kubernetes.io/metadata.name': 'x' };
    new Namespace(environment, 'x', { team: 't', labels });
    expect(mistakesOf(app)).toEqual([]);
  });
});
