import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testCommand } from '../../../lib/cli/commands/test';
import { testRunSchema } from '../../../lib/render/schema/test-run-schema';
import { runTables } from '../../../lib/testing';
import { schemaErrors } from '../../support/json-schema';
import { runCommand } from '../../support/run-command';
import { shopText } from '../shop';

const folder = mkdtempSync(join(tmpdir(), 'tables-'));
writeFileSync(join(folder, 'shop.yaml'), shopText);

const holding = `# who may talk to whom
name: the shop
default: denied
among: [shop/*]
exceptions:
  - { from: shop/frontend, to: shop/cart, ports: grpc }
  - { from: shop/cart, to: shop/redis, because: sessions }
  - from: [203.0.113.7]
    to: shop/frontend
`;

const markdown = `# The shop

Default: denied

| from | to | port | because |
| --- | --- | --- | --- |
| \`shop/frontend\` | shop/cart | grpc | |
| shop/cart | shop/redis | | sessions |
| 203.0.113.7, 198.51.100.1 | shop/frontend | 8080/TCP | it is public |
| open/tool | open/tool | 80 | |

Something else:

| key | value |
| --- | --- |
| a \\| b | c |

## As a matrix

|               | shop/cart | shop/redis | shop/batch |
| :------------ | :-------: | ---------- | ---------- |
| shop/frontend | grpc      | -          | no         |
| shop/cart     |           | yes        | ✗          |
`;

let files = 0;
const run = (text: string, ...args: string[]) => {
  const name = `t${files++}.connectivity.${text.startsWith('#') && text.includes('|') ? 'md' : 'yaml'}`;
  writeFileSync(join(folder, name), text);
  return runCommand(testCommand, [name, '--source', 'shop.yaml', ...args], folder);
};

