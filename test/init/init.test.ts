import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { init } from '../../lib/init/init';
import { filesIn } from '../support/installed-project';

const ranges = {
  tierwall: '^1.2.3',
  cdk8s: '^2.0.0',
  constructs: '^10.0.0',
  '@types/node': '^20.0.0',
  tsx: '^4.0.0',
  typescript: '5.9.3',
  vitest: '^4.0.0',
};

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'init-'));
const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

describe('a new project', () => {
  test('has settings, an app with a test, pipelines, and a hook that can be run', () => {
    const folder = join(emptyFolder(), 'My Shop!');
    const { files, next } = init(folder, ranges, ['github', 'gitlab']);
    expect(files.every(({ outcome }) => outcome === 'written')).toBe(true);
    expect(filesIn(folder)).toEqual([
      '.gitattributes',
      '.githooks/pre-commit',
      '.github/workflows/network-policies.yml',
      '.gitignore',
      '.gitlab-ci.yml',
      'cdk8s.yaml',
      'main.ts',
      'network.test.ts',
      'network.ts',
      'package.json',
      'tsconfig.json',
    ]);
    expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({
      name: 'my-shop',
      dependencies: { tierwall: '^1.2.3', cdk8s: '^2.0.0' },
    });
    expect(statSync(join(folder, '.githooks/pre-commit')).mode & 0o111).toBe(0o111);
    expect(next.map(({ command }) => command)).toEqual([
      'npm install',
      'npx tierwall synth',
      'npx vitest run',
      'git config core.hooksPath .githooks',
    ]);
  });

  test.for(['npm', 'pnpm', 'yarn', 'bun'] as const)('has pipelines that are YAML and run %s', (manager) => {
    const folder = emptyFolder();
    const locks = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', bun: 'bun.lock' };
    writeFileSync(join(folder, locks[manager]), '');
    init(folder, ranges, ['github', 'gitlab']);
    const { jobs } = load(read(folder, '.github/workflows/network-policies.yml')) as {
      jobs: { check: { steps: { run?: string }[] } };
    };
    const runs = jobs.check.steps.flatMap(({ run }) => run ?? []);
    expect(runs.filter((run) => /install|ci$/.test(run)).join()).toContain(manager);
    const pipeline = load(read(folder, '.gitlab-ci.yml')) as Record<string, { script: string[] }>;
    expect(pipeline['network-policies']!.script.some((line) => line.includes('tierwall check'))).toBe(true);
  });

  test('has only the pipelines that are wanted', () => {
    const folder = emptyFolder();
    init(folder, ranges, []);
    expect(existsSync(join(folder, '.github'))).toBe(false);
    expect(existsSync(join(folder, '.gitlab-ci.yml'))).toBe(false);
  });
});

describe('a project that is there', () => {
  test('keeps every file as it is, and is asked to install what it lacks', () => {
    const folder = emptyFolder();
    const own = {
      'package.json': '{ "dependencies": { "cdk8s": "2.1.0" } }',
      'tsconfig.json': '{}',
      '.gitignore': 'x',
    };
    for (const [path, text] of Object.entries(own)) writeFileSync(join(folder, path), text);
    const { files, next } = init(folder, ranges, ['github']);
    for (const [path, text] of Object.entries(own)) expect(read(folder, path)).toBe(text);
    expect(files.filter(({ outcome }) => outcome === 'kept').map(({ path }) => path)).toEqual(Object.keys(own));
    expect(next[0]!.command).toBe('npm install --save-dev tierwall constructs @types/node tsx typescript vitest');
  });

  test('and has an app gets another one beside it, with settings of its own', () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'cdk8s.yaml'), 'app: npx ts-node main.ts\n');
    init(folder, ranges, []);
    expect(read(folder, 'cdk8s.yaml')).toBe('app: npx ts-node main.ts\n');
    expect(filesIn(folder).filter((path) => path.startsWith('network/'))).toEqual([
      'network/main.ts',
      'network/network.test.ts',
      'network/network.ts',
    ]);
    expect(read(folder, 'tierwall.config.ts')).toContain('tsx network/main.ts');
  });

  test('is left as it was by a second run', () => {
    const folder = emptyFolder();
    init(folder, ranges, ['github', 'gitlab']);
    const before = filesIn(folder).map((path) => [path, read(folder, path)]);
    const { files } = init(folder, ranges, ['github', 'gitlab']);
    expect(files.filter(({ outcome }) => outcome === 'written').map(({ path }) => path)).toEqual([]);
    expect(filesIn(folder).map((path) => [path, read(folder, path)])).toEqual(before);
  });

  test('with a folder where a file belongs keeps the folder', () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'network.ts'));
    const { files } = init(folder, ranges, []);
    expect(files.find(({ path }) => path === 'network.ts')?.outcome).toBe('kept');
  });
});
