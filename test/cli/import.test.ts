import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importToText, type ShownImport } from '../../lib/render/import/txt';
import { plain } from '../../lib/render/paint';
import { importSchema } from '../../lib/render/schema/import-schema';
import { schemaErrors } from '../support/json-schema';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'tierwall-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tierwall(args: readonly string[], input = '') {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'import', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
    input,
  });
  return { status, stdout, stderr };
}

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec: { podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }], ports: [{ port: 5432 }] }] }
`;
const template = 'kind: NetworkPolicy\nmetadata: { name: {{ .Values.name }} }\n';

beforeAll(() => {
  mkdirSync(join(folder, 'deploy'));
  writeFileSync(join(folder, 'deploy/db.yaml'), policy);
  writeFileSync(join(folder, 'deploy/template.yaml'), template);
});

describe('tierwall import', () => {
  test('writes an app, and says what it is, that it is proved, what was left out and what to do next', () => {
    const { status, stdout, stderr } = tierwall(['deploy', '--out', 'app']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.replace(/\d+ boxes/, 'n boxes')).toMatchInlineSnapshot(`
      "imported 1 policy as 2 services and 1 intent in 1 namespace
      1 of 1 rule (100 %) is said by services and intents
      proved: the policies of the app allow exactly what the imported ones allow; n boxes of connections compared

      left out, and so not in the app:
        deploy/template.yaml:2: this is a template, not YAML: object-based map does not support complex keys; render it first, as with \`helm template\`

      wrote app/
        cdk8s.yaml
        environment.ts
        main.ts
        namespaces/shop.ts
        package.json
        tsconfig.json

      next:
        1. read the app, and give its services and reasons the words that your team uses
        2. cd app && npm install && npx tierwall synth     writes its policies, and proves them
        3. apply those beside the old ones, which changes nothing; then delete the old ones that were imported, and none that was left out, which changes nothing either
      "
    `);
    expect(readdirSync(join(folder, 'app')).sort()).toEqual(
      ['cdk8s.yaml', 'environment.ts', 'main.ts', 'namespaces', 'package.json', 'tsconfig.json'].sort(),
    );
  });

  test('writes nothing where all of it is there already', () => {
    const { status, stdout } = tierwall(['deploy', '--out', 'app']);
    expect([status, stdout.includes('app holds all of it already: nothing was written')]).toEqual([0, true]);
  });

  test('never overwrites a file, and writes none of the others then', () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine/main.ts'), 'mine\n');
    const { status, stderr } = tierwall(['deploy', '--out', 'mine']);
    expect(status).toBe(2);
    expect(stderr).toContain('error: mine/main.ts: there is a file already, with other content');
    expect(readdirSync(join(folder, 'mine'))).toEqual(['main.ts']);
  });

  test.for([
    ['below a file', 'a-file/app', 'what is to be its folder is a file'],
    ['that is a file', 'a-file', 'what is to be its folder is a file'],
    ['of which a file is a folder', 'taken', 'it is a folder'],
    ['where none can be made', '/proc/app', ''],
  ] as const)('says in words why it cannot write: a folder %s', ([, out, reason]) => {
    writeFileSync(join(folder, 'a-file'), 'mine\n');
    mkdirSync(join(folder, 'taken/main.ts'), { recursive: true });
    const { status, stdout, stderr } = tierwall(['deploy', '--out', out]);
    expect([status, stdout, stderr.split('; ')[0]]).toEqual([
      2,
      '',
      expect.stringMatching(new RegExp(`^error: ${out}.*: it cannot be written: .*${reason}$`)),
    ]);
    expect(readdirSync(join(folder, 'taken'))).toEqual(['main.ts']);
  });

  test('names a policy that it does not read by its namespace too', () => {
    const cilium =
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: l7, namespace: shop}\nspec: {endpointSelector: {}}\n';
    expect(tierwall(['-', '--out', 'unread'], `${policy}---\n${cilium}`).stdout).toContain(
      'not read, and so still to be applied beside the app:\n  CiliumNetworkPolicy shop/l7 (',
    );
  });

  test('leaves the settings of a project as they are, its own and those of the one around it', () => {
    const project = mkdtempSync(join(folder, 'project-'));
    writeFileSync(join(project, 'package.json'), '{}');
    mkdirSync(join(project, 'network'));
    writeFileSync(join(project, 'network/cdk8s.yaml'), 'app: mine\n');
    const out = join(project, 'network');
    expect(tierwall(['deploy', '--out', out]).status).toBe(0);
    expect(readFileSync(join(out, 'cdk8s.yaml'), 'utf8')).toBe('app: mine\n');
    expect(readdirSync(out).sort()).toEqual(['cdk8s.yaml', 'environment.ts', 'main.ts', 'namespaces', 'tsconfig.json']);
  });

  test('says what to install where the package.json around it does not ask for all, by its package manager', () => {
    const project = mkdtempSync(join(folder, 'project-'));
    writeFileSync(join(project, 'package.json'), '{ "devDependencies": { "tierwall": "1", "typescript": "5" } }');
    writeFileSync(join(project, 'pnpm-lock.yaml'), '');
    expect(tierwall(['deploy', '--out', join(project, 'network')]).stdout).toContain(
      'network && pnpm add --save-dev cdk8s constructs tsx && npx tierwall synth',
    );
  });

  test('asks for the tierwall that runs by the file that it was installed from', () => {
    const project = mkdtempSync(join(folder, 'project-'));
    const own = join(project, 'node_modules/tierwall');
    mkdirSync(own, { recursive: true });
    for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(own, name), { recursive: true });
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
    }
    writeFileSync(join(project, 'package.json'), '{ "devDependencies": { "tierwall": "file:tierwall.tgz" } }');
    const out = mkdtempSync(join(folder, 'network-'));
    const { status } = spawnSync(process.execPath, [join(own, 'dist/cli/main.js'), 'import', 'deploy', '--out', out], {
      cwd: folder,
    });
    const { dependencies } = JSON.parse(readFileSync(join(out, 'package.json'), 'utf8'));
    expect([status, dependencies.tierwall]).toEqual([0, `file:${relative(out, join(project, 'tierwall.tgz'))}`]);
  });

  test('reads standard input, and calls the environment as it is told', () => {
    expect(tierwall(['-', '--out', 'piped', '--environment', 'production'], policy).status).toBe(0);
    expect(readFileSync(join(folder, 'piped/environment.ts'), 'utf8')).toContain("new Environment(app, 'production'");
  });

  test('speaks JSON', () => {
    const output = JSON.parse(tierwall(['deploy', '--out', 'json', '-o', 'json']).stdout);
    expect(schemaErrors(importSchema, output)).toEqual([]);
    expect(schemaErrors(importSchema, { ...output, more: 1 })).not.toEqual([]);
    expect(output).toMatchObject({
      version: 1,
      made: 'of policies',
      policies: 1,
      rules: { total: 1, constructs: 1, share: 100 },
      proof: { verdict: 'equal', differences: [] },
    });
  });

  test('proposes a tighter app in a folder of its own, with what it would change', () => {
    const { status, stdout } = tierwall(['deploy', '--out', 'two', '--tighten']);
    expect(status).toBe(0);
    expect(stdout).toContain(
      'proposed beside it in two-tighter/: a tighter app, 2 services and 1 intent, proved to allow no more.',
    );
    expect(readdirSync(join(folder, 'two-tighter'))).toContain('main.ts');
    const output = JSON.parse(tierwall(['deploy', '--out', 'three', '--tighten', 'tight', '-o', 'json']).stdout);
    expect(schemaErrors(importSchema, output)).toEqual([]);
    expect(output.tighter).toMatchObject({ out: 'tight', diff: { verdict: 'equal' } });
    expect(readdirSync(join(folder, 'tight'))).toContain('main.ts');
  });

  test.for([
    [
      'a file that is no manifest, where it is named itself',
      ['deploy/template.yaml', '--out', 'x'],
      '',
      'this is a template',
    ],
    [
      'a namespace that would be a path',
      ['-', '--out', 'x'],
      policy.replace('namespace: shop', 'namespace: ../../shop').replaceAll('NetworkPolicy', 'Deployment'),
      'namespace `../../shop` is no DNS label',
    ],
    [
      'nothing to import',
      ['-', '--out', 'x'],
      'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n',
      'there is no policy and no workload',
    ],
    ['a folder that is not there', ['nowhere', '--out', 'x'], '', 'there is no `nowhere`'],
    ['no folder for the app', ['deploy'], '', '`--out` is missing; name the folder for the app'],
    ['a name that is none', ['deploy', '--out', 'x', '--environment', 'Pro duction'], '', 'which is no DNS label'],
  ] as const)('ends with 2 and writes nothing for %s', ([, args, input, message]) => {
    const { status, stderr } = tierwall(args, input);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(readdirSync(folder)).not.toContain('x');
  });
});

test('an app that would mean something else is told by a connection, and is not written', () => {
  const shown = {
    proof: {
      verdict: 'different',
      statements: 2,
      differences: [
        { kind: 'lost', direction: 'ingress', connection: 'a → b on 80/TCP', allowedBy: 'shop/b', place: 'b.yaml:3' },
        { kind: 'gained', direction: 'egress', connection: 'b → a on any', allowedBy: 'shop/x', place: '' },
      ],
    },
  } as unknown as ShownImport;
  expect(importToText(shown, plain)).toMatchInlineSnapshot(`
    "- only the imported policies allow, for ingress: a → b on 80/TCP, by shop/b (b.yaml:3)
    + only the app would allow, for egress: b → a on any, by shop/x
    not proved: the app would not mean what the policies mean, so nothing was written; please report this
    "
  `);
});
