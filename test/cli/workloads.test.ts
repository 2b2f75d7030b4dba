import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCommand } from '../../lib/cli/commands/check';
import { connectivityCommand } from '../../lib/cli/commands/connectivity';
import { diffCommand } from '../../lib/cli/commands/diff';
import { explainCommand } from '../../lib/cli/commands/explain';
import { lintCommand } from '../../lib/cli/commands/lint';
import { synthCommand } from '../../lib/cli/commands/synth';
import { testCommand } from '../../lib/cli/commands/test';
import type { DiffListing } from '../../lib/model/diff-listing';
import type { FindingReport } from '../../lib/model/finding-report';
import { runCommand } from '../support/run-command';

const root = resolve(__dirname, '../..');

/** `cart`, on line 7, lets `web` in on 7070. */
const program = (
  more = '',
  prod = '{ labels }',
) => `const { App, ApiObject } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, LabelScheme, Namespace, Peer, Port, Service } = require(${JSON.stringify(join(root, 'dist'))});
const labels = new LabelScheme({ name: 'app' });
const app = new App();
const shop = new Namespace(new Environment(app, 'prod', ${prod}), 'shop');
const web = new Service(shop, 'web', { ports: { http: 8080 } });
const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
cart.allowFrom(web);
${more}
app.synth();
`;

interface Given {
  readonly main?: string;
  /** As in cdk8s.yaml. */
  readonly workloads?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A folder with an app in it. */
function project({ main = program(), workloads, files = {} }: Given): string {
  const folder = mkdtempSync(join(tmpdir(), 'workloads-'));
  const setting = workloads === undefined ? '' : `tierwall:\n  workloads: ${workloads}\n`;
  for (const [path, text] of Object.entries({
    'main.js': main,
    'cdk8s.yaml': `app: node main.js\n${setting}`,
    ...files,
  })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const commands = {
  check: checkCommand,
  connectivity: connectivityCommand,
  diff: diffCommand,
  explain: explainCommand,
  lint: lintCommand,
  synth: synthCommand,
  test: testCommand,
};

const run = (cwd: string, name: keyof typeof commands, ...args: string[]) =>
  runCommand(commands[name], args, cwd, { env: { PATH: process.env['PATH'] } });

function commit(cwd: string): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd, encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'as it is');
}

/** A Deployment of pods with one label `app`. @param ports as in `7070` or `7070 grpc` */
function deployment(name: string, { app = name, namespace = 'shop', ports = [] as readonly string[] } = {}): string {
  const declared = ports.map((port) => {
    const [number, own] = port.split(' ');
    return `{ ${own ? `name: ${own}, ` : ''}containerPort: ${number} }`;
  });
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`} }
spec:
  selector: { matchLabels: { app: ${app} } }
  template:
    metadata: { labels: { app: ${app} } }
    spec: { containers: [{ name: main, image: main, ports: [${declared.join(', ')}] }] }
`;
}

const documents = (...texts: string[]) => texts.join('---\n');
const web = deployment('web', { ports: ['8080'] });
const cart = deployment('cart', { ports: ['7070'] });

/** What lint finds, as in `no-undeclared-port main.js:7 …`. */
async function found(folder: string): Promise<string[]> {
  const { stdout, stderr } = await run(folder, 'lint', '-o', 'json');
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: FindingReport['items'] };
  return findings.map(({ rule, place, message, hint }) => `${rule} ${place.file}:${place.line} ${message}; ${hint}`);
}

const of = (...texts: string[]) => ({ workloads: 'k8s/', files: { 'k8s/all.yaml': documents(...texts) } });

