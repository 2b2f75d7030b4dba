import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectivityCommand } from '../../lib/cli/commands/connectivity';
import { explainCommand } from '../../lib/cli/commands/explain';
import { shopTexts } from '../render/connectivity/shop';
import { casesAt } from '../support/cases';
import { type Ran, runCommand } from '../support/run-command';

const folder = mkdtempSync(join(tmpdir(), 'connectivity-'));
writeFileSync(join(folder, 'shop.yaml'), shopTexts.join('---\n'));

const run = (args: readonly string[], given: Parameters<typeof runCommand>[3] = {}) =>
  runCommand(connectivityCommand, args, folder, given);

const shop = (...args: string[]) => run(['shop.yaml', ...args]);

/** Lines of the table, as `from → to ports`. */
const rows = ({ stdout }: Ran) =>
  stdout
    .split('\n')
    .filter((line) => line.includes('→'))
    .map((line) => line.trim().replace(/\s+/g, ' '));

describe('tierwall connectivity', () => {
  it('lists who may talk to whom', async () => {
    const ran = await shop();
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(rows(ran)).toContain('shop/frontend → shop/cart 7070/TCP');
  });

  it('has a port of which an app gives the name alone by that name, and so has explain, with a number as an example', async () => {
    const root = resolve(__dirname, '../..');
    const project = mkdtempSync(join(tmpdir(), 'connectivity-'));
    writeFileSync(join(project, 'cdk8s.yaml'), 'app: node main.js\n');
    writeFileSync(
      join(project, 'main.js'),
      `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Port, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const web = new Service(shop, 'web', { ports: { http: 80 } });
const api = new Service(shop, 'api', { ports: { grpc: Port.named('grpc') } });
api.allowFrom(web);
app.synth();
`,
    );
    const listed = await runCommand(connectivityCommand, [], project, { env: process.env });
    expect(rows(listed)).toEqual(['shop/web → shop/api grpc/TCP']);
    const filtered = await runCommand(connectivityCommand, ['--port', 'grpc'], project, { env: process.env });
    expect(rows(filtered)).toEqual(['shop/web → shop/api grpc/TCP']);
    const asked = ['--from', 'shop/web', '--to', 'shop/api', '--port', 'grpc'];
    const { code, stdout } = await runCommand(explainCommand, asked, project, { env: process.env });
    expect([code, stdout]).toEqual([0, expect.stringContaining('ALLOWED shop/web → shop/api on 8080/TCP\n')]);
    expect(stdout).toContain(
      'note: the number of port grpc of shop/api is not known: it is judged as if it were 8080\n',
    );
  });

  it('reads standard input as `-`', async () => {
    const ran = await run(['-'], { stdin: shopTexts.join('---\n') });
    expect(ran.code).toBe(0);
    expect(rows(ran)).toEqual(rows(await shop()));
  });

  it.for([
    ['--from', 'shop/frontend', ['shop/frontend → shop/cart 7070/TCP']],
    ['--from', '*/frontend', ['shop/frontend → shop/cart 7070/TCP']],
    ['--from', 'frontend', ['shop/frontend → shop/cart 7070/TCP']],
    ['--from', 'statefulset', []],
    ['--from', 'Deployment/shop/fr*', ['shop/frontend → shop/cart 7070/TCP']],
    ['--from', '8.8.8.8', ['8.8.8.8/32 → monitoring/prometheus any port', '8.8.8.8/32 → shop/frontend 8080/TCP']],
    [
      '--from',
      'address:2001:db8::1',
      ['2001:db8::1/128 → monitoring/prometheus any port', '2001:db8::1/128 → shop/frontend 8080/TCP'],
    ],
    ['--to', '10.1.0.0/16', ['monitoring/prometheus → 10.1.0.0/16 any port', 'shop/cart → 10.1.0.0/16 6379-6380/TCP']],
    [
      '--to',
      'StatefulSet',
      [
        'monitoring/prometheus → shop/redis 9100/TCP',
        'shop/cart → shop/redis 6379/TCP',
        'shop/cart → shop/redis 6380/TCP',
      ],
    ],
    ['--port', 'redis', ['shop/cart → shop/redis 6379/TCP']],
    [
      '--port',
      '7070',
      [
        'monitoring/prometheus → monitoring/prometheus 7070/TCP',
        'shop/frontend → shop/cart 7070/TCP',
        'any address → monitoring/prometheus 7070/TCP',
        'monitoring/prometheus → any address 7070/TCP',
      ],
    ],
    [
      '--port',
      '53/UDP',
      [
        'monitoring/prometheus → monitoring/prometheus 53/UDP',
        'any address → monitoring/prometheus 53/UDP',
        'monitoring/prometheus → any address 53/UDP',
      ],
    ],
    [
      '--focus',
      'shop/frontend',
      [
        'monitoring/prometheus → shop/frontend 8080/TCP 9100/TCP',
        'shop/frontend → shop/cart 7070/TCP',
        'any address → shop/frontend 8080/TCP',
      ],
    ],
    [
      '--focus',
      '10.0.0.0/8',
      [
        '10.0.0.0/8 → monitoring/prometheus any port',
        '10.0.0.0/8 → shop/frontend 8080/TCP',
        'monitoring/prometheus → 10.0.0.0/8 any port',
        'shop/cart → 10.0.0.0/8 6379-6380/TCP',
      ],
    ],
  ] as const)('shows with %s %s only what fits', async ([option, value, want]) => {
    const ran = await shop(option, value);
    expect(ran.code).toBe(0);
    expect(rows(ran)).toEqual(want);
  });

  it('takes an option several times, and several options together', async () => {
    const ran = await shop(
      '--from',
      'shop/cart',
      '--from',
      'shop/frontend',
      '--to',
      'shop/*',
      '--port',
      '6379',
      '--port',
      'grpc',
    );
    expect(rows(ran)).toEqual(['shop/cart → shop/redis 6379/TCP', 'shop/frontend → shop/cart 7070/TCP']);
  });

  it('says that nothing fits, which is an answer', async () => {
    const ran = await shop('--from', 'shop/redis', '--to', 'shop/cart');
    expect([ran.code, rows(ran)]).toEqual([0, []]);
    expect(ran.stdout).toContain('no connection fits the filters');
  });

  it.for([
    ['--from', 'shop/frontent', 'did you mean `shop/frontend`?'],
    ['--to', 'shop', 'did you mean `shop/*`?'],
    ['--focus', 'shp/*', 'did you mean `shop/*`?'],
    ['--from', 'monitoring/cart', 'did you mean `shop/cart`?'],
    ['--from', 'Deploymnt', 'did you mean `Deployment`?'],
    ['--from', 'Ingress/shop/cart', 'did you mean `shop/cart`?'],
    ['--from', 'a/b/c/d', 'a party is written as'],
    ['--port', 'grcp', 'did you mean `grpc`?'],
    ['--port', '70000', 'port `70000` is not between 1 and 65535'],
    ['--port', '80/ICMP', 'a port is written as'],
  ] as const)('refuses %s %s with what to write instead', async ([option, value, hint]) => {
    const { code, stdout, stderr } = await shop(option, value);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`\`${option} ${value}\``);
    expect(stderr).toContain(hint);
  });

  it('tells all mistakes of all filters at once, as JSON where that is asked for', async () => {
    const { code, stdout } = await shop('--from', 'x/y', '--to', 'z/*', '--port', 'none', '-o', 'json');
    expect(code).toBe(2);
    const { version, issues } = JSON.parse(stdout) as { version: number; issues: { code: string }[] };
    expect(version).toBe(1);
    expect(issues.map((issue) => issue.code)).toEqual(['names-nothing', 'names-nothing', 'names-nothing']);
  });

  it('answers by the profile of a network plugin what the API leaves open', async () => {
    expect((await shop()).stdout).toContain('Unknown');
    const cilium = (await shop('--cni', 'cilium')).stdout;
    expect(cilium).not.toContain('Unknown');
    expect(cilium).toContain('as Cilium applies them');
  });

  it('exits with 1 where a policy that is not read leaves something unknown, and with 0 where it does not', async () => {
    const cilium = (namespace: string) =>
      `---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: l7, namespace: ${namespace}}\n`;
    const stdin = shopTexts.slice(0, -1).join('---\n') + cilium('shop');
    const ran = await run(['-'], { stdin });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('warning: CiliumNetworkPolicy shop/l7 (standard input:');
    expect(ran.stdout).toContain(
      'Unknown: what does a policy of a kind that is not read do? (CiliumNetworkPolicy shop/l7)',
    );
    expect((await run(['-', '--to', 'monitoring/*', '--from', 'monitoring/*'], { stdin })).code).toBe(0);
  });

  it.for(['', 'shop.yaml --output svg', 'shop.yaml --cni none', 'nowhere.yaml'])(
    'exits with 2 for `%s`',
    async (line) => {
      const { code, stdout, stderr } = await run(line.split(' ').filter((word) => word !== ''));
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^error: /);
      expect(stderr).not.toContain('    at ');
    },
  );

  it.for(['txt', 'md', 'csv', 'json', 'dot', 'mermaid', 'matrix'])('prints %s', async (format) => {
    const { code, stdout } = await shop('-o', format);
    expect(code).toBe(0);
    expect(stdout).toContain('frontend');
    expect(stdout.endsWith('\n')).toBe(true);
  });

  it('has colours on a terminal only, and not with NO_COLOR', async () => {
    const coloured = (await run(['shop.yaml'], { tty: true })).stdout;
    expect(coloured).toContain('\u001b[');
    expect((await shop()).stdout).not.toContain('\u001b[');
    expect((await run(['shop.yaml'], { tty: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b[');
  });
});

describe('the command in a pipe', () => {
  const main = resolve(__dirname, '../../dist/cli/main.js');

  it('ends quietly when the reader has seen enough', () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      ['apiVersion: v1', 'kind: Pod', `metadata: {name: w${i}, namespace: n${i}}`, 'spec: {containers: []}', ''].join(
        '\n',
      ),
    );
    writeFileSync(join(folder, 'many.yaml'), many.join('---\n'));
    const command = `"${process.execPath}" "${main}" connectivity many.yaml -o json | head -c 10; exit "\${PIPESTATUS[0]}"`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr, length: stdout.length }).toEqual({ status: 0, stderr: '', length: 10 });
  });
});

const boutique = casesAt('apps', 'online-boutique');

describe.skipIf(!boutique)('Online Boutique (skipped where the outside cases are absent)', () => {
  it('is one row without policies, and as many as the shop has edges with them', async () => {
    const manifests = join(boutique ?? '', 'release/kubernetes-manifests.yaml');
    expect(rows(await run([manifests]))).toEqual([
      'every workload → every workload any port',
      'any address → every workload any port',
      'every workload → any address any port',
    ]);
    const policies = join(boutique ?? '', 'kustomize/components/network-policies');
    const ran = await run([manifests, policies]);
    expect(rows(ran)).toContain('default/cartservice → default/redis-cart 6379/TCP');
    expect(rows(ran)).toContain('default/frontend → default/checkoutservice 5050/TCP');
    expect(rows(ran)).toHaveLength(13);
  });
});

describe('a name that is not there', () => {
  it.each([
    ['frontnd', 'did you mean `frontend`?'],
    ['shp', 'did you mean `shop/*`?'],
    ['shop/frontnd', 'did you mean `shop/frontend`?'],
  ])('%s is asked back for', async (name, question) => {
    const { code, stderr } = await shop('--focus', name);
    expect([code, stderr]).toEqual([2, expect.stringContaining(question)]);
  });
});