describe('a table', () => {
  test('holds if every pair is as its last row, or else the default, says', async () => {
    expect(await run(holding)).toEqual({
      code: 0,
      stderr: '',
      stdout: '✓ the shop 4 statements about 14 connections (t0.connectivity.yaml:2)\n4 passed\n',
    });
    const overridden = `${holding}  - { from: "shop/*", to: shop/redis, verdict: denied }\n`;
    const { code, stdout } = await run(overridden);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('✗ shop/* → shop/redis is denied t1.connectivity.yaml:10'),
    ]);
  });

  test('tells what is otherwise, and why, with the line of the policy', async () => {
    const { code, stdout } = await run(
      holding.replace('ports: grpc', 'ports: metrics').replace('- { from: shop/cart', '- { from: shop/batch'),
    );
    expect(code).toBe(1);
    expect(stdout).toContain('shop/frontend → shop/cart on 9090/TCP: expected to be allowed, is denied');
    expect(stdout).toContain('the peer fits (pods app=cart of shop), but grpc/TCP is 7070/TCP at shop/cart\n');
    expect(stdout).toContain('at shop.yaml:68');
    expect(stdout).toContain('✗ everything else is denied');
    expect(stdout).toContain('shop/frontend → shop/cart on 7070/TCP: expected to be denied, is allowed');
    expect(stdout).toMatch(/\n3 statements failed, 1 passed\n$/);
  });

  test('in Markdown is rows, or a matrix; other tables are left alone', async () => {
    const { code, stdout } = await run(markdown);
    expect(stdout).toContain('The shop 5 statements about 24 connections (');
    expect(stdout).toContain('As a matrix 7 statements about 13 connections');
    expect([code, stdout.includes('open/tool → shop/frontend on 8080/TCP: expected to be denied, is unknown')]).toEqual(
      [1, true],
    );
    expect((await run(markdown, '--cni', 'cilium')).stdout).toContain('12 passed');
  });

  test('beside another app, in a folder below with settings of its own, is about that app', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tables-'));
    writeFileSync(join(own, 'shop.yaml'), shopText);
    writeFileSync(join(own, 'shop.connectivity.yaml'), holding);
    for (const [name, settings] of [
      ['inner (1)', 'cdk8s.yaml'],
      ['deeper/still', 'tierwall.config.ts'],
    ] as const) {
      mkdirSync(join(own, name), { recursive: true });
      writeFileSync(join(own, name, settings), '');
      writeFileSync(join(own, name, 'other.connectivity.yaml'), 'default: allowed\namong: [nobody]\n');
    }
    const { code, stdout } = await runCommand(testCommand, ['--source', 'shop.yaml'], own);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\n4 passed\n$/)]);
    const named = await runCommand(testCommand, ['deeper/**/*.yaml', '--source', 'shop.yaml'], own);
    expect(named.stderr).toContain('`nobody` names no workload');
  });

  test('is refused with every mistake, at its line', async () => {
    const { code, stderr } = await run(`default: no
amung: [shop/*]
exceptions:
  - { from: shop/frontend, verdict: maybe }
  - { from: shop/frontend, to: [] }
  - nothing
`);
    expect(code).toBe(2);
    expect(stderr.split('\n').filter((line) => line.startsWith('error'))).toEqual([
      'error: t5.connectivity.yaml:1 default: `no` is no verdict; write `allowed` or `denied`',
      'error: t5.connectivity.yaml:2: `amung` is not known here; did you mean `among`?',
      'error: t5.connectivity.yaml:4 exceptions[0]: `to` is missing; name somebody, as in `shop/web`',
      'error: t5.connectivity.yaml:4 exceptions[0].verdict: `maybe` is no verdict; write `allowed` or `denied`',
      'error: t5.connectivity.yaml:5 exceptions[1].to: the list is empty; name one: none would mean that nothing is stated',
      'error: t5.connectivity.yaml:6 exceptions[2]: an exception is no mapping; write from, to, ports …',
    ]);
    const names = await run(
      'default: denied\nexceptions:\n  - { from: shop/frontent, to: shop/cart, ports: [nope] }\n',
    );
    expect(names.stderr).toContain(
      't6.connectivity.yaml:3 exceptions[0].from: `shop/frontent` names no workload of the input; did you mean `shop/frontend`?',
    );
    expect(names.stderr).toContain('`nope` is no port of shop/cart');
    expect((await run('just text\n')).code).toBe(2);
    expect((await run('a: [\n')).stderr).toContain('t8.connectivity.yaml:2');
    expect((await runCommand(testCommand, ['gone.yaml'], folder)).stderr).toContain('there is no `gone.yaml`');
  });

  test('is refused with all that is wrong in any file at once: what is written, what it names, and what it is about', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tables-'));
    writeFileSync(join(own, 'shop.yaml'), shopText);
    const write = (name: string, text: string) =>
      writeFileSync(join(own, `${name}.connectivity.${text.startsWith('#') ? 'md' : 'yaml'}`), text);
    write(
      'a',
      `default: alowed
among: [shop/*, open/tol]
exceptions:
  - { from: shop/frontent, to: [shop/cart, shop/crat], ports: [grcp, metrics] }
  - { from: 10.0.0.0/33, to: shop/cart, verdict: maybe }
  - { from: 10.0.0.300, to: shop/cart, ports: 70700 }
  - { from: 10.0.0.0/8, to: internet }
  - nothing
`,
    );
    write(
      'b',
      `# The shop

Amung: shop/*

Default: denyed

| from | port | to | verdit |
| --- | --- | --- | --- |
| shop/frontent | grpc | shop/cart | |
| shop/frontend | grcp | shop/cart | yes | more |

## As a matrix

| | shop/cart | shop/crat |
|-|-|-|
| shop/frontend | grcp | yes |
| shop/frontent | grpc | - |
`,
    );
    write('c', 'default: denied\nsources: [gone.yaml]\ncni: calicoo\n');
    write('d', 'a: [\n');
    write('e', '# No table\n');
    write('f', 'default: denied\ncluster: eu\nexceptions:\n  - { from: a/b, to: c/d, port: 80 }\n');
    const { code, stderr } = await runCommand(
      testCommand,
      ['*.connectivity.*', 'gone.md', '--source', 'shop.yaml'],
      own,
    );
    expect([code, stderr.split('\n').slice(0, -1)]).toEqual([
      2,
      [
        'error: there is no `gone.md`; name a .yaml or .md file',
        'error: a.connectivity.yaml:1 default: `alowed` is no verdict; did you mean `allowed`?',
        'error: a.connectivity.yaml:2 among[1]: `open/tol` names no workload of the input; did you mean `open/tool`?',
        'error: a.connectivity.yaml:4 exceptions[0].from: `shop/frontent` names no workload of the input; did you mean `shop/frontend`?',
        'error: a.connectivity.yaml:4 exceptions[0].to[1]: `shop/crat` names no workload of the input; did you mean `shop/cart`?',
        'error: a.connectivity.yaml:4 exceptions[0].ports[0]: `grcp` is no port of shop/cart; it has `grpc` (7070/TCP), `metrics` (9090/TCP)',
        'error: a.connectivity.yaml:5 exceptions[1].verdict: `maybe` is no verdict; write `allowed` or `denied`',
        'error: a.connectivity.yaml:5 exceptions[1].from: `10.0.0.0/33` is no address and no CIDR; write it as `10.0.0.0/8`, `2001:db8::/32` or `address:10.1.2.3`',
        'error: a.connectivity.yaml:6 exceptions[2].from: `10.0.0.300` is no address and no CIDR; write it as `10.0.0.0/8`, `2001:db8::/32` or `address:10.1.2.3`',
        'error: a.connectivity.yaml:6 exceptions[2].ports: `port 70700`: port `70700` is not between 1 and 65535; a port is written as grpc, 8080, 53/UDP or 8000-8999/TCP',
        'error: a.connectivity.yaml:7 exceptions[3]: 10.0.0.0/8 and internet are both outside the cluster; name pods at one end at least',
        'error: a.connectivity.yaml:8 exceptions[4]: an exception is no mapping; write from, to, ports …',
        'error: b.connectivity.md:3: `amung` is not known here; did you mean `among`?',
        'error: b.connectivity.md:5 default: `denyed` is no verdict; did you mean `denied`?',
        'error: b.connectivity.md:7: `verdit` is no column; did you mean `verdict`?',
        'error: b.connectivity.md:9 from: `shop/frontent` names no workload of the input; did you mean `shop/frontend`?',
        'error: b.connectivity.md:10: the row has more cells than columns; write `\\|` for a pipe in a cell',
        'error: b.connectivity.md:10 ports: `grcp` is no port of shop/cart; it has `grpc` (7070/TCP), `metrics` (9090/TCP)',
        'error: b.connectivity.md:14 to: `shop/crat` names no workload of the input; did you mean `shop/cart`?',
        'error: b.connectivity.md:16 shop/cart: `grcp` is no port of shop/cart; it has `grpc` (7070/TCP), `metrics` (9090/TCP)',
        'error: b.connectivity.md:17 from: `shop/frontent` names no workload of the input; did you mean `shop/frontend`?',
        'error: c.connectivity.yaml:3 cni: no profile is called `calicoo`; did you mean `calico`?',
        'error: d.connectivity.yaml:2: deficient indentation; correct the YAML',
        'error: e.connectivity.md: there is no table in it; a table has `default` and `exceptions`, or in Markdown columns `from` and `to`',
        'error: f.connectivity.yaml:2 cluster: the table names the cluster `eu` of an app, and manifests are given; leave out one of them',
        'error: f.connectivity.yaml:4 exceptions[0].port: `port` is not known here; did you mean `ports`?',
        'error: f.connectivity.yaml:4 exceptions[0].from: `a/b` names no workload of the input; a party is written as shop/web, web (in any namespace), shop/*, Job/shop/import, DaemonSet, 10.0.0.0/8 or address:10.1.2.3',
        'error: f.connectivity.yaml:4 exceptions[0].to: `c/d` names no workload of the input; a party is written as shop/web, web (in any namespace), shop/*, Job/shop/import, DaemonSet, 10.0.0.0/8 or address:10.1.2.3',
        'error: gone.yaml: there is no `gone.yaml`; give a file, a folder, a pattern, `-` for standard input, or `REV:path` of a git revision',
        '29 problems',
      ],
    ]);
  });

  test('is not to blame for a context that is not there', async () => {
    writeFileSync(join(folder, 'none.yaml'), 'apiVersion: v1\nkind: Config\n');
    writeFileSync(join(folder, 'live.connectivity.yaml'), holding);
    const args = ['live.connectivity.yaml', '--kubeconfig', 'none.yaml', '--context', 'gone'];
    const { code, stderr } = await runCommand(testCommand, args, folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('gone')]);
    expect(stderr).not.toContain('live.connectivity.yaml');
  });

  test('is refused where it states nothing', async () => {
    const { code, stderr } = await run('default: denied\namong: [shop/cart]\n');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(
        'connectivity.yaml:1: the table states nothing: `among` names only shop/cart, and there are no exceptions; name more under `among`, or add an exception\n',
      ),
    ]);
  });

  test.for([
    ['default: denied\nports: []\n', ':2 ports: the list is empty; name one'],
    ['default: denied\namong: []\n', ':2 among: the list is empty; name one'],
    [
      'default: denied\nexceptions:\n- { from: shop/frontend, to: shop/cart, ports: [] }\n',
      ':3 exceptions[0].ports: the list is empty',
    ],
    ['default: denied\ncni: [calico, cilium]\n', ':2: `cni` is a list; write one text'],
    ['# T\n| | shop/cart |\n|-|-|\n| shop/frontend | , |\n', ':4 shop/cart: `,` names no port'],
    ['# T\n| | shop/cart |\n|-|-|\n| | grpc |\n', ':4: a cell `grpc` is about nobody'],
    ['# T\n| | shop/cart |\n|-|-|\n| shop/frontend | grpc | yes |\n', ':4: the row has more cells than columns'],
    ['# T\nAmong: []\n\n| from | to |\n|-|-|\n| shop/frontend | shop/cart |\n', ':2 among: `[]` names nothing'],
    ['# T\nAmong: ,\n\n| from | to |\n|-|-|\n| shop/frontend | shop/cart |\n', ':2 among: `,` names nothing'],
    ['# T\n| from | to | ports |\n|-|-|-|\n| shop/frontend | shop/cart | , |\n', ':4 ports: `,` names no port'],
  ])('is refused where a part of it would state nothing: %j', async ([text, message]) => {
    const { code, stderr } = await run(text!);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message!)]);
  });

  test('as a matrix may say what pods of one workload may do among themselves, or leave it blank', async () => {
    const matrix = (cell: string) => `# T\n| | shop/cart | shop/redis |\n|-|-|-|\n| shop/cart | ${cell} | yes |\n`;
    expect((await run(matrix('-'))).stdout).toContain('✓ T 2 statements');
    expect((await run(matrix('no'))).stdout).toContain('✓ T 3 statements');
    expect((await run(matrix('grpc'))).stdout).toContain('shop/cart → shop/cart on 7070/TCP: expected to be allowed');
  });

  test('without an app to be about says what else it may be about', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tables-'));
    writeFileSync(join(own, 'own.connectivity.yaml'), 'default: denied\n');
    const { code, stderr } = await runCommand(testCommand, [], own);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(
        'or give `--app`, or the manifests that the tables are about with `--source`; `tierwall init` makes a whole project\n',
      ),
    ]);
  });

  test('is found by its name, and says itself what it is about', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tables-'));
    writeFileSync(join(own, 'shop.yaml'), shopText);
    writeFileSync(
      join(own, 'own.connectivity.yaml'),
      `sources: shop.yaml\ncni: cilium\n${holding.replace('among: [shop/*]\n', 'among: ["shop/*", open/tool]\n')}`,
    );
    const { code, stdout } = await runCommand(testCommand, [], own);
    expect([code, stdout]).toEqual([0, expect.stringContaining('4 passed')]);
    const { stderr } = await runCommand(testCommand, [], mkdtempSync(join(tmpdir(), 'tables-')));
    expect(stderr).toContain('no file is called **/*.connectivity.{yaml,yml,md}');
  });

  test('may say of pods that could exist what is open by name, and the default then leaves that out, whatever its number', async () => {
    const byName = (port: string) => `default: denied
among: ["monitoring{app=prometheus}", "shop{app=cart}"]
exceptions: [{ from: "monitoring{app=prometheus}", to: "shop{app=cart}", ports: ${port} }]
`;
    expect(await run(byName('metrics'))).toMatchObject({ code: 0, stderr: '' });
    // A number after a name overrides it, as any later row does.
    const numbered = `default: denied
among: ["shop{app=redis}"]
exceptions:
  - { from: "shop{app=cart}", to: "shop{app=redis}", ports: grpc, verdict: denied }
  - { from: "shop{app=cart}", to: "shop{app=redis}", ports: 6379 }
`;
    expect(await run(numbered)).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await run(byName('grpc'));
    expect(code).toBe(1);
    expect(stdout).toContain('on grpc/TCP (whatever its number): expected to be allowed, is denied');
    expect(stdout).toContain('on metrics/TCP (whatever its number): expected to be denied, is allowed');
  });
});

