import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appProofSchema, equivalenceSchema } from '../../lib/render/schema/proof-schema';
import { schemaErrors } from '../support/json-schema';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'tierwall-prove-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tierwall(args: readonly string[], input = '') {
  const env = { ...process.env, NO_COLOR: '1', SOURCE_DATE_EPOCH: '1700000000' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
    input,
  });
  return { status, stdout, stderr };
}

const policy = (name: string, namespace: string, spec: string) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;

beforeAll(() => {
  writeFileSync(join(folder, 'cdk8s.yaml'), 'language: typescript\napp: node main.js\n');
  writeFileSync(
    join(folder, 'main.js'),
    `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Never, Service } = require(${JSON.stringify(join(root, 'dist/index.js'))});
const app = new App();
const prod = new Environment(app, 'prod');
const shop = new Namespace(prod, 'shop');
const bank = new Namespace(prod, 'bank');
const web = new Service(shop, 'web', { ports: { http: 8080 } });
const api = new Service(shop, 'api', { ports: { grpc: 7070 } });
const vault = new Service(bank, 'vault', { ports: { tls: 8200 } });
api.allowFrom(web);
new Never(prod, 'shop-never-reaches-bank', { from: shop, to: bank });
app.synth();
`,
  );
  expect(tierwall(['synth']).status).toBe(0);
});

describe('tierwall prove, in the folder of an app', () => {
  test('says that the policies on disk allow what is declared, and which guarantees hold', () => {
    const { status, stdout } = tierwall(['prove']);
    expect([status, stdout.replace(/[\d.]+ CPU-s/, 'n CPU-s').replace(/\d+ boxes/, 'n boxes')]).toEqual([
      0,
      `proved: the policies allow what is declared, nothing else
proved: guarantee \`prod/shop-never-reaches-bank\`
n boxes of connections compared, over every possible pod and address (n CPU-s)
`,
    ]);
  });

  test('names a colleague’s allow-all that opens more, and the guarantee that it breaks, by file and line', () => {
    mkdirSync(join(folder, 'theirs'), { recursive: true });
    const everything = '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }';
    writeFileSync(
      join(folder, 'theirs/open.yaml'),
      policy('open-bank', 'bank', everything) + policy('open-shop', 'shop', everything),
    );
    const { status, stdout } = tierwall(['prove', '--with', 'theirs']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/not proved: theirs\/open\.yaml:5 spec\.ingress\[0\]: .* is not declared, but allowed/);
    expect(stdout).toMatch(
      /guarantee `shop-never-reaches-bank` is broken: pod .* of shop .* of bank .* rule shop\/open-shop egress\[0\] \(theirs\/open\.yaml:10 .*\) and rule bank\/open-bank ingress\[0\] \(theirs\/open\.yaml:5 /,
    );
    expect(stdout).not.toContain('proved: guarantee');
  });

  test('is as strict with what comes from standard input', () => {
    const open = policy('open', 'shop', '{ podSelector: {}, ingress: [{}] }');
    const { status, stdout } = tierwall(['prove', '--with', '-'], open);
    expect([status, stdout.includes('standard input:5 spec.ingress[0]')]).toEqual([1, true]);
  });

  test('finds no fault with a policy of a namespace that the app does not manage', () => {
    const other = policy('open', 'elsewhere', '{ podSelector: {}, ingress: [{}] }');
    expect(tierwall(['prove', '--with', '-'], other).status).toBe(0);
  });

  test('leaves everything unknown where a policy of a kind that is not read could change it', () => {
    const cilium =
      'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: { name: all }\nspec: {}\n';
    const { status, stdout } = tierwall(['prove', '--with', '-'], cilium);
    expect(status).toBe(1);
    expect(stdout).toContain('unknown: CiliumClusterwideNetworkPolicy all');
    expect(stdout).not.toMatch(/^proved:/m);
  });

  test('speaks JSON', () => {
    const output = JSON.parse(tierwall(['prove', '-o', 'json']).stdout);
    const broken = JSON.parse(tierwall(['prove', '-o', 'json', '--with', 'theirs']).stdout);
    for (const value of [output, broken]) expect(schemaErrors(appProofSchema, value)).toEqual([]);
    expect(schemaErrors(appProofSchema, { ...output, more: 1 })).not.toEqual([]);
    const { apps, version } = output;
    expect(version).toBe(1);
    expect(apps).toMatchObject([
      {
        verdict: 'equal',
        guarantees: [{ name: 'shop-never-reaches-bank', path: 'prod/shop-never-reaches-bank', verdict: 'proved' }],
        issues: [],
        unread: [],
      },
    ]);
  });

  test('tells a folder without policies, and bad usage, with exit code 2', () => {
    expect(tierwall(['prove', '--out', 'nowhere'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there are no policies'),
    });
    expect(tierwall(['prove', 'a']).status).toBe(2);
    expect(tierwall(['prove', 'a', 'b', '--with', 'c']).status).toBe(2);
    expect(tierwall(['prove', '-', '-']).status).toBe(2);
  });
});

describe('tierwall prove of two sets of policies', () => {
  const both = policy(
    'web',
    'shop',
    '{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 80 }, { port: 81 }] }] }',
  );
  const one = (port: number) =>
    policy(
      `web-${port}`,
      'shop',
      `{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: ${port} }] }] }`,
    );

  test('proves that rules which were split mean the same', () => {
    writeFileSync(join(folder, 'old.yaml'), both);
    const { status, stdout } = tierwall(['prove', 'old.yaml', '-'], one(81) + one(80));
    expect([status, stdout]).toEqual([0, expect.stringContaining('proved: both allow the same')]);
  });

  test('shows one connection for each difference, with the rule that allows it', () => {
    writeFileSync(join(folder, 'old.yaml'), both);
    const { status, stdout } = tierwall(['prove', 'old.yaml', '-'], one(80) + one(82));
    expect(status).toBe(1);
    expect(stdout).toContain('- only `old.yaml` lets through, for ingress: ');
    expect(stdout).toContain('on 81/TCP, by shop/web ingress[0] (old.yaml:5 spec.ingress[0])');
    const json = JSON.parse(tierwall(['prove', 'old.yaml', '-', '-o', 'json'], one(80) + one(82)).stdout);
    expect(schemaErrors(equivalenceSchema, json)).toEqual([]);
    expect(stdout).toContain('on 82/TCP, by shop/web-82 ingress[0] (standard input:10 spec.ingress[0])');
  });
});