describe('an app whose settings name manifests of its workloads', () => {
  test('is content with services that pick them, on ports that their containers declare, or that they declare none of', async () => {
    expect(await found(project(of(web, cart)))).toEqual([]);
    expect(await found(project(of(web, deployment('cart'))))).toEqual([]);
  });

  test('is told at the line of the service that picks none of them, with the labels that may be meant, and once', async () => {
    const items = await found(project(of(web, deployment('cart', { app: 'carts', ports: ['7070'] }))));
    expect(items).toEqual([
      "no-unnamed-workload k8s/all.yaml:12 no service names Deployment `shop/cart`: it is denied everything; its pods are labelled `app=carts`; declare a service for it, also if it is to talk to nobody, as `new Service(…, 'cart', { labels: { app: 'carts' } })`; or correct the labels, if one is meant for it",
      'no-unmatched-pod-selector main.js:7 policy `shop/tierwall-cart` selects `app=cart`, and no workload of `shop` has these labels; did you mean `app: carts`?',
    ]);
  });

  test.for([
    ['none of which is there', documents(web, cart)],
    ['of which another one is there', documents(web, cart, deployment('a'))],
    [
      'of which another one is there, and the labels that are meant',
      documents(web, cart, deployment('a'), deployment('books')),
    ],
  ] as const)('is told once of services that are callers too, in one entry of a rule, %s', async ([, text]) => {
    const main = program(
      "const a = new Service(shop, 'a');\nconst b = new Service(shop, 'book');\ncart.allowFrom([a, b]);",
    );
    const items = await found(project({ workloads: 'k8s/', files: { 'k8s/all.yaml': text }, main }));
    const isAThere = text.includes('name: a,');
    expect(items.filter((item) => !item.startsWith('no-unnamed')).map((item) => item.split(' ', 2).join(' '))).toEqual([
      ...(isAThere ? [] : ['no-unmatched-pod-selector main.js:9']),
      'no-unmatched-pod-selector main.js:10',
    ]);
  });

  test('is told at the line of the service of a port that no container of its pods declares', async () => {
    expect(await found(project(of(web, deployment('cart', { ports: ['7071 grpc', '9090'] }))))).toEqual([
      'no-undeclared-port main.js:7 policy `shop/tierwall-cart` opens port 7070/TCP of `shop/cart`, whose containers declare 7071/TCP (`grpc`), 9090/TCP; correct it in the `ports` of the service; or have the containers declare it, if they listen on it',
    ]);
  });

  test('is told that a port is one of the Kubernetes Service instead, and nothing else of it', async () => {
    const service = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 7070, targetPort: 7071 }] }
`;
    const items = await found(project(of(web, deployment('cart', { ports: ['7071'] }), service)));
    expect(new Set(items.map((item) => item.split(' ')[0]))).toEqual(new Set(['no-service-port']));
  });

  test('is told of a port by name that the containers do not have', async () => {
    const main = program().replace('{ grpc: 7070 }', "{ admin: Port.named('admin') }");
    const items = await found(project({ ...of(web, deployment('cart', { ports: ['7070 grpc'] })), main }));
    expect(items.length).toBeGreaterThan(0);
    for (const item of items)
      expect(item).toMatch(/^no-unknown-named-port main\.js:8 .*port `admin\/TCP` of `shop\/cart`/);
  });

  test('is told of workloads that no service names, and of those in namespaces that it does not manage', async () => {
    const items = await found(project(of(web, cart, deployment('job'), deployment('agent', { namespace: 'tools' }))));
    expect(items.map((item) => item.split('; ')[0])).toEqual([
      'no-unnamed-workload k8s/all.yaml:21 no service names Deployment `shop/job`: it is denied everything',
      expect.stringContaining('require-default-deny-egress k8s/all.yaml:28 namespace `tools`'),
      expect.stringContaining('require-default-deny-ingress k8s/all.yaml:28 namespace `tools`'),
      'no-unselected-workload k8s/all.yaml:30 no policy selects Deployment `tools/agent`',
    ]);
  });

  test('cannot have services that pick the same workload, unless they say so', async () => {
    const both = deployment('web', { ports: ['8080'] }).replace(
      'labels: { app: web }',
      'labels: { app: web, tier: front }',
    );
    const main = (props: string) => program(`new Service(shop, 'front', { labels: { tier: 'front' }${props} });`);
    for (const command of ['lint', 'check'] as const) {
      expect(await run(project({ ...of(both, cart), main: main('') }), command)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          'prod/shop/front (main.js:9): services `prod/shop/web` and `prod/shop/front` both select the pods of Deployment `shop/web` (k8s/all.yaml:1); make their labels differ, or say `sharesPodsWith` if that is meant',
        ),
      });
    }
    expect(await found(project({ ...of(both, cart), main: main(', sharesPodsWith: [web]') }))).toEqual([]);
  });

  test('has nothing against a workload of a service that may talk to nobody', async () => {
    const main = program("new Service(shop, 'job');");
    expect(await found(project({ ...of(web, cart, deployment('job')), main }))).toEqual([]);
  });

  test('says what a namespace that denies one direction alone denies', async () => {
    const main = program().replace("'shop');", "'shop', { isolates: 'ingress' });");
    const [item] = await found(project({ ...of(web, cart, deployment('job')), main }));
    expect(item).toContain('no service names Deployment `shop/job`: it is denied all ingress;');
  });

  test('says nothing of services in namespaces of which the manifests have no workload', async () => {
    const bank = "const bank = new Namespace(shop.node.scope, 'bank');";
    const main = program(`${bank} new Service(bank, 'ledger', { ports: { sql: 5432 } }).allowFrom(web);`);
    expect(await found(project({ ...of(web, cart), main }))).toEqual([]);
  });

  test('does not miss pods that the code itself knows', async () => {
    const main =
      program(`new ApiObject(new (require(${JSON.stringify(join(root, 'node_modules/cdk8s'))}).Chart)(app, 'pods'), 'job', {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'job', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'job' } }, template: { metadata: { labels: { app: 'job' } }, spec: {} } } });`);
    // It is named by no service, and no manifest has it.
    const { stdout } = await run(project({ ...of(web, cart), main }), 'lint');
    expect(stdout).toContain('no service names Deployment `shop/job`: it is denied everything\n');
    expect(stdout).toContain('pods/job');
    expect(stdout).toMatch(/^1 warning in /m);
  });

  test('takes a finding in a manifest for accepted where a comment there accepts it', async () => {
    const accepted = `# tierwall-ignore no-unnamed-workload: it computes, and talks to nobody\n${deployment('job')}`;
    expect((await run(project(of(web, cart, accepted)), 'lint')).code).toBe(0);
  });

  test('is judged together with policies of others that the manifests hold', async () => {
    const others = (spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: own, namespace: tools }
spec: ${spec}
`;
    const agent = deployment('agent', { namespace: 'tools' });
    const deny = others('{ podSelector: {}, policyTypes: [Ingress, Egress] }');
    const items = await found(project(of(web, cart, agent, deny)));
    expect(items.filter((item) => /unselected|default-deny/.test(item))).toEqual([]);
  });

  test('gives its own policies anew, where they are among the manifests', async () => {
    const folder = project({ workloads: '.', files: { 'k8s/all.yaml': documents(web, cart) } });
    expect((await run(folder, 'synth')).code).toBe(0);
    writeFileSync(join(folder, 'main.js'), program("new Service(shop, 'mail');").replace('cart.allowFrom(web);', ''));
    const { stdout } = await run(folder, 'connectivity');
    expect(stdout).toContain('1 policy');
  });
});

describe('manifests of workloads', () => {
  const list = `apiVersion: v1
kind: List
items:
  - ${web.trimEnd().replaceAll('\n', '\n    ')}
  - ${deployment('cart', { app: 'carts' }).trimEnd().replaceAll('\n', '\n    ')}
`;

  test.for([
    ['a file', 'k8s/all.yaml', 'k8s/all.yaml', documents(web, deployment('cart', { app: 'carts' }))],
    ['a folder', 'k8s', 'k8s/deep/all.yml', documents(web, deployment('cart', { app: 'carts' }))],
    ['a pattern', "'k8s/**/*.yaml'", 'k8s/deep/all.yaml', documents(web, deployment('cart', { app: 'carts' }))],
    [
      'a list of paths',
      '[k8s/all.yaml, cdk8s.yml]',
      'k8s/all.yaml',
      documents(web, deployment('cart', { app: 'carts' })),
    ],
    [
      'lines that end in CRLF',
      'k8s/',
      'k8s/a.yaml',
      documents(web, deployment('cart', { app: 'carts' })).replaceAll('\n', '\r\n'),
    ],
    ['a List, as helm prints it', 'k8s/', 'k8s/a.yaml', `# Source: shop\n${list}`],
    [
      'JSON',
      'k8s/',
      'k8s/a.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [web, deployment('cart', { app: 'carts' })].map(objectOf),
      }),
    ],
  ] as const)('may be %s', async ([, workloads, path, text]) => {
    const also = workloads.includes('cdk8s.yml') ? { 'cdk8s.yml': web } : {};
    const items = await found(project({ workloads, files: { [path]: text, ...also } }));
    expect(items.map((item) => item.replace(/:\d+ .*/, ''))).toEqual([
      `no-unnamed-workload ${path}`,
      'no-unmatched-pod-selector main.js',
    ]);
  });

  test('that name no namespace are in the one that the settings give, also in several', async () => {
    const files = {
      'k8s/all.yaml': documents(deployment('web', { namespace: '' }), deployment('carts', { namespace: '' })),
    };
    const inDefault = await found(project({ workloads: 'k8s/', files }));
    expect(inDefault).toContain(
      "no-unselected-workload k8s/all.yaml:3 no policy selects Deployment `default/web`; its pods are labelled `app=web`; declare its namespace in the app, and a service for it, as `new Service(…, 'web', { labels: { app: 'web' } })`; where its manifest names no namespace, say in the settings which it is applied to: `workloads: { path: …, namespace: … }`",
    );
    const workloads = '[{ path: k8s/, namespace: shop }, { path: k8s/, namespace: stage }]';
    const main = program(
      "const stage = new Namespace(new Environment(app, 'stage', { labels }), 'stage'); new Service(stage, 'web'); new Service(stage, 'carts');",
    );
    const items = await found(project({ workloads, files, main }));
    expect(items.map((item) => item.split('; ')[0])).toEqual([
      'no-unnamed-workload k8s/all.yaml:12 no service names Deployment `shop/carts`: it is denied everything',
      'no-unmatched-pod-selector main.js:7 policy `shop/tierwall-cart` selects `app=cart`, and no workload of `shop` has these labels',
    ]);
  });

  const twoClusters = program(
    "const there = new Namespace(new Environment(app, 'far', { labels, cluster: 'far' }), 'shop'); new Service(there, 'web', { ports: { http: 80 } }).allowFrom(new Service(there, 'cart'));",
  );

  test('are those of the cluster that the settings name, where the app has several', async () => {
    const workloads = '[{ path: near.yaml, cluster: default }, { path: far.yaml, cluster: far }]';
    const files = {
      'near.yaml': documents(web, cart),
      'far.yaml': documents(deployment('web', { ports: ['81'] }), deployment('cart', { ports: ['7071'] })),
    };
    const items = await found(project({ workloads, files, main: twoClusters }));
    expect(items.map((item) => item.split(',')[0])).toEqual([
      'no-undeclared-port main.js:9 policy `shop/tierwall-web` opens port 80/TCP of `shop/web`',
    ]);
  });

  test('are not read of a cluster that the settings do not name, which check says', async () => {
    const files = { 'near.yaml': documents(web, cart) };
    const folder = project({ workloads: '{ path: near.yaml, cluster: default }', files, main: twoClusters });
    expect((await run(folder, 'check', '--no-change')).stdout).toContain(
      '; 2 workloads read from near.yaml; manifests of workloads of cluster far not read: `tierwall.workloads` in cdk8s.yaml names them\n',
    );
  });

  test('that belong to no one cluster are a mistake, and so is a cluster that there is not', async () => {
    const files = { 'k8s/all.yaml': documents(web, cart) };
    const several = await run(project({ workloads: '[k8s/]', files, main: twoClusters }), 'lint');
    expect(several).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: cdk8s\.yaml:3: `tierwall\.workloads\[0\]` does not say in which cluster its workloads are, and the app has several; write it as `\{ path: …, cluster: … \}`, with one of `default`, `far`$/m,
      ),
    });
    const wrong = await run(project({ workloads: '{ path: k8s/, cluster: defualt }', files }), 'check');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'is about cluster `defualt`, which the app does not have; did you mean `default`?',
      ),
    });
  });

  test.for([
    ['an empty list', '[]', /^error: cdk8s\.yaml:3: `tierwall\.workloads` is an empty list; write a path or a pattern/],
    ['an empty text', "['']", /^error: cdk8s\.yaml:3: `tierwall\.workloads\[0\]` is empty; /],
    ['a number', '3', /^error: cdk8s\.yaml:3: `tierwall\.workloads` is `3`, which is no text; /],
    [
      'an entry without a path',
      '[{ namespace: shop }]',
      /^error: cdk8s\.yaml:3: `tierwall\.workloads\[0\]\.path` is missing; /,
    ],
    [
      'an entry with a mistyped key',
      '{ path: k8s, namespaces: shop }',
      /`tierwall\.workloads\.namespaces` is no option of workloads; did you mean `tierwall\.workloads\.namespace`\?/,
    ],
    [
      'a namespace that cannot be',
      '{ path: k8s, namespace: My_Shop }',
      /`tierwall\.workloads\.namespace` is `My_Shop`, which is no DNS label/,
    ],
    [
      'a pattern that fits nothing',
      "[k8s/, 'k8s/*.yml']",
      /^error: cdk8s\.yaml:3 tierwall\.workloads\[1\]: nothing fits the pattern `k8s\/\*\.yml`; /,
    ],
    ['a path that is not there', 'k9s/', /^error: cdk8s\.yaml:3 tierwall\.workloads: there is no `k9s\/`; /],
    [
      'a folder without objects',
      'empty/',
      /^error: cdk8s\.yaml:3 tierwall\.workloads: `empty\/` holds no Kubernetes object; /,
    ],
    [
      'manifests without a workload',
      'other/',
      /^error: cdk8s\.yaml:3 tierwall\.workloads: `other\/` holds no workload; name the manifests of Deployments, /,
    ],
    ['a file that is no YAML', 'bad.yaml', /^error: bad\.yaml:4: /],
    ['a workload that the API server refuses', 'refused.yaml', /^error: refused\.yaml:\d+.* spec\.template/],
    ['standard input', "'-'", /^error: cdk8s\.yaml:3: `tierwall\.workloads` is `-`, which is no path; /],
  ] as const)('are a mistake, and not nothing: %s', async ([, workloads, message]) => {
    const files = {
      'k8s/all.yaml': documents(web, cart),
      'empty/readme.txt': 'nothing',
      'other/one.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n',
      'bad.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: [\n',
      'refused.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec: {}\n',
    };
    const folder = project({ workloads, files });
    for (const command of ['lint', 'connectivity'] as const) {
      const { code, stdout, stderr } = await run(folder, command);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
    }
  });
});

