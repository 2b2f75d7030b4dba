import { describe, expect, test } from 'vitest';
import { importCluster } from '../../lib/import/import';
import { readForImport } from '../../lib/import/reading';
import { casesAt } from '../support/cases';
import { importedAgain, importedFrom, inputFrom, textOf } from './imported';

const workload = (name: string, settings: string, namespace = 'shop', ports = '[{ containerPort: 6379 }]') => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, image: c, ports: ${ports}, ${settings} }] }
`;
const service = (name: string, port = '{ name: main, port: 6379 }', more = '', namespace = 'shop') =>
  `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { selector: { app: ${name} }, ports: [${port}]${more} }\n`;
const config = (name: string, key: string, value: string) =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: shop }\ndata: { ${key}: ${JSON.stringify(value)} }\n`;

const env = (value: string) => `env: [{ name: A, value: ${JSON.stringify(value)} }]`;
const redis = workload('redis', 'args: [redis-server]') + service('redis');

async function proposed(text: string): Promise<string[]> {
  const { proposals } = await importedFrom(redis + text);
  return proposals.map(({ caller, callee, ports }) => `${caller} -> ${callee} ${ports}`);
}

describe('workloads without policies', () => {
  test('are services that are denied everything, where nothing says whom they call', async () => {
    const result = await importedFrom(redis + workload('cart', env('5')));
    expect(result).toMatchObject({ made: 'of workloads', proposals: [], policies: 0 });
    expect(result.files.get('namespaces/shop.ts')).not.toContain('allow');
    expect(result.plan.namespaces).toMatchObject([{ isolates: 'both', unnamedPods: 'denied' }]);
    expect(result.proof).toMatchObject({ verdict: 'equal', services: 2, intents: 0, policies: 1 });
  });

  test.for([
    ['a host and port', env('redis:6379')],
    ['a host and the name of a port', env('redis:main')],
    ['a host alone', env('redis')],
    ['a host with its namespace', env('redis.shop')],
    ['a full host name', env('redis.shop.svc.cluster.local:6379')],
    ['a URL', env('redis://redis:6379/0')],
    ['a URL with a user', env('redis://user:secret@redis:6379')],
    ['the host of a URL without a port', env('http://redis/path?x=1')],
    ['one of several hosts', env('kafka:9092,redis:6379')],
    ['an argument', 'args: ["--addr=redis:6379"]'],
    ['an argument without port', 'args: ["--addr=redis"]'],
    ['a part of a command', 'command: [sh, -c, "until nc -z redis 6379; do sleep 1; done; run --redis redis:6379"]'],
    ['an IPv4 URL beside it', env('http://192.0.2.1 redis:6379')],
  ] as const)('propose an intent for what names a Service: %s', async ([, settings]) => {
    expect(await proposed(workload('cart', settings))).toEqual(['shop/cart -> shop/redis 6379/TCP']);
  });

  test.for([
    ['another port', env('redis:80')],
    ['a word in a sentence', env('redis is used for carts')],
    ['a part of a longer name', env('redis-exporter:6379')],
    ['a subdomain of somebody', env('redis.example.com:6379')],
    ['a namespace where there is no such Service', env('redis.other')],
    ['a file', env('/etc/redis/redis.conf')],
    ['an image', env('redis:7.2')],
  ] as const)('propose nothing for what may be anything: %s', async ([, settings]) => {
    expect(await proposed(workload('cart', settings))).toEqual([]);
  });

  test.for([
    [
      'a key that an environment variable takes',
      'env: [{ name: A, valueFrom: { configMapKeyRef: { name: c, key: url } } }]',
    ],
    ['all that the environment takes', 'envFrom: [{ configMapRef: { name: c } }]'],
  ])('propose an intent for what a ConfigMap says: %s', async ([, settings]) => {
    const text = config('c', 'url', 'redis://redis:6379') + workload('cart', settings!);
    expect(await proposed(text)).toEqual(['shop/cart -> shop/redis 6379/TCP']);
    const { proposals } = await importedFrom(redis + text);
    expect(proposals[0]?.evidence).toMatch(/ConfigMap c, key url of Deployment cart names redis:6379$/);
  });

  test('keep the evidence beside each intent, as its reason', async () => {
    const { files } = await importedFrom(redis + workload('cart', env('redis:6379')));
    expect(files.get('namespaces/shop.ts')).toContain(
      "redis.allowFrom(cart, { because: 'env A of Deployment cart names redis:6379' });",
    );
  });

  test('follow a Service’s port to the container’s, by number and by name', async () => {
    const ports = '[{ name: http, containerPort: 8080 }]';
    const api = workload('api', 'args: []', 'shop', ports) + service('api', '{ port: 80, targetPort: http }');
    expect(await proposed(api + workload('cart', env('http://api')))).toEqual(['shop/cart -> shop/api 8080/TCP']);
  });

  test('reach other namespaces by name, and never by a bare name', async () => {
    const other = (value: string) => workload('cart', env(value), 'other');
    expect(await proposed(other('redis.shop:6379'))).toEqual(['other/cart -> shop/redis 6379/TCP']);
    expect(await proposed(other('redis:6379'))).toEqual([]);
  });

  test('are open to who is outside where a Service or an Ingress exposes them', async () => {
    const ingress =
      '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, namespace: shop }\nspec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }\n';
    const web = workload('web', 'args: []', 'shop', '[{ containerPort: 80 }]');
    expect(await proposed(web + service('web', '{ port: 80 }', ', type: LoadBalancer'))).toEqual([
      'the internet -> shop/web 80/TCP',
    ]);
    expect(await proposed(web + service('web', '{ port: 80 }') + ingress)).toEqual([
      'ingress-nginx -> shop/web 80/TCP',
    ]);
  });

  test('may use the API server by a ServiceAccount, and pods without labels be named by nobody: that is for people to say', async () => {
    const controller = workload('controller', env('5')).replace(
      'spec: { containers',
      'spec: { serviceAccountName: boss, containers',
    );
    const job = workload('job', env('5'))
      .replace('metadata: { labels: { app: job } }', 'metadata: {}')
      .replace('matchLabels: { app: job }', '');
    const bare = job
      .replace('kind: Deployment', 'kind: Job')
      .replace('apps/v1', 'batch/v1')
      .replace('  selector: {  }\n', '');
    const { unsaid } = await importedFrom(redis + controller + bare);
    expect(unsaid).toEqual([
      'Deployment shop/controller: as ServiceAccount boss it may use the API server, whose address is not known; if it does, say so by `allowTo(Peer.apiServer())`',
      expect.stringMatching(/^Job shop\/job: its pods carry no labels, so that no policy can name them; give/),
    ]);
  });

  test('name the Gateway that a route comes from', async () => {
    const route =
      '---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: shop }\nspec: { parentRefs: [{ name: gw, namespace: infra }], rules: [{ backendRefs: [{ name: redis, port: 6379 }] }] }\n';
    expect((await importedFrom(redis + route)).unsaid).toEqual([
      'HTTPRoute shop/r leads to Service shop/redis, from Gateway infra/gw: no manifest says which pods run it',
    ]);
  });

  test('are open to Prometheus where a Service asks for it; who runs the gateway of an HTTPRoute is for people to say', async () => {
    const web = workload('web', 'args: []', 'shop', '[{ containerPort: 80 }, { containerPort: 9100 }]');
    const route =
      '---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: shop }\nspec: { rules: [{ backendRefs: [{ name: web, port: 80 }] }] }\n';
    const service80 = service('web', '{ port: 80 }, { name: metrics, port: 9100 }');
    expect((await importedFrom(web + service80 + route)).unsaid).toEqual([
      'HTTPRoute shop/r leads to Service shop/web, from a Gateway that it does not name',
    ]);
    const scraped = service80.replace(
      'namespace: shop }',
      "namespace: shop, annotations: { prometheus.io/scrape: 'true', prometheus.io/port: metrics } }",
    );
    expect(await proposed(web + scraped)).toEqual(['Prometheus -> shop/web 9100/TCP']);
  });

  test('of kube-system and the like are no part of the app', async () => {
    const result = await importedFrom(redis + workload('coredns', 'args: []', 'kube-system'));
    expect(result.plan.namespaces.map(({ name }) => name)).toEqual(['shop']);
    expect(result.open).toEqual(['kube-system']);
  });

  test('that controllers alone tell apart are told apart by all their labels', async () => {
    const pod = (name: string, role: string) =>
      workload(name, env('redis:6379'))
        .replace(`{ app: ${name} } }\n  template`, '{ app: x } }\n  template')
        .replace(`labels: { app: ${name} }`, `labels: { app: x, role: ${role} }`);
    expect(await proposed(pod('leader', 'a') + pod('follower', 'b'))).toEqual([
      'shop/follower -> shop/redis 6379/TCP',
      'shop/leader -> shop/redis 6379/TCP',
    ]);
  });

  test('become the same app again with the policies that it is synthesized to', async () => {
    const input = await inputFrom(
      redis + workload('cart', env('redis:6379')) + service('cart', '{ port: 80 }', ', type: NodePort'),
    );
    const result = importCluster(input);
    expect(textOf(await importedAgain(input, result))).toBe(textOf(result));
  });
});

