import { AllowFrom, Peer, Service } from 'tierwall';
import { describe, expect, it } from 'vitest';
import { explain } from '../../lib/analysis/explain';
import type { Question } from '../../lib/analysis/explain/asked';
import { type Cluster, workloadToString } from '../../lib/model/cluster';
import { clusterOfTexts } from '../../lib/read/cluster';
import { toYaml } from '../../lib/render/yaml';
import { policiesOf, shop } from '../support/program';

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