/** As a list in JSON holds it. */
function objectOf(yaml: string): unknown {
  const [, name] = /name: ([a-z]+)/.exec(yaml) ?? [];
  const [, app] = /app: ([a-z]+)/.exec(yaml) ?? [];
  const labels = { app };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } },
  };
}

describe('tierwall check', () => {
  const summary = (stdout: string) =>
    (JSON.parse(stdout) as { steps: { id: string; summary: string }[] }).steps.find(({ id }) => id === 'lint')?.summary;

  test('says how many workloads it read, and from where', async () => {
    const folder = project(of(web, cart));
    const { stdout } = await run(folder, 'check', '-o', 'json', '--no-change');
    expect(summary(stdout)).toBe('no findings in 3 policies and 2 workloads; 2 workloads read from k8s/');
  });

  test('says in its summary that it read none, and which setting names them', async () => {
    const folder = project({});
    const line = 'manifests of workloads not read: `tierwall.workloads` in cdk8s.yaml names them';
    expect(summary((await run(folder, 'check', '-o', 'json', '--no-change')).stdout)).toContain(`; ${line}`);
    expect((await run(folder, 'check', '-o', 'txt', '--no-change')).stdout.split(line)).toHaveLength(2);
    expect((await run(folder, 'check', '-o', 'md', '--no-change')).stdout).toContain('manifests of workloads not read');
  });

  test('fails on a workload that the app misses', async () => {
    const folder = project(of(web, deployment('carts')));
    await run(folder, 'synth');
    commit(folder);
    const { code, stdout } = await run(folder, 'check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✓ committed output/);
    expect(stdout).toMatch(/✗ lint +2 warnings in /);
    // What the workloads are called is no change of what is allowed.
    expect(stdout).toMatch(/✓ what the change means +since .*: no change in meaning/);
  });

  test('tells a change among the workloads as they are, which are no part of it', async () => {
    const folder = project({});
    await run(folder, 'synth');
    mkdirSync(join(folder, 'k8s'));
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: theirs, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 9090 }] }] }
`;
    writeFileSync(
      join(folder, 'k8s/all.yaml'),
      documents(
        web,
        deployment('cart-v2', { app: 'cart', ports: ['7070'] }),
        deployment('other', { namespace: 'else' }),
        policy,
      ),
    );
    commit(folder);
    writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\ntierwall: { workloads: k8s/ }\n');
    expect((await run(folder, 'check')).stdout).toMatch(/✓ what the change means +since .*: no change in meaning/);
    writeFileSync(join(folder, 'main.js'), program().replace('cart.allowFrom(web);', ''));
    await run(folder, 'synth');
    const { stdout } = await run(folder, 'check');
    expect(stdout).toMatch(/shop\/web +→ shop\/cart-v2/);
    const old = await run(folder, 'diff', 'HEAD', '--synth');
    expect(old.stdout).toMatch(/shop\/web +→ shop\/cart-v2/);
    expect(old.stdout).not.toContain('else/other');
  }, 20_000);

  test('is compared with other labels of a service, that pick nothing, as closed: no pods that stand in are opened', async () => {
    const folder = project(of(web, cart));
    commit(folder);
    writeFileSync(join(folder, 'main.js'), program().replace("'cart', {", "'cart', { labels: { app: 'carts' },"));
    const { stdout } = await run(folder, 'diff', 'HEAD', '--synth', '-o', 'json');
    const { connections, workloads } = JSON.parse(stdout) as DiffListing;
    expect(connections.map(({ change, destinations }) => [change, destinations.map(({ id }) => id)])).toEqual([
      ['removed', ['shop/cart']],
    ]);
    expect(workloads).toEqual({ added: [], removed: [], moved: [] });
  }, 20_000);
});

describe('policies of others among the manifests of workloads', () => {
  const theirs = (port: number, more = '') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: theirs, namespace: shop${more} }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ ports: [{ port: ${port} }] }], egress: [{}] }
`;
  const owned =
    ', labels: { app.kubernetes.io/managed-by: tierwall }, annotations: { tierwall.dev/source: prod/shop/web }';
  async function committed(workloads: string, more: Readonly<Record<string, string>> = {}) {
    const folder = project({
      workloads,
      files: { 'k8s/app.yaml': documents(web, cart), '.gitignore': 'chart.yaml', ...more },
    });
    await run(folder, 'synth');
    commit(folder);
    return folder;
  }
  const widened = (folder: string) =>
    Promise.all(
      [['HEAD'], ['HEAD', '--synth']].map(
        async (args) => (await run(folder, 'diff', ...args, '--fail-on', 'widened')).code,
      ),
    );

  test.for([
    ['a folder', 'k8s/', ''],
    ['a pattern', "'k8s/**/*.yaml'", ''],
    ['all that there is', '.', ''],
    ['a folder, labelled as one of the app', 'k8s/', owned],
  ] as const)('are a change where they are new: in %s', { timeout: 60_000 }, async ([, workloads, labels]) => {
    const folder = await committed(workloads);
    writeFileSync(join(folder, 'k8s/theirs.yaml'), theirs(9090, labels));
    expect(await widened(folder)).toEqual([1, 1]);
    expect((await run(folder, 'check')).stdout).toMatch(/what the change means .*different/);
    commit(folder);
    expect(await widened(folder)).toEqual([0, 0]);
    writeFileSync(join(folder, 'k8s/theirs.yaml'), theirs(9091, labels));
    expect(await widened(folder)).toEqual([1, 1]);
    commit(folder);
    expect((await run(folder, 'diff', 'HEAD~1...HEAD', '--fail-on', 'widened')).code).toBe(1);
  });

  test('are a change where they are gone, if they isolated', async () => {
    const agent = deployment('agent', { namespace: 'tools' });
    const deny = theirs(1)
      .replace('namespace: shop', 'namespace: tools')
      .replace(/egress: \[\{\}\]/, 'egress: []');
    const folder = await committed('k8s/', { 'k8s/tools.yaml': documents(agent, deny) });
    writeFileSync(join(folder, 'k8s/tools.yaml'), agent);
    expect(await widened(folder)).toEqual([1, 1]);
  }, 30_000);

  test('are the same at all times where git does not keep them', async () => {
    const folder = await committed('[k8s/, chart.yaml]', { 'chart.yaml': theirs(9090) });
    expect(await widened(folder)).toEqual([0, 0]);
  }, 30_000);
});

