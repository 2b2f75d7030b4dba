import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../lib/cli/commands/explain';
import { shopText } from '../render/explain/explanations';
import { casesAt } from '../support/cases';
import { type Ran, runCommand } from '../support/run-command';

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
const more = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, namespace: staging}
spec:
  selector: {matchLabels: {app: frontend}}
  template: {metadata: {labels: {app: frontend}}, spec: {containers: [{name: c, image: x}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: runner, namespace: staging, labels: {app: runner}}
spec: {containers: [{name: c, image: x}]}
status: {podIP: 10.244.0.9, podIPs: [{ip: 10.244.0.9}]}
`;
writeFileSync(join(folder, 'shop.yaml'), shopText);
writeFileSync(join(folder, 'more.yaml'), more);
writeFileSync(
  join(folder, 'bad.yaml'),
  'kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: Bad!\n',
);

const run = (args: readonly string[], stdin = '') => runCommand(explainCommand, args, folder, { stdin });

const ask = (from: string, to: string, ...args: string[]) => run(['shop.yaml', '--from', from, '--to', to, ...args]);
const all = (from: string, to: string, ...args: string[]) => run(['.', '--from', from, '--to', to, ...args]);
const firstLine = ({ stdout }: Ran) => stdout.split('\n')[0];

describe('tierwall explain', () => {
  it('exits with 0 for what is allowed', async () => {
    const allowed = await ask('shop{app=checkout}', 'shop/cart', '--port', 'grpc');
    expect([allowed.code, firstLine(allowed), allowed.stderr]).toEqual([
      0,
      'ALLOWED shop{app=checkout} → shop/cart on 7070/TCP',
      '',
    ]);
  });

  it('exits with 1 for what is denied or unknown', async () => {
    expect((await ask('shop/frontend', 'shop/cart', '--port', 'grpc')).code).toBe(1);
    const unknown = await ask('shop/frontend', 'shop/cart', '--port', '9000');
    expect([unknown.code, firstLine(unknown)]).toEqual([1, 'UNKNOWN shop/frontend → shop/cart on 9000/TCP']);
    const denied = await ask('shop/frontend', 'shop/cart', '--port', '9000', '--cni', 'cilium');
    expect([denied.code, firstLine(denied)]).toEqual([1, 'DENIED  shop/frontend → shop/cart on 9000/TCP']);
  });

  it('reads standard input', async () => {
    const ran = await run(['-', '--from', 'frontend', '--to', 'cart', '--port', '7070/TCP'], shopText);
    expect(firstLine(ran)).toBe('DENIED  shop/frontend → shop/cart on 7070/TCP');
  });

  it('asks of every workload of a name, in whatever namespace', async () => {
    const ran = await run(['shop.yaml', 'more.yaml', '--from', 'frontend', '--to', 'shop/cart', '--port', 'grpc']);
    expect(ran.stdout.split('\n').slice(0, 3)).toEqual([
      '2 verdicts: 2 denied',
      '  DENIED  shop/frontend → shop/cart on 7070/TCP',
      '  DENIED  staging/frontend → shop/cart on 7070/TCP',
    ]);
  });

  it('takes the address of a pod for the pod', async () => {
    const ran = await run(['shop.yaml', 'more.yaml', '--from', '10.244.0.9', '--to', 'cart', '--port', 'grpc']);
    expect(firstLine(ran)).toBe('DENIED  staging/runner → shop/cart on 7070/TCP');
    expect(ran.stdout).toContain('note: 10.244.0.9 is the address of staging/runner, and judged as that pod');
  });

  it('takes a Service for the pods behind it, as a destination only', async () => {
    const renamed = shopText.replace('kind: Service\nmetadata: {name: cart', 'kind: Service\nmetadata: {name: carts');
    const ran = await run(['-', '--from', 'frontend', '--to', 'shop/carts', '--port', '80'], renamed);
    expect(firstLine(ran)).toBe('DENIED  shop/frontend → shop/cart on 7070/TCP');
    const source = await run(['-', '--from', 'shop/carts', '--to', 'cart'], renamed);
    expect([source.code, source.stderr.split('\n')[0]]).toEqual([
      2,
      'error: `--from shop/carts` names no workload of the input; it is a Service, which makes no connections; its pods are those of `shop/cart`',
    ]);
  });

  it('exits with 2 and all problems for what names nothing', async () => {
    const ran = await ask('frontnd', 'shop/cat', '--port', '70000');
    expect(ran.code).toBe(2);
    expect(ran.stderr.split('\n')).toEqual([
      'error: `--from frontnd` names no workload of the input; did you mean `frontend`?',
      'error: `--to shop/cat` names no workload of the input; did you mean `shop/cart`?',
      'error: `--port 70000`: port `70000` is not between 1 and 65535; a port is written as grpc, 8080, 53/UDP or 8000-8999/TCP',
      '3 problems',
      '',
    ]);
    const labels = await ask('shop{app}', 'cart');
    expect(labels.stderr).toContain('`app` is no label; write labels as in `shop{app=web,tier=front}`');
    const namespace = await ask('shp{app=x}', 'cart');
    expect(namespace.stderr).toContain('`--from shp{app=x}` names no namespace of the input; did you mean `shop`?');
  });

  it('says that policies alone hold no workloads', async () => {
    const policies = shopText.split(/^---$/m).filter((document) => /kind: NetworkPolicy/.test(document));
    const ran = await run(['-', '--from', 'internet', '--to', 'shop/cart'], policies.join('---'));
    expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([
      2,
      'error: `--to shop/cart` names no workload of the input; the input holds no workloads: give their manifests too, or, in the folder of an app, leave the paths out',
    ]);
  });

  it('exits with 2 for input that cannot be read, as JSON if asked', async () => {
    const ran = await all('frontend', 'cart', '-o', 'json');
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ version: 1, issues: [{ place: { file: 'bad.yaml' } }] });
  });

  it('refuses to explain more pairs than anybody reads', async () => {
    const many = Array.from(
      { length: 101 },
      (_, i) => `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: ns}\nspec: {containers: []}\n`,
    );
    const ran = await run(['-', '--from', 'ns/*', '--to', 'ns/p1'], many.join(''));
    expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([
      2,
      'error: the question is about 101 pairs of workloads, and at most 100 are explained; name fewer, or list `connectivity`',
    ]);
  });

  it('prints JSON and Markdown', async () => {
    const json = await ask('frontend', 'cart', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, decision: 'denied', cases: [{ ports: ['7070/TCP'] }] });
    const md = await ask('frontend', 'cart', '-o', 'md');
    expect(firstLine(md)).toBe('## DENIED: shop/frontend → shop/cart on 7070/TCP');
  });

  const boutique = casesAt('apps', 'online-boutique');
  it.skipIf(!boutique)('explains a real shop by file and line (needs ../shared/cases)', async () => {
    const manifests = join(boutique!, 'kubernetes-manifests');
    const policies = join(boutique!, 'kustomize/components/network-policies');
    const allowed = await run([manifests, policies, '--from', 'frontend', '--to', 'cartservice', '--port', 'grpc']);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/network-policy-cartservice\.yaml:\d+/);
    const denied = await run([manifests, policies, '--from', 'frontend', '--to', 'redis-cart', '--port', '6379']);
    expect(denied.code).toBe(1);
    expect(denied.stdout).toContain('Tried out: with this change the verdict is allowed.');
  });
});

describe('tierwall explain with the app', () => {
  const root = resolve(__dirname, '../..');
  const code = readFileSync(join(root, 'apps/online-boutique/boutique.ts'), 'utf8').split('\n');
  const pods = (name: string, port: number) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: boutique, labels: { app.kubernetes.io/name: ${name} } }
spec: { containers: [{ name: main, image: main, ports: [{ name: main, containerPort: ${port} }] }] }
`;
  const explained = (from: string) => {
    const words = ['explain', 'apps/online-boutique/policies/production', '-', '--from', from, '--to', 'redis-cart'];
    return spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), ...words, '--app'], {
      cwd: root,
      encoding: 'utf8',
      input: pods(from, 8080) + pods('redis-cart', 6379),
    });
  };
  const linesIn = (text: string, place: RegExp) => [...text.matchAll(place)].map(([, line]) => code[Number(line) - 1]);

  it('names the TypeScript lines that declare what policies are written for', () => {
    const { status, stdout } = explained('frontend');
    expect([status, linesIn(stdout, /\(apps\/online-boutique\/boutique\.ts:(\d+)\)/g)]).toEqual([
      1,
      [expect.stringContaining("'frontend'"), expect.stringContaining("'redis-cart'")],
    ]);
  });

  it('names the line of the intent that opens a rule, as it does where the app is the source', () => {
    const { status, stdout } = explained('cartservice');
    const lines = linesIn(stdout, /at apps\/online-boutique\/boutique\.ts:(\d+),/g);
    expect([status, lines]).toEqual([0, [expect.stringContaining('redis'), expect.stringContaining('redis')]]);
    for (const line of lines) expect(line).toMatch(/allowFrom|AllowFrom|allowTo/);
  });
});