/** Who calls whom in Online Boutique, by its own documentation; the shop front is open to all. */
const boutique = [
  'cartservice -> redis-cart 6379',
  ...['cartservice 7070', 'currencyservice 7000', 'emailservice 8080', 'paymentservice 50051'].map(
    (to) => `checkoutservice -> ${to}`,
  ),
  ...['productcatalogservice 3550', 'shippingservice 50051'].map((to) => `checkoutservice -> ${to}`),
  ...['adservice 9555', 'cartservice 7070', 'checkoutservice 5050', 'currencyservice 7000'].map(
    (to) => `frontend -> ${to}`,
  ),
  ...['productcatalogservice 3550', 'recommendationservice 8080', 'shippingservice 50051'].map(
    (to) => `frontend -> ${to}`,
  ),
  'loadgenerator -> frontend 8080',
  'recommendationservice -> productcatalogservice 3550',
  'the internet -> frontend 8080',
];

const release = casesAt('apps', 'online-boutique', 'release');
test.skipIf(!release)(
  'Online Boutique without policies: exactly its known connections are proposed (skipped where ../shared/cases is absent)',
  async () => {
    const { proposals } = importCluster(await readForImport([release!], { cwd: '/' }));
    const found = proposals.map(({ caller, callee, ports }) => `${caller} -> ${callee} ${ports}`);
    expect(found.map((line) => line.replaceAll('default/', '').replace('/TCP', '')).sort()).toEqual(
      [...boutique].sort(),
    );
  },
);
