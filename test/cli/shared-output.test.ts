import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'shared-output-'));
});

/** An app in a folder of its own; `namespaces` as `environment/namespace: services`. */
function app(folder: string, namespaces: Readonly<Record<string, readonly string[]>>, settings = `name: ${folder}`) {
  const declared = Object.entries(namespaces).map(([path, services]) => {
    const [environment = '', namespace = ''] = path.split('/');
    const made = services.map((name) => `new Service(ns, '${name}', { ports: { http: 80 } }).allowFrom(ns);`);
    return `{ const ns = new Namespace(environment('${environment}'), '${namespace}'); ${made.join(' ')} }`;
  });
  const source = `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const environment = (name) => app.node.tryFindChild(name) ?? new Environment(app, name);
${declared.join('\n')}
app.synth();
`;
  mkdirSync(join(repository, 'apps', folder), { recursive: true });
  writeFileSync(join(repository, 'apps', folder, 'main.js'), source);
  writeFileSync(
    join(repository, 'apps', folder, 'cdk8s.yaml'),
    `app: node main.js\ntierwall: { out: ../../network, ${settings} }\n`,
  );
}

function tierwall(folder: string, ...args: string[]) {
  const cwd = join(repository, 'apps', folder);
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** What the shared folder holds, without the names of policies that every namespace has. */
function network(): string[] {
  return readdirSync(join(repository, 'network'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yaml') && !/default-deny|kustomization/.test(path))
    .sort();
}

const text = (path: string) => readFileSync(join(repository, 'network', path), 'utf8');
const listed = (path: string) => text(`${path}/kustomization.yaml`).split('resources:\n')[1];

describe('apps that share an output folder and have names', () => {
  test('keep each their environments, and remove what is gone from their own code alone', () => {
    app('a', { 'prod-a/shop': ['api', 'old'] });
    app('b', { 'prod-b/bank': ['db'] });
    expect([tierwall('a', 'synth').status, tierwall('b', 'synth').status]).toEqual([0, 0]);
    app('a', { 'prod-a/shop': ['api'] });
    const { stdout } = tierwall('a', 'synth');
    expect(stdout).toContain('removed  ../../network/prod-a/shop/tierwall-old.yaml\n');
    expect(stdout).not.toContain('prod-b');
    expect(network()).toEqual(['prod-a/shop/tierwall-api.yaml', 'prod-b/bank/tierwall-db.yaml']);
    for (const name of ['a', 'b']) expect(tierwall(name, 'synth', '--check').stdout).toContain('up to date');
  });

  test('say whose each file is', () => {
    app('a', { 'prod/shop': ['api'] });
    tierwall('a', 'synth');
    expect(text('prod/shop/tierwall-api.yaml')).toMatch(/^# Written by tierwall synth for `a`\. Do not edit: /);
  });

  test('have namespaces of one environment, which lists those of all', () => {
    app('a', { 'prod/shop': ['api'] });
    app('b', { 'prod/bank': ['db'] });
    tierwall('b', 'synth');
    tierwall('a', 'synth');
    expect(listed('prod')).toBe('- bank\n- shop\n');
    for (const name of ['a', 'b']) expect(tierwall(name, 'synth', '--check').status).toBe(0);
    // The last of an app in an environment: the list stays for the others.
    app('a', { 'other/late': ['api'], 'prod/shop': ['api'] });
    tierwall('a', 'synth');
    app('a', { 'other/late': ['api'] });
    expect(tierwall('a', 'synth').stdout).toContain('warning: namespace prod/shop loses its default deny');
    expect(listed('prod')).toBe('- bank\n');
    expect(network()).toEqual(['other/late/tierwall-api.yaml', 'prod/bank/tierwall-db.yaml']);
  });

  test('cannot both declare a namespace: that is a mistake which names both, the file and what to do', () => {
    app('a', { 'prod/shop': ['api'] });
    app('b', { 'prod/shop': ['db'], 'prod/bank': ['db'] });
    tierwall('a', 'synth');
    for (const mode of [[], ['--check']]) {
      const { status, stderr } = tierwall('b', 'synth', ...mode);
      expect(status).toBe(2);
      expect(stderr).toContain(
        'network/prod/shop/kustomization.yaml: `prod/shop/kustomization.yaml` was written for app `a`, and app `b` gives it too; let one app declare `prod/shop`, or give each a folder of its own; if it was written for this app before it got another name, delete that folder\n1 problem; nothing was written\n',
      );
    }
    expect(network()).toEqual(['prod/shop/tierwall-api.yaml']);
  });

  test('may move to another folder: the name goes with the settings', () => {
    app('a', { 'prod/shop': ['api', 'old'] });
    tierwall('a', 'synth');
    app('moved', { 'prod/shop': ['api'] }, 'name: a');
    expect(tierwall('moved', 'synth').stdout).toContain('removed  ../../network/prod/shop/tierwall-old.yaml');
  });

  test('are all there after they were written at the same time', async () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) app(name, { [`prod/${name}`]: ['api'] });
    const codes = names.map((name) => {
      const child = spawn(process.execPath, [main, 'synth'], { cwd: join(repository, 'apps', name), stdio: 'ignore' });
      return new Promise((done) => child.on('close', done));
    });
    expect(await Promise.all(codes)).toEqual([0, 0, 0, 0]);
    expect(network()).toEqual(names.map((name) => `prod/${name}/tierwall-api.yaml`));
    expect(listed('prod')).toBe('- a\n- b\n- c\n- d\n');
    expect(readdirSync(repository).sort()).toEqual(['apps', 'network']);
  });

  test('go on where a run was killed that had the folder', () => {
    app('a', { 'prod/shop': ['api'] });
    mkdirSync(join(repository, 'network.tierwall-lock'));
    writeFileSync(join(repository, 'network.tierwall-lock/999999999'), '');
    expect(tierwall('a', 'synth').status).toBe(0);
    expect(readdirSync(repository).sort()).toEqual(['apps', 'network']);
  });

  test('have each their own change told, and pass `check`', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: repository });
    app('a', { 'prod/shop': ['api'] });
    app('b', { 'prod/bank': ['db'], 'test/bank-test': ['db'] });
    // Elsewhere the namespace of another app may be called the same.
    app('c', { 'lab/shop': ['lab'] });
    for (const name of ['a', 'b', 'c']) tierwall(name, 'synth');
    writeFileSync(join(repository, 'network/own.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\n');
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'begin');
    for (const [name, others] of [
      ['a', /bank|lab\/shop/],
      ['b', /shop/],
      ['c', /bank|prod\/shop/],
    ] as const) {
      expect(tierwall(name, 'diff', 'HEAD').stdout).toContain('no change');
      const { status, stdout } = tierwall(name, 'check');
      expect(stdout).not.toMatch(others);
      expect(status).toBe(0);
    }
    app('b', { 'prod/bank': ['db'] });
    tierwall('b', 'synth');
    expect(tierwall('b', 'diff', 'HEAD').stdout).toContain('bank-test');
    expect(tierwall('a', 'diff', 'HEAD').stdout).toContain('no change');
  });
});