describe('the output of tierwall test', () => {
  const wrong = holding.replace('ports: grpc', 'ports: metrics');

  test('in Markdown lists names with brackets around them, as in YAML, or without', async () => {
    const rows = '\n\n| from | to | ports |\n|-|-|-|\n| shop/cart | [shop/redis] | |\n';
    const [listed, plain] = await Promise.all(
      ['[shop/cart, shop/redis]', 'shop/cart, shop/redis'].map((among) => run(`# T\nAmong: ${among}${rows}`)),
    );
    expect(listed!.stdout.replace(/t\d+/g, '')).toBe(plain!.stdout.replace(/t\d+/g, ''));
    expect(listed).toMatchObject({ stderr: '' });
  });

  test('as JSON fits its schema, and is what the function gives', async () => {
    const { stdout } = await run(wrong, '-o', 'json');
    const parsed = JSON.parse(stdout);
    expect(schemaErrors(testRunSchema, parsed)).toEqual([]);
    const { version, ...data } = parsed;
    expect(version).toBe(1);
    expect(await runTables([`t${files - 1}.connectivity.yaml`], { cwd: folder, sources: ['shop.yaml'] })).toEqual(data);
  });

  test('as JUnit has a case for each statement', async () => {
    const { stdout } = await run(wrong.replace('the shop', '"shop <&\\"\\e>"'), '-o', 'junit');
    expect(stdout).toContain('<testsuites name="tierwall test" tests="4" failures="2" errors="0">');
    expect(stdout).toContain('<testsuite name="shop &lt;&amp;&quot;\\u001b&gt;" file="');
    expect(stdout).toContain('name="shop/cart → shop/redis is allowed" file="');
    expect(stdout.match(/<failure message="/g)).toHaveLength(2);
  });

  test('as TAP has a point for each statement, with what is otherwise as YAML', async () => {
    const { stdout } = await run(wrong.replace('the shop', '"shop #1"'), '-o', 'tap');
    expect(stdout).toMatch(
      /^TAP version 14\n1\.\.4\nnot ok 1 - shop \\#1: shop\/frontend → shop\/cart on metrics is allowed\n {2}---\n {2}at: /,
    );
    expect(stdout).toContain('\nok 2 - shop \\#1: shop/cart → shop/redis is allowed\n');
    expect(stdout).toMatch(/\n {2}why:\n {2}- "?DENIED /);
  });
});
