import { describe, expect, test } from 'vitest';
import { wrapped } from '../../lib/import/code/literal';
import { importedFrom } from './imported';

const policy = (name: string, namespace: string, spec: string, metadata = '') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace}${metadata} }
spec: ${spec}
`;
const deployment = (name: string, namespace: string, labels: string, ports: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { ${labels} } }
  template:
    metadata: { labels: { ${labels} } }
    spec: { containers: [{ name: c, image: c, ports: [${ports}] }] }
`;
const code = async (text: string, file: string) => (await importedFrom(text)).files.get(file);

describe('the code of an import', () => {
  test.for([
    ['a', 'f(x, { a: 1, b: [2] })', 'f(x, { a: 1, b: [2] })'],
    [
      'the last',
      `f([a, b], { ports: [1], because: '${'x'.repeat(110)}' })`,
      `f([a, b], {\n  ports: [1],\n  because: '${'x'.repeat(110)}',\n})`,
    ],
    [
      'the one that is enough',
      `f([${'a'.repeat(60)}, ${'b'.repeat(60)}], { c: 1 })`,
      `f([\n  ${'a'.repeat(60)},\n  ${'b'.repeat(60)},\n], { c: 1 })`,
    ],
    [
      'what is inside too',
      `f({ a: { b: '${'x'.repeat(60)}', c: '${'y'.repeat(60)}' } })`,
      `f({\n  a: {\n    b: '${'x'.repeat(60)}',\n    c: '${'y'.repeat(60)}',\n  },\n})`,
    ],
    [
      'nothing in texts',
      `f('{ a: [1, 2] }', { b: "it's [1]", c: '${'x'.repeat(120)}' })`,
      `f('{ a: [1, 2] }', {\n  b: "it's [1]",\n  c: '${'x'.repeat(120)}',\n})`,
    ],
  ] as const)('breaks long lines like a formatter: %s', ([, code, lines]) => expect(wrapped(code)).toBe(lines));

  test('names no service by a word that every scope of an app holds already', async () => {
    const given = policy('constructor', 'shop', '{ podSelector: { matchLabels: { app: constructor } } }');
    expect(await code(given, 'namespaces/shop.ts')).toContain(
      "new Service(shop, 'constructor-pods', { labels: { app: 'constructor' } })",
    );
  });

  test('has a file for each namespace, services with their ports and tiers, and a statement for each relation', async () => {
    const result = await importedFrom(
      deployment(
        'orders',
        'shop',
        'app: orders, tier: backend',
        '{ name: grpc, containerPort: 7000 }, { name: metrics, containerPort: 9090 }',
      ) +
        deployment('web', 'shop', 'app: web', '{ name: http, containerPort: 8080 }') +
        policy('deny', 'shop', '{ podSelector: {}, policyTypes: [Ingress, Egress] }') +
        policy(
          'orders',
          'shop',
          `
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress, Egress]
  ingress:
  # the shop front takes orders
  - from: [{ podSelector: { matchLabels: { app: web } } }]
    ports: [{ port: 7000 }]
  - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }]
    ports: [{ port: metrics }]
  egress:
  - to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] # the payment provider
    ports: [{ port: 443 }]
`,
        ) +
        policy(
          'web',
          'shop',
          '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: orders } } }], ports: [{ port: 7000 }] }] }',
        ),
    );
    expect([...result.files.keys()]).toEqual(['environment.ts', 'main.ts', 'namespaces/shop.ts']);
    expect(result.files.get('environment.ts')).toMatchInlineSnapshot(`
      "import { App } from 'cdk8s';
      import { Environment, LabelScheme, noDns } from 'tierwall';

      export const app = new App();

      /** DNS is stated where the policies that this was made from state it, and comes with no other egress. */
      export const cluster = new Environment(app, 'cluster', { dns: noDns(), labels: new LabelScheme({ name: 'app' }) });
      "
    `);
    expect(result.files.get('main.ts')).toMatchInlineSnapshot(`
      "import { app } from './environment.js';
      import { allowShop } from './namespaces/shop.js';

      allowShop();
      app.synth();
      "
    `);
    expect(result.files.get('namespaces/shop.ts')).toMatchInlineSnapshot(`
      "import { Namespace, Peer, Port, Service, Tier } from 'tierwall';
      import { cluster } from '../environment.js';

      export const shop = new Namespace(cluster, 'shop');
      const backendTier = new Tier(shop, 'backend');

      /** Deployment orders */
      export const orders = new Service(backendTier, 'orders', { ports: { grpc: 7000, metrics: Port.named('metrics') } });
      /** Deployment web */
      export const web = new Service(shop, 'web', { ports: { http: 8080 } });

      /** Who may talk to whom. */
      export function allowShop() {
        orders.allowFrom(Peer.namespace('monitoring'), { ports: ['metrics'] });
        orders.allowFrom(web, { ports: ['grpc'], because: 'the shop front takes orders' });
        orders.allowTo(Peer.cidr('203.0.113.0/24'), { ports: [443], because: 'the payment provider' });
      }
      "
    `);
  });

  test('states the one side that policies open', async () => {
    const text =
      policy('deny', 'shop', '{ podSelector: {}, policyTypes: [Ingress, Egress] }') +
      policy(
        'db',
        'shop',
        '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }], ports: [{ port: 5432 }] }] }',
      );
    expect(await code(text, 'namespaces/shop.ts')).toContain(
      "db.allowFrom(api, { ports: [5432], enforcedAt: 'callee' });",
    );
  });

  test('names what policies state once: two apps in one list are two services, and a list of peers one statement', async () => {
    const text = policy(
      'gateways',
      'istio',
      '{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [ingress, local] }] }, ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: In, values: [a, b] }] } }] }] }',
    );
    const shop = await code(text, 'namespaces/istio.ts');
    expect(shop).toContain("export const ingress = new Service(istio, 'ingress');");
    expect(shop).toContain("ingress.allowFrom([Peer.namespace('a'), Peer.namespace('b')], { ports: anyPort() });");
  });

  test('takes reasons from annotations and comments, but not from licences, links, accepted findings, or YAML that is commented out', async () => {
    const open = '{ podSelector: { matchLabels: { app: x } }, ingress: [{}] }';
    const reasonOf = async (text: string) =>
      /because: (.*?)[,}\n]/.exec((await code(text, 'namespaces/a.ts'))!)?.[1]?.trim();
    expect(await reasonOf(policy('x', 'a', open, ', annotations: { example.com/description: the front door }'))).toBe(
      "'the front door'",
    );
    expect(await reasonOf(`# Lets customers in.\n${policy('x', 'a', open).slice(4)}`)).toBe("'Lets customers in'");
    expect(await reasonOf(`# Copyright someone\n${policy('x', 'a', open).slice(4)}`)).toBeUndefined();
    expect(await reasonOf(`# https://example.com/page\n# why it is open\n${policy('x', 'a', open).slice(4)}`)).toBe(
      "'why it is open'",
    );
    expect(await reasonOf(`# app: y\n${policy('x', 'a', open).slice(4)}`)).toBeUndefined();
    const ignored = '# tierwall-ignore no-allow-all-ports until 2027-03-31: to be narrowed\n';
    expect(await reasonOf(`${ignored}${policy('x', 'a', open).slice(4)}`)).toBeUndefined();
    expect(await reasonOf(`# the front door\n${ignored}${policy('x', 'a', open).slice(4)}`)).toBe("'the front door'");
  });

  test('declares the DNS that every service with egress may use once, for the environment', async () => {
    const dns = (port: string) =>
      `{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: openshift-dns } }, podSelector: { matchLabels: { dns.operator.openshift.io/daemonset-dns: default } } }], ports: [${port}] }`;
    const both = dns('{ port: 5353 }, { port: 5353, protocol: UDP }');
    const text = (rule: string) =>
      policy(
        'x',
        'a',
        `{ podSelector: { matchLabels: { app: x } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }, ${rule}] }`,
      );
    expect(await code(text(both), 'environment.ts')).toContain('dns: openshiftDns()');
    expect(await code(text(both), 'namespaces/a.ts')).not.toContain('dns');
    expect(await code(text(dns('{ port: 5353 }')), 'environment.ts')).toContain('dns: noDns()');
  });

  test('keeps as it is what services and intents cannot say, with the reason', async () => {
    const result = await importedFrom(
      policy(
        'odd',
        'a',
        '{ podSelector: { matchLabels: { app: x } }, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: http }] }] }',
      ),
    );
    expect(result.rules).toEqual({ total: 2, constructs: 1 });
    expect(result.raw).toMatchObject([
      { namespace: 'a', policy: 'odd', reason: 'a port by name is one of pods, and its peers are more than pods' },
    ]);
    expect(result.files.get('namespaces/a.ts')).toContain("new RawPolicy(a, 'odd', {");
    expect(result.files.get('namespaces/a.ts')).toContain(
      "because: 'a port by name is one of pods, and its peers are more than pods',",
    );
  });

  test('says what namespaces are, as far as policies ask, and whose', async () => {
    const namespace = (name: string, labels: string) =>
      `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n`;
    const text =
      namespace('a', 'team: storefront, purpose: shop, other: x') +
      policy(
        'x',
        'a',
        '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { purpose: shop } } }] }] }',
      ) +
      policy('deny', 'kube-system', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
    expect(await code(text, 'namespaces/a.ts')).toMatch(
      /new Namespace\(cluster, 'a', \{\s+isolates: 'ingress',\s+team: 'storefront',\s+labels: \{ purpose: 'shop' \},?\s+\}\)/,
    );
    expect(await code(text, 'environment.ts')).toContain("new LabelScheme({ team: 'team' })");
    expect(await code(text, 'namespaces/kube-system.ts')).toContain("systemNamespace: 'managed'");
  });

  test('holds no character that an editor or terminal would act on, and runs nothing of what it imports', async () => {
    const evil = "x */ process.exit(1) /* ' + require('fs') + '\u202e\u001b[2J";
    const text = `# ${evil}\n${policy('x', 'a', '{ podSelector: { matchLabels: { app: class } }, ingress: [{ from: [{ podSelector: { matchLabels: { "app": "1-2.3" } } }] }] }', `, annotations: { description: ${JSON.stringify(evil)} }`).slice(4)}`;
    const shop = (await code(text, 'namespaces/a.ts'))!;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    expect(shop).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(shop).toContain("export const classService = new Service(a, 'class'");
    expect(shop).toContain('export const n123 = ');
  });

  test('goes by policies that come in one stream, by Windows line ends and without namespaces', async () => {
    const text = policy('x', 'shop', '{ podSelector: { matchLabels: { app: x } }, ingress: [] }')
      .replace(', namespace: shop', '')
      .replaceAll('\n', '\r\n');
    expect(await code(text, 'namespaces/default.ts')).toContain(
      "new Namespace(cluster, 'default', { isolates: 'ingress', unnamedPods: 'open' })",
    );
  });
});

test('tierwall’s own policies become the app that they were written for: environment, tiers, names and reasons', async () => {
  const policies = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: tierwall-orders
  namespace: shop-prod
  labels: { app.kubernetes.io/managed-by: tierwall }
  annotations:
    tierwall.dev/because: 'charges (to 203.0.113.0/24); the shop (from web)'
    tierwall.dev/source: production/shop/backend/orders-api
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 80 }] }]
  egress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 443 }] }]
`;
  const { files } = await importedFrom(policies);
  expect(files.get('environment.ts')).toContain("export const production = new Environment(app, 'production'");
  const shop = files.get('namespaces/shop-prod.ts')!;
  expect(shop).toContain("new Tier(shopProd, 'backend')");
  expect(shop).toContain(
    "export const ordersApi = new Service(backendTier, 'orders-api', { labels: { app: 'orders' } });",
  );
  expect(shop).toContain("ordersApi.allowFrom(web, { ports: [80], because: 'the shop' });");
  expect(shop).toContain("ordersApi.allowTo(Peer.cidr('203.0.113.0/24'), { ports: [443], because: 'charges' });");
});
