import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../lib/render/schema/check-schema';
import { schemaErrors } from '../support/json-schema';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');

const program = (body: string) => `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Never, Peer, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const api = new Service(shop, 'api', { ports: { http: 80 } });
const db = new Service(shop, 'db', { ports: { sql: 5432 } });
db.allowFrom(api);
${body}
app.synth();
`;

/** A folder with an app in it whose output is committed. */
function project(body = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  writeFileSync(join(folder, 'main.js'), program(body));
  writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\n');
  tierwall(folder, 'synth');
  git(folder, 'init', '-q', '-b', 'main');
  commit(folder, 'begin');
  return folder;
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd, encoding: 'utf8' });
}

function commit(cwd: string, message: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '-m', message);
}

function tierwall(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const verdicts = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout) as { steps: { id: string; verdict: string }[] }).steps.map(({ id, verdict }) => [id, verdict]),
  );

test('a change that a rule of several intents causes is told at the one that asks for all of it, and at no other', () => {
  const folder = project("db.allowTo(Peer.cidr('198.51.100.0/24'), { ports: [443] });");
  const file = join(folder, 'main.js');
  const more = `db.allowTo(Peer.anyAddress({ family: 'IPv4' }), { ports: [443] });\napp.synth();`;
  writeFileSync(file, readFileSync(file, 'utf8').replace('app.synth();', more));
  writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\ntierwall: { diff: { failOn: [internet] } }\n');
  const { stdout } = tierwall(folder, 'check');
  expect(stdout).toMatch(/^error\[internet\] .*\n +╰ main.js:9\n/m);
});

describe('output that is not committed', () => {
  test('is one thing to do, however many files it is', () => {
    const folder = project();
    rmSync(join(folder, 'policies'), { recursive: true });
    const absent = tierwall(folder, 'check');
    expect(absent.stdout.match(/\[require-committed-output\]/g)).toHaveLength(1);
    expect(absent.stdout).toMatch(
      /^error\[require-committed-output\] \d files of `policies`: the code gives them, and they are not there\n/,
    );
    expect(absent.stdout).toContain('do  run `tierwall synth`, and commit what it writes');
    rmSync(join(folder, '.git'), { recursive: true });
    git(folder, 'init', '-q', '-b', 'main');
    tierwall(folder, 'synth');
    const untracked = tierwall(folder, 'check');
    expect(untracked.stdout.match(/\[require-committed-output\]/g)).toHaveLength(1);
    expect(untracked.stdout).toContain('do  run `git add policies`, and commit it');
  });

  test('is named file by file where it is there and says something else', () => {
    const folder = project();
    const file = join(folder, 'policies/prod/shop/tierwall-api.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}# mine\n`);
    expect(tierwall(folder, 'check').stdout).toContain(
      '`policies/prod/shop/tierwall-api.yaml`: the code gives another text',
    );
  });
});

describe('tables of who may talk to whom', () => {
  const table = (port: number, verdict = 'allowed') =>
    `default: denied\nexceptions:\n  - { from: shop/api, to: shop/db, ports: ${port}, verdict: ${verdict} }\n`;

  test('gate a change with the rest, at the line of what does not hold', () => {
    const folder = project();
    writeFileSync(join(folder, 'shop.connectivity.yaml'), table(5432));
    const passed = tierwall(folder, 'check', '--no-change');
    expect([passed.status, passed.stdout]).toEqual([0, expect.stringMatching(/\n✓ tables +2 statements hold\n/)]);
    writeFileSync(join(folder, 'shop.connectivity.yaml'), table(5432, 'denied'));
    const { status, stdout } = tierwall(folder, 'check', '--no-change');
    expect(status).toBe(1);
    expect(stdout).toContain(
      'error[require-connectivity] `shop/api → shop/db on 5432 is denied` does not hold: shop/api → shop/db on 5432/TCP: expected to be denied, is allowed\n',
    );
    expect(stdout).toMatch(/╰ shop\.connectivity\.yaml:3 exceptions\[0\]\n/);
    expect(stdout).toMatch(/\n✗ tables +1 statement failed, 1 statement holds\n/);
    const json = tierwall(folder, 'check', '--no-change', '-o', 'json').stdout;
    expect(schemaErrors(checkSchema, JSON.parse(json))).toEqual([]);
    expect(verdicts(json)).toMatchObject({ lint: 'passed', tables: 'failed', change: 'skipped' });
  });

  test('that cannot be read are findings beside all others', () => {
    const folder = project('db.allowTo(Peer.internet(), { ports: [443] });');
    writeFileSync(join(folder, 'shop.connectivity.yaml'), table(5432).replace('shop/api', 'shop/apo'));
    const { status, stdout, stderr } = tierwall(folder, 'check', '--no-change');
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('`shop/apo` names no workload of the input');
    expect(stdout).toContain('do  did you mean `shop/api`?');
    expect(stdout).toMatch(/\n✗ tables +1 problem in tables, 0 statements hold\n/);
    expect(stdout).toMatch(/\n✓ proof and guarantees /);
  });

  test('are about the manifests where there is no app, and say nothing where there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    writeFileSync(
      join(folder, 'web.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, labels: { app: web } }\nspec: { containers: [{ name: web, image: web:1, ports: [{ containerPort: 80 }] }] }\n',
    );
    const steps = () => verdicts(tierwall(folder, 'check', 'web.yaml', '--no-change', '-o', 'json').stdout);
    expect(Object.keys(steps())).toEqual(['lint', 'change']);
    writeFileSync(
      join(folder, 'a.connectivity.yaml'),
      'default: allowed\nexceptions:\n  - { from: "shop{}", to: shop/web, verdict: denied }\n',
    );
    expect(steps()).toMatchObject({ tables: 'failed' });
  });
});

