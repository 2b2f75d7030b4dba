import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');

/** A folder with an app in it, which uses the built library. */
function project(body: string, config = 'app: node main.js\n'): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  const source = `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Manifests, Namespace, Service, Peer } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const caller = new Service(shop, 'caller');
const api = new Service(shop, 'api', { ports: { http: 80 } });
${body}
app.synth();
`;
  writeFileSync(join(folder, 'main.js'), source);
  writeFileSync(join(folder, 'cdk8s.yaml'), config);
  return folder;
}

function tierwall(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

describe('tierwall synth', () => {
  test('writes the policies and says which', () => {
    const folder = project('api.allowFrom(caller);');
    const { status, stdout } = tierwall(folder, ['synth']);
    expect([status, stdout.replace(/[\d.]+ CPU-s/, 'n CPU-s')]).toEqual([
      0,
      `wrote    policies/prod/kustomization.yaml
wrote    policies/prod/shop/kustomization.yaml
wrote    policies/prod/shop/tierwall-api.yaml
wrote    policies/prod/shop/tierwall-caller.yaml
wrote    policies/prod/shop/tierwall-default-deny.yaml
policies: 3 policies for 2 services and 1 intent (5 files, 5 changed)
proved: over every possible pod and address they allow what is declared, nothing else (6 boxes, n CPU-s)
`,
    ]);
  });

  test('says so where the proof was switched off', () => {
    const folder = project('api.allowFrom(caller);');
    expect(tierwall(folder, ['synth', '--no-proof']).stdout).toContain('not proved: the proof was switched off\n');
    expect(JSON.parse(tierwall(folder, ['synth', '--output', 'json']).stdout).proof).toMatchObject({
      verdict: 'equal',
    });
  });

  test('with --check exits with 1 and the differing lines, and with 0 once they are written', () => {
    const folder = project('api.allowFrom(caller);');
    tierwall(folder, ['synth']);
    const file = join(folder, 'policies/prod/shop/tierwall-api.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('port: 80', 'port: 81'));
    const { status, stdout } = tierwall(folder, ['synth', '--check']);
    expect(status).toBe(1);
    expect(stdout).toContain('-      port: 81\n');
    expect(stdout).toContain('+      port: 80\n');
    tierwall(folder, ['synth']);
    expect(tierwall(folder, ['synth', '--check']).status).toBe(0);
  });

  test('with --check fails for files that are not in git', () => {
    const folder = project('');
    execFileSync('git', ['init', '-q'], { cwd: folder });
    tierwall(folder, ['synth']);
    const { status, stdout } = tierwall(folder, ['synth', '--check']);
    expect(status).toBe(1);
    expect(stdout).toContain('not in git policies/prod/shop/tierwall-default-deny.yaml');
    execFileSync('git', ['add', '.'], { cwd: folder });
    expect(tierwall(folder, ['synth', '--check']).status).toBe(0);
  });

  test('with --check exits with 1 where access has ended by the clock and is still emitted, and names it', () => {
    const folder = project("api.allowFrom(caller, { until: '2020-01-01' });");
    const env = { SOURCE_DATE_EPOCH: '1500000000' }; // 2017-07-14
    expect(tierwall(folder, ['synth'], env).status).toBe(0);
    const { status, stdout } = tierwall(folder, ['synth', '--check'], env);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^ended {6}main\.js:7: access of `prod\/shop\/api` ended on 2020-01-01 and is still emitted$/m,
    );
    expect(tierwall(folder, ['synth', '--check', '--as-of', '2017-07-14']).status).toBe(0);
    expect(tierwall(folder, ['synth', '--check', '--as-of', '2020-01-02']).stdout).toContain('differs');
  });

  test('cannot check and watch at once', () => {
    const { status, stderr } = tierwall(project(''), ['synth', '--check', '--watch']);
    expect([status, stderr]).toEqual([2, expect.stringContaining("'--watch' cannot be used with option '--check'")]);
  });

  test('tells all mistakes with file and line, without a stack trace, and exits with 2', () => {
    const folder = project("api.allowFrom(caller, { ports: ['grpc'] });\napi.allowFrom([]);");
    const { status, stderr } = tierwall(folder, ['synth']);
    expect(status).toBe(2);
    expect(stderr).toContain(
      'prod/shop/api (main.js:7): port `grpc` is not declared by `prod/shop/api`; it declares `http` (80/TCP)',
    );
    expect(stderr).toContain('prod/shop/api (main.js:8): the list of peers of `prod/shop/api` is empty');
    expect(stderr).toContain('2 problems; nothing was written');
    expect(stderr).not.toContain('    at ');
  });

  test('tells a mistake of one line once, with the environments that a loop declares it in; JSON has each', () => {
    const folder = project(`for (const name of ['dev', 'test']) {
  const other = new Namespace(new Environment(app, name), 'other', { name: 'other-' + name });
  new Service(other, 'db', { ports: { sql: 5432 } }).allowFrom(new Service(other, 'web'), { ports: ['sqll'] });
}`);
    expect(tierwall(folder, ['synth']).stderr).toBe(
      'error: dev/other/db (main.js:9): in dev, test: port `sqll` is not declared by `dev/other/db`; it declares `sql` (5432/TCP)\n1 problem; nothing was written\n',
    );
    const { stdout } = tierwall(folder, ['synth', '-o', 'json']);
    expect(JSON.parse(stdout).issues.map(({ place }: { place: { construct: string } }) => place.construct)).toEqual([
      'dev/other/db',
      'test/other/db',
    ]);
  });

  test.for([
    ['a file that is not there', "Manifests.fromFile('gone.yaml');", 'error: gone.yaml: there is no `gone.yaml`'],
    [
      'a Kubernetes Service that is not there',
      "Manifests.fromText('').service('x');",
      'error: main.js:7: there is no Kubernetes Service `x`',
    ],
    [
      'a wrong scope',
      "new Service(app, 'x');",
      'error: main.js:7: the scope of Service `x` is App; give a Namespace or Tier',
    ],
  ] as const)('tells a mistake that ends the app as it tells the others: %s', ([, statement, text]) => {
    const folder = project(statement);
    const { status, stderr } = tierwall(folder, ['synth']);
    expect(stderr).toContain(text);
    expect(stderr).toContain('1 problem; nothing was written');
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
    const plain = spawnSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8' });
    expect(plain.stderr).toContain(`InputError: ${text.slice('error: '.length)}`);
    expect(plain.stderr).not.toContain('    at ');
    expect(plain.status).toBe(1);
  });

  test('leaves other errors of the app with their stack', () => {
    const { status, stderr } = tierwall(project("throw new Error('boom');"), ['synth']);
    expect(stderr).toMatch(/^\S+main\.js:7\nthrow new Error\('boom'\);\n\^\n\nError: boom\n +at .*main\.js:7/);
    expect(stderr).toContain('failed with exit code 1');
    expect(status).toBe(2);
  });

  test('speaks JSON, for results and for mistakes', () => {
    const good = JSON.parse(tierwall(project(''), ['synth', '--output', 'json']).stdout);
    expect(good).toMatchObject({ version: 1, upToDate: 'no', policies: 1, services: 2 });
    const bad = tierwall(project('api.allowFrom([]);'), ['synth', '--output', 'json']);
    expect(bad.status).toBe(2);
    expect(JSON.parse(bad.stdout).issues[0]).toMatchObject({ code: 'no-peers', place: { file: 'main.js', line: 7 } });
  });

  test.for([
    ['a missing app', 'output: dist\n', '`app` is missing'],
    ['broken YAML', 'app: [', 'cdk8s.yaml'],
    ['an unknown setting', 'app: x\ntierwall: { outdir: p }\n', '`tierwall.outdir` is no option of tierwall'],
    ['the project itself as output', 'app: x\ntierwall: { out: . }\n', 'the project itself'],
    ['an app that fails', 'app: node -e "process.exit(7)"\n', 'exit code 7'],
    ['an app that hands nothing over', 'app: node -e 0\n', 'without handing over any policies'],
  ] as const)('explains %s and exits with 2', ([, config, text]) => {
    const { status, stderr } = tierwall(project('', config), ['synth']);
    expect(stderr).toContain(text);
    expect(status).toBe(2);
  });

  test.skipIf(!existsSync('/proc/self'))('ends where no folder can be made, and says so', () => {
    const { status, stderr } = tierwall(project('api.allowFrom(caller);'), ['synth', '--out', '/proc/policies']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^tierwall: ENOENT: .*mkdir '\/proc\/policies/)]);
  });

  test('judges time-boxed access by --as-of, else by SOURCE_DATE_EPOCH, else by the date of HEAD, and never by the clock', () => {
    const folder = project("api.allowFrom(caller, { until: '2026-06-30' });");
    const unknown = tierwall(folder, ['synth'], { SOURCE_DATE_EPOCH: '' });
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('no day is known')]);
    const mistyped = tierwall(folder, ['synth'], { SOURCE_DATE_EPOCH: '2026-06-30' });
    expect([mistyped.status, mistyped.stderr]).toEqual([
      2,
      expect.stringContaining('SOURCE_DATE_EPOCH is `2026-06-30`, which is no number of seconds'),
    ]);
    const policies = (args: string[], env = {}) =>
      JSON.parse(tierwall(folder, ['synth', '--output', 'json', ...args], env).stdout).policies;
    expect(policies(['--as-of', '2026-06-30'])).toBe(3);
    expect(policies(['--as-of', '2026-07-01'])).toBe(1);
    expect(policies([], { SOURCE_DATE_EPOCH: '1782777600' })).toBe(3); // 2026-06-30
    expect(policies([], { SOURCE_DATE_EPOCH: '1782864000' })).toBe(1); // 2026-07-01
    execFileSync('git', ['init', '-q'], { cwd: folder });
    const author = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    };
    const env = { ...process.env, ...author, GIT_COMMITTER_DATE: '2026-07-01T00:00:00Z' };
    execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'x'], { cwd: folder, env });
    expect(policies([])).toBe(1);
    expect(tierwall(folder, ['synth']).stdout).toContain('ended on 2026-06-30 and is not emitted (as of 2026-07-01)');
  });

  test('has help with examples', () => {
    const { status, stdout } = tierwall(root, ['synth', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('$ tierwall synth --check');
  });

  test('refuses options that it does not know', () => {
    expect(tierwall(root, ['synth', '--nope']).status).toBe(2);
  });
});
