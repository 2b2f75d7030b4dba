import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'cdk8s';
import { Environment, Namespace, Never, Peer, Service } from 'tierwall';
import { coverageOf, type Network, networkOfApp, networkOfText } from 'tierwall/testing';
import { describe, expect, test } from 'vitest';
import { testCommand } from '../../lib/cli/commands/test';
import { coverageToLcov } from '../../lib/render/coverage/lcov';
import { coverageToTxt } from '../../lib/render/coverage/txt';
import { plain } from '../../lib/render/paint';
import { testRunSchema } from '../../lib/render/schema/test-run-schema';
import type { Assertion } from '../../lib/testing/assertion';
import { belowThreshold } from '../../lib/testing/coverage/threshold';
import { guaranteeTexts } from '../../lib/testing/guarantee';
import { networkFromJson, networkToJson } from '../../lib/testing/recording/network-json';
import { schemaErrors } from '../support/json-schema';
import { runCommand } from '../support/run-command';
import { shopText } from './shop';

const coverage = (network: Network, ...assertions: Assertion[]) =>
  coverageOf([{ network, assertions: assertions.map((assertion) => ({ assertion, test: 't' })) }]);

const allow = (from: string, to: string, ...ports: string[]): Assertion => {
  return { kind: 'allow', from: [from], to: [to], ...(ports.length > 0 ? { ports } : {}) };
};
const deny = (from: string, to: string, ...ports: string[]): Assertion =>
  ({ ...allow(from, to, ...ports), kind: 'deny' }) as Assertion;