describe('manifests that are no one cluster, as overlays side by side', () => {
  const overlay = (port: number) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: web, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ ports: [{ port: ${port} }] }] }\n`;
  const overlays = (settings: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/web.yaml'), overlay(80));
    writeFileSync(join(folder, 'cdk8s.yaml'), settings);
    git(folder, 'init', '-q', '-b', 'main');
    commit(folder, 'begin');
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b/web.yaml'), overlay(81));
    return folder;
  };

  test('are linted all the same, and it is said why the change is not told', () => {
    const { status, stdout, stderr } = tierwall(overlays('x: y\n'), 'check', '.');
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('[no-conflicting-objects]');
    expect(stdout).toMatch(
      /- what the change means +cannot be told: 1 problem in the manifests: NetworkPolicy `shop\/web` is given twice/,
    );
  });

  test('do not pass by a pattern where a change is gated', () => {
    const settings = (gate: string) =>
      `tierwall: { ${gate} lint: { failOn: error, rules: { no-conflicting-objects: off } } }\n`;
    const check = (gate: string) => tierwall(overlays(settings(gate)), 'check', 'a/*.yaml');
    expect(check('diff: { failOn: [internet] },')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/✗ what the change means +cannot be told: only files and folders are compared/),
    });
    expect(check('').status).toBe(0);
  });

  test('do not pass where a change is gated, and whoever mends them does', () => {
    const folder = overlays(
      'tierwall: { diff: { failOn: [internet] }, lint: { rules: { no-conflicting-objects: off } } }\n',
    );
    expect(tierwall(folder, 'check', '.').stdout).toMatch(/✗ what the change means +cannot be told/);
    git(folder, 'switch', '-q', '-c', 'broken');
    commit(folder, 'both');
    git(folder, 'branch', '-q', '-f', 'main');
    rmSync(join(folder, 'b'), { recursive: true });
    expect(tierwall(folder, 'check', '.').stdout).toMatch(
      /- what the change means +the manifests of [0-9a-f]{7} \(main\) cannot be read as one cluster/,
    );
  });
});

describe('the files that `tierwall check` writes', () => {
  test('get the folders that they are in', () => {
    const folder = project();
    expect(tierwall(folder, 'check', '--sarif', 'reports/new/a.sarif', '--markdown', 'reports/a.md').status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'reports/new/a.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(existsSync(join(folder, 'reports/a.md'))).toBe(true);
  });

  test('are told by the names they were given where they cannot be written; all else is written and printed', () => {
    const folder = project();
    const names = [
      '--sarif',
      'policies',
      '--junit',
      'main.js/a.xml',
      '--gitlab',
      '/proc/x/a.json',
      '--markdown',
      'a.md',
    ];
    const { status, stdout, stderr } = tierwall(folder, 'check', ...names);
    expect([status, stdout]).toEqual([2, expect.stringContaining('committed output')]);
    expect(
      stderr,
    ).toBe(`error: \`policies\` cannot be written: it is a folder; name a file in a folder that may be written to
error: \`main.js/a.xml\` cannot be written: what is to be its folder is a file; name a file in a folder that may be written to
error: \`/proc/x/a.json\` cannot be written: there is no such folder; name a file in a folder that may be written to
3 problems
`);
    expect(existsSync(join(folder, 'a.md'))).toBe(true);
  });

  test('may be no files: what is a pipe or a device is written to, and not replaced', () => {
    // A shell, since what Node hands on as standard output is a socket, which has no name.
    const command = `"${process.execPath}" "${main}" check --markdown /dev/stdout | cat`;
    expect(execFileSync('sh', ['-c', command], { cwd: project(), encoding: 'utf8' })).toContain(
      '### ✅ tierwall check: passed',
    );
  });
});