describe('what commands ask of the app of the folder', () => {
  const folder = () => project(of(web, deployment('cart-v2', { app: 'cart', ports: ['7070'] }), deployment('job')));

  test('is about the workloads of the manifests', async () => {
    const { stdout } = await run(folder(), 'connectivity');
    expect(stdout).toMatch(/^3 workloads in 1 namespace, 3 policies$/m);
    expect(stdout).toMatch(/shop\/web +→ shop\/cart-v2 +7070\/TCP/);
  });

  test('names the files of manifests as they are, and those of the app in the folder of its output', async () => {
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: theirs, namespace: shop }
spec: { podSelector: { matchLabels: { app: job } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 9090 }] }] }
`;
    const own = project(of(web, cart, deployment('job'), policy));
    const { stdout } = await run(own, 'explain', '--from', 'shop/web', '--to', 'shop/job', '--port', '9090');
    expect(stdout).toMatch(/[ (]k8s\/all\.yaml:\d+/);
    expect(stdout).toMatch(/policies\/prod\/shop\/tierwall-default-deny\.yaml/);
    expect(stdout).not.toContain('policies/k8s');
  });

  test('in tests stays about its services, by their names', async () => {
    const own = folder();
    writeFileSync(
      join(own, 'shop.connectivity.yaml'),
      'default: denied\nexceptions:\n  - { from: shop/web, to: shop/cart, ports: [grpc] }\n',
    );
    expect(await run(own, 'test')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 passed\n') });
  });
});

test.for(['policies/prod/shop/theirs.yaml', 'policies/theirs.yaml', 'policies/old/theirs.yaml'])(
  'policies of others in the output folder are linted with those of the app, once: %s',
  async (path) => {
    const theirs = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: theirs, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress], ingress: [{ from: [], ports: [{ port: 9090 }] }] }
`;
    for (const workloads of [undefined, '.', './', './policies/../', '"**/*.yaml"']) {
      const files = { 'k8s/all.yaml': documents(web, deployment('cart')), [path]: theirs };
      const folder = project({ ...(workloads ? { workloads } : {}), files });
      await run(folder, 'synth');
      const items = await found(folder);
      expect(items.map((item) => item.split(' ', 2).join(' '))).toEqual([`no-empty-list ${path}:4`]);
    }
  },
);

