import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Peer } from 'tierwall';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceNameKey } from '../lib/model/selector';

const root = resolve(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);
const snippets = blocks('ts');
const folder = mkdtempSync(join(tmpdir(), 'readme-'));

/** A project as the five-minute path makes it, with this checkout's build as its `tierwall`. */
beforeAll(() => {
  mkdirSync(join(folder, 'node_modules', 'tierwall'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'node_modules', 'tierwall', 'package.json'));
  for (const part of ['dist', 'types']) {
    cpSync(join(root, part), join(folder, 'node_modules', 'tierwall', part), { recursive: true });
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.bin' && name !== 'tierwall')
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const [i, text] of snippets.entries()) writeFileSync(join(folder, `snippet-${i}.ts`), text);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('README', () => {
  test('has its snippets', () => expect(snippets.length).toBeGreaterThanOrEqual(6));

  test('shows only code that type-checks', () => {
    const program = ts.createProgram(
      snippets.map((_, i) => join(folder, `snippet-${i}.ts`)),
      {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Node16,
        types: [],
      },
    );
    const host = { getCurrentDirectory: () => folder, getCanonicalFileName: (f: string) => f, getNewLine: () => '\n' };
    expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host)).toBe('');
  });

  const isTest = (i: number) => snippets[i]!.includes("from 'vitest'");
  test.for(snippets.map((_, i) => i).filter((i) => !isTest(i)))('shows code that runs: snippet %i', (i) => {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    const { status, stderr } = spawnSync(process.execPath, [tsx, `snippet-${i}.ts`], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  const isAboutProject = (i: number) => snippets[i]!.includes('await networkOfProject();');
  const ownTests = snippets.map((_, i) => i).filter((i) => isTest(i) && !isAboutProject(i));
  test.for(ownTests)('shows tests that hold: snippet %i', (i) => {
    writeFileSync(join(folder, `snippet-${i}.test.ts`), snippets[i]!);
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    execFileSync(process.execPath, [vitest, 'run', '--root', folder, `snippet-${i}.test.ts`], {
      cwd: folder,
      stdio: 'pipe',
    });
  });

  test('leads to policies on disk in five minutes', () => {
    writeFileSync(join(folder, 'main.ts'), snippets[0]!);
    const [config] = blocks('yaml');
    writeFileSync(
      join(folder, 'cdk8s.yaml'),
      config!.replace('npx tsx', `node ${join(root, 'node_modules/tsx/dist/cli.mjs')}`),
    );
    const cli = join(folder, 'node_modules/tierwall/dist/cli/main.js');
    writeFileSync(join(folder, 'tsconfig.json'), blocks('json')[0]!);
    execFileSync(process.execPath, [cli, 'synth'], { cwd: folder, stdio: 'pipe' });
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit'], {
      cwd: folder,
      stdio: 'pipe',
    });
    const json = execFileSync(process.execPath, [cli, 'synth', '--check', '--output', 'json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    for (const field of Object.keys(JSON.parse(json))) expect(readme).toContain(`\`${field}\``);
    expect(readdirSync(join(folder, 'policies/production/shop')).sort()).toEqual([
      'kustomization.yaml',
      'tierwall-cart.yaml',
      'tierwall-default-deny.yaml',
      'tierwall-frontend.yaml',
      'tierwall-redis.yaml',
    ]);
  });

  test('leads from a connection that is blocked to its explanation, the fix, and a test that holds', () => {
    const project = mkdtempSync(join(tmpdir(), 'readme-'));
    symlinkSync(join(folder, 'node_modules'), join(project, 'node_modules'));
    writeFileSync(join(project, 'package.json'), '{"private":true}');
    const [config] = blocks('yaml');
    const tsx = `node ${join(root, 'node_modules/tsx/dist/cli.mjs')}`;
    writeFileSync(join(project, 'cdk8s.yaml'), config!.replace('npx tsx', tsx));
    writeFileSync(join(project, 'main.ts'), snippets[0]!);
    writeFileSync(join(project, 'shop.test.ts'), snippets.find((_, i) => isAboutProject(i))!);
    const vitest = () =>
      spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', project], {
        cwd: project,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      });
    const blocked = vitest();
    expect(blocked.status).toBe(1);
    const said = blocks('text').find((text) => text.startsWith('expected '))!;
    expect(blocked.stdout + blocked.stderr).toContain(said);

    const [, fix] = /gets one more line[^`]*`app\.synth\(\)`[^`]*`([^`]+)`/.exec(readme)!;
    writeFileSync(join(project, 'main.ts'), snippets[0]!.replace('app.synth();', `${fix}\napp.synth();`));
    expect(vitest().status).toBe(0);
    const cli = join(folder, 'node_modules/tierwall/dist/cli/main.js');
    execFileSync(process.execPath, [cli, 'synth'], { cwd: project, stdio: 'pipe' });
    const policy = readFileSync(join(project, 'policies/production/shop/tierwall-redis.yaml'), 'utf8');
    expect(policy).toContain('tierwall.dev/because: sessions (from frontend)');

    const [table] = blocks('yaml').filter((text) => text.startsWith('default: denied'));
    const [markdown] = blocks('md');
    writeFileSync(join(project, 'shop.connectivity.yaml'), table!);
    writeFileSync(join(project, 'shop.connectivity.md'), markdown!);
    const tables = execFileSync(process.execPath, [cli, 'test'], { cwd: project, encoding: 'utf8' });
    expect(tables.split('\n').filter((line) => line.startsWith('✓'))).toEqual([
      expect.stringContaining('4 statements'),
      expect.stringContaining('4 statements'),
    ]);
    rmSync(project, { recursive: true, force: true });
  });

  test('asks and proves with commands that work on what the five minutes wrote', () => {
    const cli = join(folder, 'node_modules/tierwall/dist/cli/main.js');
    const deploy = join(folder, 'deploy');
    cpSync(join(folder, 'policies/production/shop'), deploy, { recursive: true });
    const pods = (name: string, port: string, number: number) =>
      `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  template:
    metadata: { labels: { app.kubernetes.io/name: ${name} } }
    spec: { containers: [{ name: ${name}, image: ${name}, ports: [{ name: ${port}, containerPort: ${number} }] }] }
---
`;
    const workloads = pods('frontend', 'http', 8080) + pods('cart', 'grpc', 7070) + pods('redis', 'redis', 6379);
    writeFileSync(join(deploy, 'workloads.yaml'), workloads);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
    git('init', '-q');
    git('add', 'deploy', 'policies', 'main.ts', 'cdk8s.yaml');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'policies');
    const lines = [...readme.matchAll(/^npx tierwall ((?!synth).*)$/gm)].map(([, line]) => line!);
    // Those on a live cluster are run where there is one.
    const commands = lines.filter((line) => !/^drift|^apply|--cluster|--context|\|/.test(line));
    const answers = commands.map((line) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...line.split(' ')], {
        cwd: folder,
        encoding: 'utf8',
      });
      return [line, status, stderr, stdout.split('\n')[0]];
    });
    expect(answers).toEqual([
      [expect.stringMatching(/^check /), 0, '', expect.stringMatching(/^✓ committed output/)],
      ['connectivity deploy/', 0, '', '3 workloads in 1 namespace, 4 policies'],
      ['explain deploy/ --from shop/frontend --to shop/cart --port grpc', 0, '', expect.stringMatching(/^ALLOWED/)],
      ['explain deploy/ --from shop/frontend --to shop/redis', 1, '', expect.stringMatching(/^DENIED/)],
      ['reach deploy/ --from shop/frontend', 0, '', expect.stringContaining('shop/frontend')],
      [
        'redundancy deploy/',
        0,
        '',
        '4 policies with 7 rules in 1 namespace: none can be deleted without changing what is allowed',
      ],
      ['prove', 0, '', 'proved: the policies allow what is declared, nothing else'],
      ['prove HEAD:deploy/ deploy/', 0, '', expect.stringMatching(/^proved: both allow the same/)],
      ['diff HEAD:deploy/ deploy/', 0, '', expect.stringMatching(/^no change in meaning: proved/)],
      ['lint', 0, '', expect.stringMatching(/^no findings in 4 policies/)],
      ['lint deploy/', 0, '', expect.stringMatching(/^no findings in 4 policies and 3 workloads/)],
      [
        'rules require-default-deny-egress',
        0,
        '',
        expect.stringMatching(/^require-default-deny-egress {2}coverage, warning/),
      ],
      ['rules --standard nsa', 0, '', 'NSA/CISA Kubernetes Hardening Guide 1.2'],
      ['explain --from shop/frontend --to shop/redis --port 6379', 1, '', expect.stringMatching(/^DENIED/)],
      ['import deploy/ --out network', 0, '', 'imported 4 policies as 3 services and 3 intents in 1 namespace'],
    ]);
  });

  test.for(['ingressNginx', 'prometheus', 'kubeDns', 'openshiftDns', 'nodeLocalDns'] as const)(
    'states what Peer.%s() is',
    (name) => {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`Peer.${name}()\` `));
      const { outside } = Peer[name]();
      if (outside.kind === 'addresses') expect(row).toContain(` ${outside.blocks[0]!.cidr.replace('/32', '')},`);
      if (outside.kind !== 'pods') return;
      for (const value of outside.namespaces.valuesOf(namespaceNameKey) ?? []) expect(row).toContain(`\`${value}\``);
      const labels = outside.pods.keys.map((key) => `\`${key}: ${outside.pods.valuesOf(key)}\``).sort();
      expect(row?.split('|')[3]?.trim().split(', ').sort()).toEqual(labels);
    },
  );

  test('names only commands and options that exist', () => {
    const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts;
    for (const [, script] of readme.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
    const help = execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), 'synth', '--help'], {
      encoding: 'utf8',
    });
    const [section = ''] = readme.slice(readme.indexOf('### tierwall synth')).split(/\n##+ /);
    for (const [option] of section.matchAll(/--[a-z][a-z-]+/g)) expect(help).toContain(option);
  });
});