describe('an app that gets a name', () => {
  test('keeps what it wrote before, where it says the same', () => {
    app('a', { 'prod/shop': ['api', 'old'] }, 'cni: calico');
    tierwall('a', 'synth');
    app('a', { 'prod/shop': ['api', 'old'] });
    expect(tierwall('a', 'synth').status).toBe(0);
    app('a', { 'prod/shop': ['api'] });
    tierwall('a', 'synth');
    expect(network()).toEqual(['prod/shop/tierwall-api.yaml']);
  });

  test('overwrites nothing of an app without one', () => {
    app('a', { 'prod/shop': ['api'] }, 'cni: calico');
    tierwall('a', 'synth');
    app('b', { 'prod/shop': ['db'] });
    const { status, stderr } = tierwall('b', 'synth');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('was written for an app without a name, and app `b` gives it too'),
    ]);
    expect(network()).toEqual(['prod/shop/tierwall-api.yaml']);
  });
});

describe('an app without a name', () => {
  test.for([
    ['other environments', 'prod-b/bank'],
    ['other namespaces', 'prod/bank'],
    ['other services', 'prod/shop'],
  ] as const)('removes nothing from a folder around it, which others may share: %s', ([, namespace]) => {
    app('a', { 'prod/shop': ['api'] }, 'cni: calico');
    app('b', { [namespace]: ['db'] }, 'cni: calico');
    tierwall('a', 'synth');
    const before = network();
    const { status, stderr } = tierwall('b', 'synth');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /network: `prod\/shop(\/tierwall-api\.yaml)?` would be removed, and may be another app's; if it is, give each of the two a `name` of its own in its settings, or a folder; if this app wrote it, delete it by hand\n1 problem; nothing was written\n$/,
    );
    expect(network()).toEqual(before);
    rmSync(join(repository, 'network', 'prod/shop'), { recursive: true });
    expect(tierwall('b', 'synth').status).toBe(0);
    expect(network()).toEqual([`${namespace}/tierwall-db.yaml`]);
  });

  test('removes nothing from its own folder either, where nothing of it is there', () => {
    app('a', { 'prod/shop': ['api'] });
    writeFileSync(join(repository, 'apps/a/cdk8s.yaml'), 'app: node main.js\n');
    tierwall('a', 'synth');
    app('other', { 'prod/bank': ['db'] });
    const { status, stderr } = tierwall('a', 'synth', '--app', 'node ../other/main.js');
    expect([status, stderr]).toEqual([2, expect.stringContaining('`prod/shop` would be removed')]);
    expect(existsSync(join(repository, 'apps/a/policies/prod/shop/tierwall-api.yaml'))).toBe(true);
  });

  test('has what it no longer gives removed from its own folder, also after that moved', () => {
    app('a', { 'prod/shop': ['api'], 'prod/bank': ['db'] });
    writeFileSync(join(repository, 'apps/a/cdk8s.yaml'), 'app: node main.js\n');
    tierwall('a', 'synth');
    renameSync(join(repository, 'apps/a'), join(repository, 'apps/moved'));
    app('moved', { 'prod/shop': ['api'] });
    writeFileSync(join(repository, 'apps/moved/cdk8s.yaml'), 'app: node main.js\n');
    expect(tierwall('moved', 'synth').stdout).toContain('removed  policies/prod/bank/tierwall-db.yaml\n');
  });
});