describe('questions without sources', () => {
  test('are about the app of the folder, with a workload for each of its services', () => {
    const folder = project();
    const { status, stdout } = tierwall(folder, 'connectivity', '--output', 'csv');
    expect([status, stdout]).toEqual([0, expect.stringContaining('shop/api')]);
    const denied = tierwall(folder, 'explain', '--from', 'shop/db', '--to', 'shop/api');
    expect([denied.status, denied.stdout]).toEqual([1, expect.stringContaining('(main.js:5)')]);
    expect(tierwall(folder, 'reach', '--from', 'shop/api').stdout).toContain('shop/db');
    expect(tierwall(folder, 'redundancy').status).toBe(0);
  });

  test('are refused for an app of several clusters, which have nothing to do with each other', () => {
    const folder = project("new Service(new Namespace(new Environment(app, 'dr', { cluster: 'us' }), 'x'), 'y');");
    const { status, stderr } = tierwall(folder, 'connectivity');
    expect([status, stderr]).toEqual([2, expect.stringContaining('several clusters: `default`, `us`')]);
  });
});

describe('tierwall check', () => {
  test('passes where the committed output is what the code gives, is proved, and nothing is found', () => {
    const { status, stdout, stderr } = tierwall(project(), 'check', '-o', 'json');
    expect([status, stderr]).toEqual([0, '']);
    expect(schemaErrors(checkSchema, JSON.parse(stdout))).toEqual([]);
    expect(verdicts(stdout)).toMatchObject({ output: 'passed', proof: 'passed', lint: 'passed' });
  });

  test('finds the line of the committed output that the code does not give', () => {
    const folder = project();
    const file = 'policies/prod/shop/tierwall-db.yaml';
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replace('port: 5432', 'port: 5433'));
    rmSync(join(folder, 'policies/prod/shop/tierwall-api.yaml'));
    const { status, stdout } = tierwall(folder, 'check', '-o', 'json');
    expect(status).toBe(1);
    const line = text.split('\n').findIndex((own) => own.includes('port: 5432')) + 1;
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; place: object }[] };
    expect(findings.map(({ rule, place }) => [rule, place])).toEqual([
      ['require-committed-output', { file: 'policies/prod/shop/tierwall-api.yaml' }],
      ['require-committed-output', expect.objectContaining({ file, line })],
    ]);
    expect(verdicts(stdout)).toMatchObject({ output: 'failed', proof: 'passed' });
  });

  test('names a broken guarantee and the line that breaks it, and checks nothing that was not written', () => {
    const folder = project();
    writeFileSync(join(folder, 'main.js'), program(`new Never(shop, 'apart', { from: api, to: db });`));
    const { status, stdout } = tierwall(folder, 'check');
    expect(status).toBe(1);
    expect(stdout).toContain('error[require-guarantee]');
    expect(stdout).toContain('main.js:7');
    expect(stdout).toMatch(/✗ proof and guarantees +guarantees broken: 1/);
  });

  describe('where the settings fail a change', () => {
    const withSettings = (folder: string, settings: string) =>
      writeFileSync(join(folder, 'cdk8s.yaml'), `app: node main.js\ntierwall: { ${settings} }\n`);
    const begun = (settings: string, body: string) => {
      const folder = project(body);
      withSettings(folder, settings);
      commit(folder, 'settings');
      git(folder, 'switch', '-q', '-c', 'change');
      return folder;
    };
    const never = "new Never(shop, 'apart', { from: db, to: Peer.internet() });";

    test.for(['failOn: [guarantee-lost]', 'budgets: { guarantee-lost: 0 }'])(
      'a guarantee that is gone fails it, though it is in no output: %s',
      (diff) => {
        const folder = begun(`diff: { ${diff} }`, never);
        writeFileSync(join(folder, 'main.js'), program(''));
        commit(folder, 'no guarantee');
        const { status, stdout } = tierwall(folder, 'check');
        expect(status).toBe(1);
        expect(stdout).toMatch(/✗ what the change means .*fails on guarantee-lost \(1\)/);
        expect(git(folder, 'status', '--short')).toBe('');
      },
    );

    test('so does an app of the main branch that cannot be run, since nothing else tells of its guarantees', () => {
      const folder = begun('diff: { failOn: [guarantee-lost] }', 'if (!process.env.WORKS) throw new Error("broken");');
      writeFileSync(join(folder, 'main.js'), program(''));
      const { status, stdout } = tierwall(folder, 'check');
      expect(status).toBe(1);
      expect(stdout).toMatch(/✗ what the change means +cannot be told: the app of [0-9a-f]{7} \(main\) cannot be run/);
    });

    test.for(['guarantee-lost', 'internet'])(
      'mistakes in approvals are told with exit code 2, all of them, where they are, whatever it fails on: %s',
      (risk) => {
        const folder = begun(`diff: { failOn: [${risk}] }`, '');
        writeFileSync(
          join(folder, 'tierwall.approvals.yaml'),
          '- { risk: internet, because: so }\n- { risk: widned, until: 2030-01-01 }\n',
        );
        for (const word of ['internt because so', 'internet at shop/api']) {
          git(folder, 'commit', '-q', '--allow-empty', '-m', `approve\n\nTierwall-Approve: ${word}`);
        }
        const { status, stdout, stderr } = tierwall(folder, 'check');
        expect([status, stdout]).toEqual([2, '']);
        const told = [
          /^error: tierwall.approvals.yaml:1: `approvals\[0\].until` is missing/m,
          /^error: tierwall.approvals.yaml:2: `approvals\[1\].risk` is `widned`.*did you mean `widened`\?/m,
          /^error: tierwall.approvals.yaml:2: `approvals\[1\].because` is missing/m,
          /^error: commit [0-9a-f]+: `Tierwall-Approve: internt because so` cannot be read/m,
          /^error: commit [0-9a-f]+: `Tierwall-Approve: internet at shop\/api` cannot be read/m,
        ];
        for (const line of told) expect(stderr).toMatch(line);
        expect(tierwall(folder, 'diff', 'main...HEAD').stderr).toBe(stderr);
      },
    );

    test('an app that is new is judged like any other change, as diff does', () => {
      const folder = mkdtempSync(join(tmpdir(), 'check-'));
      git(folder, 'init', '-q', '-b', 'main');
      git(folder, 'commit', '-q', '--allow-empty', '-m', 'begin');
      git(folder, 'switch', '-q', '-c', 'change');
      writeFileSync(join(folder, 'main.js'), program('api.allowTo(Peer.internet(), { ports: [443] });'));
      for (const [settings, status] of [
        ['diff: { failOn: [internet] }', 1],
        ['diff: { failOn: [isolation-lost] }', 0],
      ] as const) {
        withSettings(folder, `${settings}, lint: { failOn: error }`);
        tierwall(folder, 'synth');
        commit(folder, 'new');
        const checked = tierwall(folder, 'check');
        expect([checked.status, tierwall(folder, 'diff', 'main...HEAD').status]).toEqual([status, status]);
        expect(checked.stdout).toMatch(
          /what the change means +since [0-9a-f]{7} \(main\), which has none of it: different/,
        );
      }
    });

    test('so are manifests that are new', () => {
      const folder = begun('diff: { failOn: [internet] }', '');
      mkdirSync(join(folder, 'deploy'));
      writeFileSync(
        join(folder, 'deploy/a.yaml'),
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec: { containers: [] }\n',
      );
      commit(folder, 'new');
      expect(tierwall(folder, 'check', 'deploy').stdout).toMatch(
        /✗ what the change means .*fails on internet \(\d\)\n/,
      );
    });

    test('and no other folder for the output hides what it means', () => {
      const folder = begun('diff: { failOn: [widened] }', '');
      withSettings(folder, 'out: elsewhere, diff: { failOn: [widened] }');
      writeFileSync(join(folder, 'main.js'), program('api.allowFrom(db);'));
      tierwall(folder, 'synth');
      rmSync(join(folder, 'policies'), { recursive: true });
      commit(folder, 'open, elsewhere');
      const { status, stdout } = tierwall(folder, 'check');
      expect(status).toBe(1);
      expect(stdout).toMatch(/✗ what the change means .*fails on widened/);
    });
  });

  describe('policies in the output folder that tierwall did not write', () => {
    const hotfix = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: hotfix, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }
`;
    const file = 'policies/prod/shop/hotfix.yaml';
    const never = "new Never(shop, 'apart', { from: db, to: api });";

    test('are output that the code does not give, and count for the proof and its guarantees, with file and line', () => {
      const folder = project(never);
      writeFileSync(join(folder, file), hotfix);
      commit(folder, 'hotfix');
      const { status, stdout } = tierwall(folder, 'check', '-o', 'json');
      expect([status, verdicts(stdout)]).toEqual([1, expect.objectContaining({ output: 'failed', proof: 'failed' })]);
      const { findings } = JSON.parse(stdout) as { findings: { rule: string; message: string; place: object }[] };
      expect(findings).toContainEqual(
        expect.objectContaining({ rule: 'require-committed-output', place: expect.objectContaining({ file }) }),
      );
      expect(findings).toContainEqual(
        expect.objectContaining({ rule: 'require-proof', place: expect.objectContaining({ file, line: 4 }) }),
      );
      expect(findings).toContainEqual(
        expect.objectContaining({ rule: 'require-guarantee', message: expect.stringContaining(`${file}:4`) }),
      );
      const synth = tierwall(folder, 'synth', '--check');
      expect([synth.status, synth.stdout]).toEqual([1, expect.stringContaining(`not ours   ${file}`)]);
    });

    test.for(['policies/hotfix.yaml', 'policies/old/hotfix.yaml'])(
      'count in every cluster where they are in no folder of an environment: %s',
      (stray) => {
        const folder = project(never);
        git(folder, 'switch', '-q', '-c', 'change');
        mkdirSync(join(folder, 'policies/old'));
        writeFileSync(join(folder, stray), hotfix);
        commit(folder, 'hotfix');
        const { status, stdout } = tierwall(folder, 'check');
        expect([status, stdout]).toEqual([1, expect.stringContaining(`${stray}:4`)]);
        expect(stdout).toMatch(/✗ proof and guarantees +differences from what is declared: \d, guarantees broken: 1/);
        expect(stdout).toMatch(/what the change means .*different/);
        expect(tierwall(folder, 'prove').status).toBe(1);
        expect(tierwall(folder, 'diff', 'main', '--fail-on', 'widened').status).toBe(1);
        git(folder, 'branch', '-q', '-f', 'main');
        for (const range of ['main', 'main...HEAD']) expect(tierwall(folder, 'diff', range).status).toBe(0);
      },
    );

    test('are a change where they are new, for diff too, and none where both sides have them', () => {
      const folder = project();
      git(folder, 'switch', '-q', '-c', 'change');
      writeFileSync(join(folder, file), hotfix);
      commit(folder, 'hotfix');
      const since = (range: string) => tierwall(folder, 'diff', range, '--fail-on', 'widened');
      expect(tierwall(folder, 'check').stdout).toMatch(/✓ what the change means .*different/);
      for (const range of ['main', 'main...HEAD']) {
        expect(since(range)).toMatchObject({ status: 1, stdout: expect.stringContaining('shop/hotfix') });
      }
      git(folder, 'branch', '-q', '-f', 'main');
      expect(tierwall(folder, 'check').stdout).toMatch(/✓ what the change means .*no change in meaning/);
      for (const range of ['main', 'main...HEAD']) expect(since(range).status).toBe(0);
      rmSync(join(folder, file));
      expect(tierwall(folder, 'diff', 'main', '--fail-on', 'narrowed').status).toBe(1);
    });

    test('count beside, with `--with`, where they are in a folder of their own', () => {
      const folder = project(never);
      mkdirSync(join(folder, 'others'));
      writeFileSync(join(folder, 'others/hotfix.yaml'), hotfix);
      expect(tierwall(folder, 'check').status).toBe(0);
      const { status, stdout } = tierwall(folder, 'check', '--with', 'others');
      expect(status).toBe(1);
      expect(stdout).toMatch(/✗ proof and guarantees +differences from what is declared: \d, guarantees broken: 1/);
      expect(stdout).toContain('others/hotfix.yaml:4');
    });

    test('of a kind that is not read leave it unknown, and other objects are named, and fail nothing', () => {
      const folder = project();
      writeFileSync(
        join(folder, 'policies/prod/shop/own.yaml'),
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n',
      );
      const noted = tierwall(folder, 'check');
      expect([noted.status, noted.stdout]).toEqual([
        0,
        expect.stringContaining('`policies/prod/shop/own.yaml` was not written by tierwall'),
      ]);
      writeFileSync(
        join(folder, 'policies/prod/shop/cilium.yaml'),
        'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: {}\n',
      );
      const unknown = tierwall(folder, 'check');
      expect([unknown.status, unknown.stdout]).toEqual([
        1,
        expect.stringMatching(/✗ proof and guarantees +policies of kinds that are not read: 1/),
      ]);
    });
  });

  test('ends with exit code 2 and every mistake where the program has some', () => {
    const folder = project();
    writeFileSync(
      join(folder, 'main.js'),
      program(`api.allowFrom(db, { ports: ['htp'] }); new Service(shop, 'Bad Name');`),
    );
    const { status, stdout, stderr } = tierwall(folder, 'check');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('`htp`');
    expect(stderr).toContain('Bad Name');
  });

  test('fails for what lint finds, at the line that declares it, and passes once it is in the baseline', () => {
    const folder = project('api.allowTo(Peer.anywhere(), { ports: [443] });');
    const found = tierwall(folder, 'check');
    expect(found.status).toBe(1);
    expect(found.stdout).toContain('main.js:8');
    expect(tierwall(folder, 'lint', '--init-baseline').status).toBe(0);
    expect(tierwall(folder, 'check').status).toBe(0);
  });

  test('writes SARIF, JUnit, code quality and Markdown beside what it prints, for a check that failed too', () => {
    const folder = project('api.allowTo(Peer.anywhere(), { ports: [443] });');
    const files = { sarif: 'a.sarif', junit: 'a.xml', gitlab: 'a.json', markdown: 'a.md' };
    const flags = Object.entries(files).flatMap(([format, file]) => [`--${format}`, file]);
    expect(tierwall(folder, 'check', ...flags).status).toBe(1);
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    expect(JSON.parse(read('a.sarif')).runs[0].results.length).toBeGreaterThan(0);
    expect(read('a.xml')).toContain('<failure');
    expect(JSON.parse(read('a.json')).length).toBeGreaterThan(0);
    expect(read('a.md')).toMatch(/^### ❌ tierwall check: 1 of \d failed/);
  });

  test('tells what the change means since the branch left the main branch, with the line of the code', () => {
    const folder = project();
    git(folder, 'switch', '-q', '-c', 'change');
    writeFileSync(join(folder, 'main.js'), program('api.allowFrom(db);'));
    tierwall(folder, 'synth');
    commit(folder, 'open');
    const { status, stdout } = tierwall(folder, 'check', '--markdown', 'a.md');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\+ shop\/db +→ shop\/api +80\/TCP/);
    expect(stdout).toContain('main.js:8');
    expect(stdout).toMatch(/✓ what the change means +since [0-9a-f]{7} \(main\): different.*told only/);
    expect(readFileSync(join(folder, 'a.md'), 'utf8')).toContain('shop/db');
  });

  test('fails for a risk that the settings name, unless a commit approves it', () => {
    const folder = project();
    git(folder, 'switch', '-q', '-c', 'change');
    writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\ntierwall: { diff: { failOn: [widened] } }\n');
    writeFileSync(join(folder, 'main.js'), program('api.allowFrom(db);'));
    tierwall(folder, 'synth');
    commit(folder, 'open');
    const refused = tierwall(folder, 'check', '-o', 'json');
    expect([refused.status, verdicts(refused.stdout)['change']]).toEqual([1, 'failed']);
    const { findings } = JSON.parse(refused.stdout) as { findings: { rule: string; place: { file: string } }[] };
    expect(findings.map(({ rule, place }) => [rule, place.file])).toContainEqual(['widened', 'main.js']);
    const asText = tierwall(folder, 'check').stdout;
    expect(asText).toContain(
      "`- { risk: widened, at: 'shop/api', because: WHY, until: 'YYYY-MM-DD' }` into tierwall.approvals.yaml",
    );
    expect(asText).toContain('`Tierwall-Approve: widened at shop/api because WHY`');
    writeFileSync(
      join(folder, 'cdk8s.yaml'),
      'app: node main.js\ntierwall: { diff: { failOn: [widened], approvals: reviewed.yaml } }\n',
    );
    writeFileSync(join(folder, 'reviewed.yaml'), '');
    expect(tierwall(folder, 'check').stdout).toContain('` into reviewed.yaml, or');
    git(
      folder,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'approve\n\nTierwall-Approve: widened because the report needs it',
    );
    expect(tierwall(folder, 'check').status).toBe(0);
  });

  test('keeps the change apart where there is nothing to compare with, and refuses a base that is not there', () => {
    const folder = project();
    const unknown = tierwall(folder, 'check', '--base', 'nowhere');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('`--base nowhere` names no commit here'),
    ]);
    expect(verdicts(tierwall(folder, 'check', '-o', 'json', '--base', '0'.repeat(40)).stdout)['change']).toBe(
      'skipped',
    );
    rmSync(join(folder, '.git'), { recursive: true });
    expect(verdicts(tierwall(folder, 'check', '-o', 'json').stdout)['change']).toBe('skipped');
  });

  test('does not let a change pass that is gated and cannot be told, as in a clone without history', () => {
    const origin = project();
    const gated = 'app: node main.js\ntierwall: { diff: { failOn: [internet] } }\n';
    const clone = (settings: string) => {
      const folder = mkdtempSync(join(tmpdir(), 'check-'));
      git(folder, 'init', '-q', '-b', 'work');
      git(folder, 'fetch', '-q', '--depth', '1', `file://${origin}`, 'main');
      git(folder, 'checkout', '-q', '--detach', 'FETCH_HEAD');
      writeFileSync(join(folder, 'cdk8s.yaml'), settings);
      return folder;
    };
    const failed = tierwall(clone(gated), 'check');
    expect([failed.status, failed.stdout]).toEqual([
      1,
      expect.stringMatching(
        /✗ what the change means +cannot be told: there is no branch main or master to compare with; fetch the history, by `fetch-depth: 0` of actions\/checkout, or `GIT_DEPTH: "0"` in GitLab/,
      ),
    ]);
    expect(tierwall(clone('app: node main.js\n'), 'check').status).toBe(0);
  });

  test('takes all as new before the first commit, and leaves out the change where that is asked for', () => {
    const folder = project();
    rmSync(join(folder, '.git'), { recursive: true });
    git(folder, 'init', '-q', '-b', 'main');
    const checked = (diff: string, ...words: string[]) => {
      writeFileSync(join(folder, 'cdk8s.yaml'), `app: node main.js\ntierwall: { ${diff} }\n`);
      git(folder, 'add', '-A');
      const { status, stdout } = tierwall(folder, 'check', ...words);
      return [status, / what the change means +(.*)/.exec(stdout)?.[1]];
    };
    const isNew = 'all is taken as new, since there is no commit yet';
    expect(checked('')).toEqual([0, isNew]);
    for (const words of [[], ['--base', 'HEAD']]) {
      const failed = expect.stringMatching(`^${isNew}: different, fails on widened`);
      expect(checked('diff: { failOn: [widened] }', ...words)).toEqual([1, failed]);
      const passed = expect.stringMatching(`^${isNew}: different$`);
      expect(checked('diff: { failOn: [internet, isolation-lost, guarantee-lost] }', ...words)).toEqual([0, passed]);
    }
    expect(checked('diff: { failOn: [widened] }', '--no-change')).toEqual([0, 'left out, by `--no-change`']);
  });

  test('does not let a change pass that is gated where there is no repository, as where a pipeline copies files alone', () => {
    const folder = project();
    rmSync(join(folder, '.git'), { recursive: true });
    const told =
      'cannot be told: git finds no repository here; check in a clone with its history, or leave it out by `--no-change`';
    for (const paths of [[], ['policies']]) {
      writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\n');
      expect(tierwall(folder, 'check', ...paths)).toMatchObject({ status: 0, stdout: expect.stringContaining(told) });
      writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\ntierwall: { diff: { failOn: [internet] } }\n');
      const gated = tierwall(folder, 'check', ...paths);
      expect(gated).toMatchObject({ status: 1, stdout: expect.stringContaining(`✗ what the change means  ${told}`) });
      expect(tierwall(folder, 'check', ...paths, '--no-change').status).toBe(0);
    }
  });

  test('refuses a base where there is no repository', () => {
    const folder = project();
    rmSync(join(folder, '.git'), { recursive: true });
    const { status, stderr } = tierwall(folder, 'check', '--base', 'main');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('`--base main` is given, and there is no commit here'),
    ]);
  });

  test('tells of an environment that is gone that its pods are no longer isolated', () => {
    const two = (body: string) =>
      program(`new Service(new Namespace(new Environment(app, 'test'), 'lab'), 'probe'); ${body}`);
    const folder = project();
    writeFileSync(join(folder, 'main.js'), two(''));
    tierwall(folder, 'synth');
    commit(folder, 'two');
    git(folder, 'switch', '-q', '-c', 'change');
    writeFileSync(join(folder, 'main.js'), program(''));
    tierwall(folder, 'synth');
    const { stdout } = tierwall(folder, 'check');
    expect(stdout).toMatch(/ingress of any pod of lab/);
  });

  test('names files as the repository has them in what services show beside the code, from whichever folder it runs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    mkdirSync(join(folder, 'team/deploy'), { recursive: true });
    const policy = (cidr: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }] }\n`;
    writeFileSync(join(folder, 'team/deploy/a.yaml'), policy('10.0.0.1/8'));
    git(folder, 'init', '-q', '-b', 'main');
    commit(folder, 'begin');
    const { stdout } = tierwall(join(folder, 'team'), 'check', 'deploy', '-o', 'github', '--sarif', 'a.sarif');
    expect(stdout).toContain('file=team/deploy/a.yaml');
    expect(readFileSync(join(folder, 'team/a.sarif'), 'utf8')).toContain('"uri": "team/deploy/a.yaml"');
    mkdirSync(join(folder, 'other'));
    expect(tierwall(join(folder, 'other'), 'lint', '../team/deploy', '-o', 'github').stdout).toContain(
      'file=team/deploy/a.yaml',
    );
  });

  test('judges days by --as-of and refuses what is none', () => {
    const folder = project();
    const { status, stderr } = tierwall(folder, 'check', 'policies', '--as-of', 'yesterday');
    expect([status, stderr]).toEqual([2, expect.stringContaining('`yesterday`, which is no day')]);
  });

  test('does in a repository of plain manifests what applies there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    mkdirSync(join(folder, 'deploy'));
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`;
    writeFileSync(join(folder, 'deploy/deny.yaml'), policy);
    const good = tierwall(folder, 'check', 'deploy', '-o', 'json');
    expect([good.status, verdicts(good.stdout)]).toEqual([0, expect.objectContaining({ lint: 'passed' })]);
    writeFileSync(
      join(folder, 'deploy/deny.yaml'),
      policy.replace('podSelector: {}', 'podSelector: { matchLabels: { a: "" , "-": b } }'),
    );
    expect(tierwall(folder, 'check', 'deploy').status).toBe(1);
  });

  test.for(['deploy', './deploy', '.', 'an absolute path'])(
    'tells their change by the names that diff uses: %s',
    (word) => {
      const folder = mkdtempSync(join(tmpdir(), 'check-'));
      mkdirSync(join(folder, 'net/deploy'), { recursive: true });
      const file = join(folder, 'net/deploy/open.yaml');
      const policy = (port: number) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: open, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ ports: [{ port: ${port} }] }] }
`;
      writeFileSync(file, policy(80));
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'begin');
      writeFileSync(file, policy(81));
      const path = word === 'an absolute path' ? join(folder, 'net/deploy') : word;
      tierwall(join(folder, 'net'), 'check', path, '--markdown', 'check.md');
      const revision = git(folder, 'rev-parse', 'HEAD').slice(0, 12);
      expect(readFileSync(join(folder, 'net/check.md'), 'utf8')).toContain(`${revision}:net/deploy/open.yaml:4`);
    },
  );

  test('without an app and without paths says what is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const { status, stderr } = tierwall(folder, 'check');
    expect(status).toBe(2);
    expect(stderr).toContain('there is no app');
    expect(stderr).toContain('`tierwall check deploy/`');
    expect(existsSync(join(folder, 'policies'))).toBe(false);
  });
});
