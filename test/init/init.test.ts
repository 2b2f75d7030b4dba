import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../lib/config/read-settings';
import { init } from '../../lib/init/init';
import { ownPackage } from '../../lib/init/own-package';
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
      'git init',
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

describe('what stands in the way', () => {
  test('is told at once, before anything is written', () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, '.github'), '');
    writeFileSync(join(folder, '.githooks'), '');
    expect(() => init(folder, ranges, ['github'])).toThrow(
      `\`${folder}/.github\` is a file, and is to be a folder; nothing was written\n\`${folder}/.githooks\` is a file`,
    );
    expect(filesIn(folder)).toEqual(['.githooks', '.github']);
  });

  test('is told without the names of our own files where it could not be foreseen', () => {
    expect(() => init('/proc/shop', ranges, [])).toThrow(
      '`package.json` cannot be written: there is no such folder; nothing was written',
    );
  });
});

describe('in a repository', () => {
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd });
  const workflow = (folder: string) => {
    init(folder, ranges, ['github']);
    return read(folder, '.github/workflows/network-policies.yml');
  };

  test('the workflow runs for the branch that others are merged into', () => {
    const [other, remote, nowhere] = [emptyFolder(), emptyFolder(), emptyFolder()];
    git(other, 'init', '-q', '-b', 'trunk');
    expect(workflow(other)).toContain('branches: [trunk]');
    git(remote, 'init', '-q', '-b', 'topic');
    git(remote, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
    expect(workflow(remote)).toContain('branches: [develop]');
    expect(workflow(nowhere)).toContain('branches: [main]');
  });

  test('the workflow leaves findings of forks, which may not write them, to the log', () => {
    const { jobs } = load(workflow(emptyFolder())) as { jobs: { check: { steps: { uses?: string; if?: string }[] } } };
    const upload = jobs.check.steps.find(({ uses }) => uses?.includes('upload-sarif'));
    expect(upload?.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  });

  test('a folder below the top is told where pipelines are read', () => {
    const top = emptyFolder();
    git(top, 'init', '-q');
    const { notes } = init(join(top, 'apps/shop'), ranges, ['github'], { cwd: top });
    expect(notes).toEqual([expect.stringContaining('this is apps/shop/: move them there')]);
  });

  test('the hook of a folder below the top runs, in that folder', () => {
    const top = emptyFolder();
    git(top, 'init', '-q');
    const folder = join(top, 'apps/my shop');
    const switchOn = init(folder, ranges, []).next.at(-1)!.command;
    expect(read(folder, '.githooks/pre-commit')).toContain(`#   ${switchOn}\n`);
    execFileSync('sh', ['-c', switchOn], { cwd: folder });
    const npx = join(top, 'bin/npx');
    mkdirSync(join(top, 'bin'));
    writeFileSync(npx, `#!/bin/sh\necho "$@ in $(pwd)" >&2\nexit 1\n`, { mode: 0o755 });
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
    const { status, stderr } = spawnSync('git', [...identity, 'commit', '-q', '--allow-empty', '-m', 'change'], {
      cwd: top,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(top, 'bin')}:${process.env['PATH']}` },
    });
    expect([status, stderr]).toEqual([1, `tierwall check --staged --no-change in ${realpathSync(folder)}\n`]);
  });
});

test('the next steps begin in the folder that was given', () => {
  const folder = emptyFolder();
  expect(init(join(folder, 'my shop'), ranges, [], { cwd: folder }).next[0]?.command).toBe("cd 'my shop'");
});

describe('the tierwall that a new project asks for', () => {
  const installed = (resolved: string) => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'node_modules/tierwall'), { recursive: true });
    const packages = { 'node_modules/tierwall': { resolved } };
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    return folder;
  };

  test('is the version that makes it, where that came from the registry', () => {
    const folder = installed('https://registry.example/tierwall-1.2.3.tgz');
    expect(ownPackage(join(folder, 'node_modules/tierwall'), '1.2.3', folder)).toEqual({ range: '^1.2.3' });
  });

  test('is the file that it was installed from', () => {
    const folder = installed('file:../packed.tgz');
    expect(ownPackage(join(folder, 'node_modules/tierwall'), '1.2.3', join(folder, 'new/shop'))).toEqual({
      range: 'file:../../../packed.tgz',
    });
  });

  test('is what was packed in a clone that it runs from, else it is said that there is none', () => {
    const clone = emptyFolder();
    expect(ownPackage(clone, '1.2.3', join(clone, 'x'))).toEqual({ range: '^1.2.3', checkout: clone });
    writeFileSync(join(clone, 'tierwall-1.2.3.tgz'), '');
    expect(ownPackage(clone, '1.2.3', join(clone, 'x'))).toEqual({ range: 'file:../tierwall-1.2.3.tgz' });
    expect(init(emptyFolder(), ranges, [], { checkout: clone }).notes).toEqual([expect.stringContaining('npm pack')]);
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

  test.for([
    ['npx tsx main.ts', 'main.ts'],
    ['node dist/app.js', 'app.ts'],
  ] as const)(
    'and has an app of tierwall, run by %s, gets no second one, and is told what its settings lack',
    ([app, file]) => {
      const folder = emptyFolder();
      writeFileSync(join(folder, 'cdk8s.yaml'), `app: ${app}\ntierwall:\n  out: policies\n`);
      writeFileSync(join(folder, file), '');
      const { files, notes } = init(folder, ranges, []);
      expect(files.map(({ path }) => path).filter((path) => /main|network/.test(path))).toEqual([]);
      expect(filesIn(folder)).toContain('.gitattributes');
      expect(notes).toEqual([
        'the app that is there stays as it is; below `tierwall:` in its cdk8s.yaml, `tests: npx vitest run` and `diff: { failOn: [internet, isolation-lost, guarantee-lost, cross-environment] }` would have its tests and changes gated as in a new project',
      ]);
    },
  );

  test('that was begun here and not finished is gone on with', () => {
    const folder = emptyFolder();
    init(folder, ranges, []);
    for (const file of ['main.ts', 'network.ts']) rmSync(join(folder, file));
    expect(
      init(folder, ranges, []).files.flatMap(({ path, outcome }) => (outcome === 'written' ? [path] : [])),
    ).toEqual(['main.ts', 'network.ts']);
  });

  test('gets an example that isolates nothing of it, and is told so', () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'deploy/base'), { recursive: true });
    writeFileSync(join(folder, 'deploy/base/shop.yaml'), 'apiVersion: apps/v1\nkind: Deployment\n');
    const { notes } = init(folder, ranges, []);
    expect(read(folder, 'network.ts')).toContain("shop(production, 'tierwall-example');");
    expect(read(folder, 'network.test.ts')).toContain("toDeny('tierwall-example-staging{}', 'tierwall-example{}')");
    expect(notes).toEqual([
      'network.ts declares an example in namespace tierwall-example, and nothing of yours: put your own namespaces and services there before you apply what it writes',
      'there are manifests: `npx tierwall import deploy --out imported` makes an app of their policies and workloads, and `tierwall check deploy` checks them as they are; once network.ts declares them, the setting `workloads` has its check compare labels and ports',
    ]);
    expect(init(emptyFolder(), ranges, []).notes).toEqual([]);
  });

  test('gets settings that name its manifests, in a comment: the example declares none of their workloads', async () => {
    const deployment = 'apiVersion: apps/v1\nkind: Deployment\n';
    for (const app of [undefined, 'app: npx ts-node main.ts\n']) {
      const folder = emptyFolder();
      mkdirSync(join(folder, 'deploy'));
      writeFileSync(join(folder, 'deploy/shop.yaml'), deployment);
      writeFileSync(join(folder, 'all.yaml'), deployment);
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(resolve(__dirname, '../..'), join(folder, 'node_modules/tierwall'));
      if (app) writeFileSync(join(folder, 'cdk8s.yaml'), app);
      init(folder, ranges, []);
      const file = join(folder, app ? 'tierwall.config.ts' : 'cdk8s.yaml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace(/(# |\/\/ )workloads/, 'workloads'));
      expect(readFileSync(file, 'utf8')).not.toBe(text);
      expect((await readSettings(folder)).config.workloads).toEqual(['*.yaml', 'deploy/']);
    }
    const none = emptyFolder();
    init(none, ranges, []);
    expect(read(none, 'cdk8s.yaml')).not.toContain('workloads');
  });

  test('is not told to import what tierwall wrote', () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'policies'));
    const written = `kind: NetworkPolicy\nmetadata:\n  labels:\n    app.kubernetes.io/managed-by: tierwall\n`;
    writeFileSync(join(folder, 'policies/tierwall-web.yaml'), written);
    expect(init(folder, ranges, []).notes).toEqual([]);
    writeFileSync(join(folder, 'policies/all.yaml'), `${written}---\nkind: Deployment\n`);
    expect(init(folder, ranges, []).notes).toContainEqual(expect.stringContaining('import policies'));
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
