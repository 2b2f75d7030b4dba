import { type App, Testing } from 'cdk8s';
import { anyPort, Environment, Manifests, Namespace, Peer, Port, Service, Tier } from 'tierwall';
import { describe, expect, test } from 'vitest';
import { handoverOf } from '../../lib/constructs/handover';
import { ruleToString } from '../../lib/model/policy';
import { clustersOfApp } from '../../lib/synth/app-source';
import { shop } from '../support/program';

const clusters = (app: App) => clustersOfApp([handoverOf(app, { source: 'asked' })]);

describe('an app as a source', () => {
  test('has a workload for each service, with the labels of the pods that are known, else with some that its selector picks', () => {
    const { app, namespace } = shop();
    new Service(namespace, 'cart', { ports: { grpc: 7070, data: Port.range(8000, 8999), dns: '53/UDP' } });
    new Service(namespace, 'legacy', {
      selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['b', 'a'] }] },
      ports: anyPort(),
    });
    const manifests = Manifests.fromText(`
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: redis }
spec:
  selector: { matchLabels: { app: redis } }
  template:
    metadata: { labels: { app: redis, role: primary } }
    spec: { containers: [{ name: redis, image: redis, ports: [{ name: redis, containerPort: 6379 }] }] }
`);
    Service.fromManifests(namespace, 'cache', { manifests, workload: 'redis' });
    const [only] = clusters(app);
    const workloads = only!.cluster.workloads.map(({ kind, name, podLabels, ports }) => ({
      kind,
      name,
      podLabels,
      ports: ports.map((port) => `${port.name ?? ''}:${port.number}/${port.protocol}`),
    }));
    expect(workloads).toEqual([
      {
        kind: 'Pod',
        name: 'cart',
        podLabels: { 'app.kubernetes.io/name': 'cart' },
        ports: ['grpc:7070/TCP', 'data:8000/TCP', ':8999/TCP', 'dns:53/UDP'],
      },
      { kind: 'Pod', name: 'legacy', podLabels: { app: 'a' }, ports: [] },
      { kind: 'StatefulSet', name: 'cache', podLabels: { app: 'redis', role: 'primary' }, ports: ['redis:6379/TCP'] },
    ]);
  });

  test('tells pods that stand for whichever a selector picks from those that are known, also of an app with an older tierwall', () => {
    const { app, namespace } = shop();
    new Service(namespace, 'cart');
    const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: {} } }
`;
    Service.fromManifests(namespace, 'web', { manifests: Manifests.fromText(text) });
    const handover = handoverOf(app, { source: 'asked' });
    const older = handover.source!.pods.map(({ pods: _, ...own }) => own);
    for (const pods of [handover.source!.pods, older]) {
      const [only] = clustersOfApp([{ ...handover, source: { ...handover.source!, pods } }]);
      expect([...only!.standIns].map(({ name }) => name)).toEqual(['cart']);
    }
  });

  test('names the intents behind each rule, with their lines, and none behind DNS alone', () => {
    const { app, namespace } = shop();
    const web = new Tier(namespace, 'web');
    const api = new Service(namespace, 'api', { ports: { http: 8080, admin: 9000 } });
    const front = new Service(web, 'front', { ports: { http: 80 } });
    api.allowFrom(web, { ports: ['http'] });
    api.allowFrom(Peer.ingressNginx(), { ports: ['http'] });
    front.allowTo(Peer.cidr('203.0.113.0/24'), { ports: [443] });
    const [{ cluster, intentsOf } = { cluster: undefined!, intentsOf: undefined! }] = clusters(app);
    const rules = cluster.policies.flatMap((policy) => policy.rules);
    const listed = rules.map((rule) => [
      ruleToString(rule),
      ...intentsOf(rule).map(({ caller, callee }) => `${caller} -> ${callee}`),
    ]);
    expect(listed.sort()).toMatchInlineSnapshot(`
      [
        [
          "shop/tierwall-api ingress[0]",
          "prod/shop/web -> prod/shop/api",
          "ingress-nginx -> prod/shop/api",
        ],
        [
          "shop/tierwall-front egress[0]",
          "prod/shop/web/front -> 203.0.113.0/24",
        ],
        [
          "shop/tierwall-front egress[1]",
        ],
        [
          "shop/tierwall-front egress[2]",
          "prod/shop/web -> prod/shop/api",
        ],
      ]
    `);
    const places = rules.flatMap((rule) => intentsOf(rule));
    expect(new Set(places.map(({ at }) => at!.file))).toEqual(new Set(['test/synth/app-source.test.ts']));
    expect(new Set(places.map(({ at }) => at!.line)).size).toBe(3);
  });

  test('is one cluster for each that its environments name, with its own namespaces and policies', () => {
    const app = Testing.app();
    for (const [environment, cluster] of [
      ['production', 'eu'],
      ['canary', 'eu'],
      ['recovery', 'us'],
    ] as const) {
      const namespace = new Namespace(new Environment(app, environment, { cluster }), 'shop', {
        name: environment === 'canary' ? 'shop-canary' : 'shop',
        team: 'store',
      });
      new Service(namespace, 'api').allowTo(Peer.cidr('203.0.113.0/24'), { ports: [443] });
    }
    const read = clusters(app);
    expect(read.map(({ name, environments }) => [name, ...environments])).toEqual([
      ['eu', 'canary', 'production'],
      ['us', 'recovery'],
    ]);
    expect(read.map(({ cluster }) => cluster.policies.map(({ place }) => place.file))).toEqual([
      [
        'canary/shop-canary/tierwall-api.yaml',
        'canary/shop-canary/tierwall-default-deny.yaml',
        'production/shop/tierwall-api.yaml',
        'production/shop/tierwall-default-deny.yaml',
      ],
      ['recovery/shop/tierwall-api.yaml', 'recovery/shop/tierwall-default-deny.yaml'],
    ]);
    expect(read[1]!.cluster.namespaces).toMatchObject([
      {
        name: 'shop',
        source: 'given',
        labels: { 'tierwall.dev/team': 'store', 'kubernetes.io/metadata.name': 'shop' },
      },
    ]);
    for (const { cluster, intentsOf } of read) {
      const rules = cluster.policies.flatMap((policy) => policy.rules);
      expect(rules.map((rule) => intentsOf(rule).length).sort()).toEqual(rules.length === 4 ? [0, 0, 1, 1] : [0, 1]);
    }
  });

  test('with mistakes is all of them, and no source', () => {
    const { app, namespace } = shop();
    const api = new Service(namespace, 'api', { ports: { http: 0 } });
    api.allowFrom(new Service(namespace, 'b'), { ports: ['htp'] });
    expect(() => clusters(app)).toThrow(/htp/);
  });
});