test.for([
  ['patches: [{ path: less.yaml, target: {} }]', 'not built'],
  ['namespace: other', 'not built'],
  ['namePrefix: dev-', 'renamed'],
  ['labels: [{ pairs: { app.kubernetes.io/managed-by: flux } }]', 'renamed'],
  ['labels: [{ pairs: { team: a } }]', 'labelled'],
] as const)(
  'a kustomization of others in the output folder that changes what is applied, or by which drift knows it, is told: %s',
  async ([field, what]) => {
    const files = { 'policies/kustomization.yaml': `resources: [prod]\n${field}\n` };
    const folder = project({ files });
    await run(folder, 'synth');
    const message = {
      'not built':
        'kustomize changes what is linted here, by `policies`, and is not run; lint what it comes to, as with `kubectl kustomize policies | tierwall lint -`',
      renamed:
        'kustomize changes the names or labels of policies that tierwall wrote, by `policies`: `drift` and `apply` know them by these, and take them for missing and left over; leave it out, or give them these names in the app',
      labelled:
        'kustomize changes the names or labels of what it takes, by `policies`, and is not run; lint what it comes to, as with `kubectl kustomize policies | tierwall lint -`',
    }[what];
    expect(await found(folder)).toEqual([`no-unrendered-template policies/kustomization.yaml:1 ${message}`]);
    expect((await run(folder, 'lint')).stdout).toContain(what === 'labelled' ? '1 info in ' : '1 warning in ');
    writeFileSync(join(folder, 'policies/kustomization.yaml'), 'resources: [prod]\n');
    expect(await found(folder)).toEqual([]);
  },
);