describe('the coverage of policies', () => {
  const network = networkOfText(shopText, { file: 'shop.yaml' });
  const item = (name: string, ...assertions: Assertion[]) => {
    const { policies } = coverage(network, ...assertions);
    const { allowed, denied } = policies.find((policy) => policy.name === name)!;
    return `${allowed.stated}/${allowed.total} ${denied.stated}/${denied.total}`;
  };

  test('counts each peer of a rule with each port, at both ends', () => {
    expect(item('shop/frontend')).toBe('0/4 0/2');
    expect(item('shop/frontend', allow('shop/frontend', 'shop/cart', 'grpc'))).toBe('1/4 0/2');
    expect(item('shop/cart', allow('shop/frontend', 'shop/cart', 'grpc'))).toBe('1/3 0/2');
    expect(item('shop/cart', allow('open{app=prometheus}', 'shop/cart', 'metrics'))).toBe('1/3 0/2');
    expect(item('shop/frontend', allow('203.0.113.7', 'shop/frontend'))).toBe('1/4 0/2');
    const listed: Assertion = {
      kind: 'reach-only',
      who: ['shop/frontend'],
      listed: [
        { peer: ['shop/cart'], ports: ['grpc'] },
        { peer: ['kube-system{k8s-app=kube-dns}'], ports: ['53/UDP', '53'] },
      ],
    };
    expect(item('shop/frontend', listed)).toBe('3/4 2/2');
  });

  test('counts a denial at the ends that deny it, and not what does not hold', () => {
    expect(item('shop/redis', deny('shop/frontend', 'shop/redis'))).toBe('0/1 1/1');
    expect(item('shop/frontend', deny('shop/frontend', 'shop/redis'))).toBe('0/4 1/2');
    // Only the tool's egress is open: the cart denies it.
    expect(item('shop/cart', deny('open/tool', 'shop/cart'))).toBe('0/3 1/2');
    expect(item('shop/default-deny', { kind: 'isolated', who: ['shop{}'], directions: ['egress'] })).toBe('0/0 1/2');
    expect(item('shop/cart', allow('shop/frontend', 'shop/cart', 'metrics'))).toBe('0/3 0/2');
  });

  test('counts no denial where nothing is denied, or where it is not known whether anything is', () => {
    const open = (rule: string) => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web, image: web, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress, Egress], egress: [${rule}] }
`;
    const denied = (text: string, cni?: string) => {
      const { denied: all, policies, lines } = coverage(networkOfText(text, { file: 'f', ...(cni ? { cni } : {}) }));
      const points = lines.flatMap((line) => line.points).filter(({ kind }) => kind === 'denied');
      return [all.total, policies[0]!.denied.total, points.length];
    };
    expect(denied(open('{}'))).toEqual([1, 1, 1]);
    expect(
      denied(
        open('{ to: [{ namespaceSelector: {} }, { ipBlock: { cidr: 0.0.0.0/0 } }, { ipBlock: { cidr: "::/0" } }] }'),
      ),
    ).toEqual([1, 1, 1]);
    expect(
      denied(
        open('{ to: [{ namespaceSelector: {} }, { ipBlock: { cidr: 0.0.0.0/1 } }, { ipBlock: { cidr: "::/0" } }] }'),
      ),
    ).toEqual([2, 2, 2]);
    expect(denied(open('{ ports: [{ port: 1, endPort: 65535 }] }'))).toEqual([2, 2, 2]);
    // Whether an ipBlock is about pods too is for the plugin to say.
    const addresses = open('{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }, { ipBlock: { cidr: "::/0" } }] }');
    expect([denied(addresses), denied(addresses, 'cilium')]).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
  });

  test('counts what policies deny to pods that are not known', () => {
    const none = networkOfText(
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {} }\n',
      { file: 'f' },
    );
    const of = (...assertions: Assertion[]) => coverage(none, ...assertions).policies[0]!.denied;
    expect(of()).toEqual({ stated: 0, total: 1 });
    expect(of({ kind: 'isolated', who: ['shop{}'], directions: ['ingress'] })).toEqual({ stated: 1, total: 1 });
    expect(of(deny('*{}', 'shop{app=x}'))).toEqual({ stated: 1, total: 1 });
    expect(of(deny('*{}', 'other{}'))).toEqual({ stated: 0, total: 1 });
  });

  test('is told at the lines of manifests', () => {
    const { lines } = coverage(network, allow('shop/cart', 'shop/redis'));
    const stated = lines.filter(({ points }) => points.some((point) => point.stated > 0));
    expect(stated.map(({ file, line }) => `${file}:${line}`)).toEqual(['shop.yaml:85', 'shop.yaml:95']);
    expect(stated[0]!.points).toEqual([{ kind: 'allowed', text: 'shop/cart → shop/redis on 6379/TCP', stated: 1 }]);
  });
});

describe('the coverage of an app', () => {
  const app = new App();
  const shop = new Namespace(new Environment(app, 'production'), 'shop');
  const web = new Service(shop, 'web', { ports: { http: 8080 } });
  const api = new Service(shop, 'api', { ports: { http: 80, metrics: 9090 } });
  api.allowFrom(web, { ports: ['http'] });
  api.allowFrom(Peer.prometheus(), { ports: ['metrics'] });
  const lineOf = (code: string) =>
    readFileSync(__filename, 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith(`  ${code}`)) + 1;
  const network = networkOfApp(app);

  test('is told at the lines of the code: of intents what they open, of services that they deny', () => {
    const { lines } = coverage(network, allow('shop/web', 'shop/api', 'http'), deny('shop/web', 'shop/api', 'metrics'));
    const shown = lines.map(({ line, points }) => [
      line,
      points.map(({ kind, stated }) => `${kind} ${stated}`).join(', '),
    ]);
    expect(shown).toEqual([
      // With egress comes DNS, which no intent asks for.
      [lineOf('const web = '), 'allowed 0, allowed 0, denied 0, denied 1'],
      [lineOf('const api = '), 'denied 1, denied 0'],
      [lineOf("api.allowFrom(web, { ports: ['http'] })"), 'allowed 1, allowed 1'],
      [lineOf('api.allowFrom(Peer'), 'allowed 0'],
    ]);
    const lcov = coverageToLcov(coverage(network, allow('shop/web', 'shop/api', 'http')));
    expect(lcov).toMatch(/^TN:tierwall\nSF:test\/testing\/coverage\.test\.ts\n/);
    expect(lcov).toContain(
      `\nDA:${lineOf('api.allowFrom(web')},2\nDA:${lineOf('api.allowFrom(Peer')},0\nLF:4\nLH:1\nend_of_record\n`,
    );
  });

  test('counts a guarantee at its line: stated by what denies some of it, and by the proof', () => {
    const withNever = new App();
    const production = new Environment(withNever, 'production');
    const data = new Namespace(production, 'data');
    const batch = new Service(data, 'batch');
    const db = new Service(data, 'db', { ports: { sql: 5432, metrics: 9187 } });
    const never = new Never(production, 'no-queries', {
      from: batch,
      to: [db, Peer.cidr('192.0.2.0/24')],
      ports: [5432],
    });
    const guarded = networkOfApp(withNever);
    const of = (...assertions: Assertion[]) => {
      const { guarantees, lines, denied } = coverage(guarded, ...assertions);
      const point = lines.find(({ line }) => line === lineOf('  const never = '))!.points[0]!;
      expect([guarantees[0]!.denied.stated, denied.total]).toEqual([Math.min(point.stated, 1), 5]);
      return [point.text, point.stated];
    };
    expect(of()).toEqual(['denials of guarantee production/no-queries', 0]);
    expect(of(deny('data/batch', 'data/db'))[1]).toBe(1);
    expect(of(deny('*{}', 'data/db', '5432'))[1]).toBe(1);
    expect(of(deny('data/batch', '192.0.2.7', '5432'))[1]).toBe(1);
    expect(of(deny('data/batch', 'data/db', 'metrics'), deny('data/db', 'data/batch'))[1]).toBe(0);
    expect(of({ kind: 'proved' }, guaranteeTexts(never, guarded))[1]).toBe(3);
    const { guarantees, denied } = coverage(networkFromJson(JSON.parse(JSON.stringify(networkToJson(guarded)))));
    expect([guarantees.map(({ name }) => name), denied.total]).toEqual([['production/no-queries'], 5]);
    expect(coverageToTxt(coverage(guarded), plain)).toContain(
      'no test states any denials of guarantee production/no-queries',
    );
  });

  test('is the same of a network that was recorded and read again', () => {
    const again = networkFromJson(JSON.parse(JSON.stringify(networkToJson(network))));
    const assertions = [allow('shop/web', 'production/shop/api', 'http'), deny('shop{app=x}', 'shop/api')];
    expect(coverage(again, ...assertions)).toEqual(coverage(network, ...assertions));
    expect(networkToJson(again)).toEqual(JSON.parse(JSON.stringify(networkToJson(network))));
  });
});

describe('the coverage of an app in several clusters', () => {
  const app = new App();
  for (const cluster of ['east', 'west']) {
    const shop = new Namespace(new Environment(app, cluster, { cluster }), 'shop');
    new Service(shop, 'api', { ports: { http: 80 } }).allowFrom(new Service(shop, 'web', { ports: { http: 80 } }));
  }
  const [east, west] = ['east', 'west'].map((cluster) => networkOfApp(app, { cluster }));
  const assertions = [{ assertion: allow('shop/web', 'shop/api'), test: 't' }];

  test('says of which cluster each policy and service is', () => {
    const { services, lines } = coverageOf([east!, west!].map((network) => ({ network, assertions })));
    expect(services.map(({ name }) => name)).toContain('shop/api (cluster west)');
    const texts = lines.flatMap(({ points }) => points.map(({ text }) => text));
    expect(texts).toContain('shop/web → shop/api on 80/TCP (cluster east)');
  });

  test('names a cluster that no test is about, and is below any threshold then', () => {
    const recorded = networkFromJson(JSON.parse(JSON.stringify(networkToJson(east!))));
    const report = coverageOf([{ network: recorded, assertions }]);
    expect(report.untested).toEqual(['west']);
    expect(coverageToTxt(report, plain)).toContain('\nNo test is about cluster west\n');
    expect(belowThreshold(report, { denied: 0 })).toEqual(['no test is about cluster west']);
    expect(belowThreshold(report, {})).toEqual([]);
    expect(coverageOf([east!, west!].map((network) => ({ network, assertions }))).untested).toEqual([]);
  });
});

test.for([
  [{ stated: 7, total: 11 }, '63.6%'],
  [{ stated: 29, total: 100 }, '29%'],
  [{ stated: 9999, total: 10_000 }, '99.9%'],
  [{ stated: 3, total: 3 }, '100%'],
] as const)('coverage %j is %s wherever it is told, and a hundred only where nothing is missing', ([covered, text]) => {
  const none = { stated: 0, total: 0 };
  const report = {
    allowed: covered,
    denied: none,
    policies: [],
    services: [],
    guarantees: [],
    lines: [],
    untested: [],
  };
  expect(coverageToTxt(report, plain)).toContain(`allowed ${covered.stated}/${covered.total} (${text}),`);
  const below = covered.stated < covered.total ? [`${text} of what is allowed is stated, less than 100%`] : [];
  expect(belowThreshold(report, { allowed: 100 })).toEqual(below);
});

describe('tierwall test --coverage', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  writeFileSync(join(folder, 'shop.yaml'), shopText);
  const table =
    'sources: shop.yaml\ndefault: denied\namong: [shop/*]\nexceptions:\n  - { from: shop/frontend, to: shop/cart, ports: grpc }\n  - { from: shop/cart, to: shop/redis }\n';
  writeFileSync(join(folder, 'shop.connectivity.yaml'), table);
  const run = (...args: string[]) => runCommand(testCommand, args, folder, { env: { ...process.env, CI: '1' } });

  test('tells what no test states, writes lcov, and fails below a threshold', async () => {
    const { code, stdout, stderr } = await run(
      '--coverage',
      '--lcov',
      'out/network.info',
      '--threshold',
      '50',
      '--threshold',
      'denied=100',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('shop/redis     1/1 (100%)        2/2 (100%)\n');
    expect(stdout).toContain(
      'shop.yaml:65  no test states that it is allowed: 0.0.0.0/0 except 10.0.0.0/8 → shop/frontend on 8080/TCP\n',
    );
    expect(stderr).toBe('87.5% of what is denied is stated, less than 100%\n');
    expect(stdout).toContain('allowed 4/8 (50%)');
    expect(readFileSync(join(folder, 'out/network.info'), 'utf8')).toContain('SF:shop.yaml\n');
    expect((await run('--threshold', 'allowed=50.1')).stderr).toBe(
      '50% of what is allowed is stated, less than 50.1%\n',
    );
    expect((await run('--threshold', 'all')).code).toBe(2);
  });

  test('takes what tests state while their command runs, also in JSON', async () => {
    const test = `import { expect, test } from 'vitest';
import { readNetwork } from 'tierwall/vitest';
const network = await readNetwork('shop.yaml');
test('is public', () => expect(network).toAllow('203.0.113.7', 'shop/frontend'));
test('fails', () => expect(network).toAllow('shop/batch', 'shop/frontend'));
`;
    const root = resolve(__dirname, '../..');
    writeFileSync(join(folder, 'shop.test.ts'), test);
    const config = `export default { resolve: { alias: [{ find: 'tierwall/vitest', replacement: ${JSON.stringify(join(root, 'lib/vitest.mts'))} }, { find: /^vitest$/, replacement: ${JSON.stringify(join(root, 'node_modules/vitest/dist/index.js'))} }] } };`;
    writeFileSync(join(folder, 'vitest.config.mjs'), config);
    const command = `${process.execPath} ${join(root, 'node_modules/vitest/vitest.mjs')} run`;
    const { code, stdout, stderr } = await run('--tests', command, '--coverage', '-o', 'json');
    expect(stderr).toContain('expected shop/batch → shop/frontend to be allowed');
    expect(stderr).toMatch(/\nthe tests `.* run` failed with exit code 1\n$/);
    const parsed = JSON.parse(stdout);
    expect(schemaErrors(testRunSchema, parsed)).toEqual([]);
    expect([code, parsed.failed, parsed.coverage.allowed]).toEqual([1, 0, { stated: 5, total: 8 }]);
  });
});
