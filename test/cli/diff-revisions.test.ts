import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiffListing } from '../../lib/model/diff-listing';
import { diffOfClustersSchema } from '../../lib/render/schema/diff-schema';
import { schemaErrors } from '../support/json-schema';

const root = resolve(__dirname, '../..');
const cli = join(root, 'dist/cli/main.js');
const repository = mkdtempSync(join(tmpdir(), 'diff-revisions-'));
/** Of the commands alone, so that nobody else's folders are seen in it. */
const temporary = mkdtempSync(join(tmpdir(), 'diff-temporary-'));
/** The app is in a folder of its own, below the lock file and the modules. */
const folder = join(repository, 'shop');
afterAll(() => rmSync(repository, { recursive: true, force: true }));

function tierwall(...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1', SOURCE_DATE_EPOCH: '1700000000', TMPDIR: temporary };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: repository,
    encoding: 'utf8',
    stdio: 'pipe',
  });

const app = (access: string) => `const { App } = require('cdk8s');
const { Environment, Namespace, Never, Peer, Service } = require('tierwall');
const app = new App();
const prod = new Environment(app, 'prod');
const shop = new Namespace(prod, 'shop', { team: 'storefront' });
const bank = new Namespace(prod, 'bank', { team: 'payments' });
const web = new Service(shop, 'web', { ports: { http: 8080 } });
const cart = new Service(shop, 'cart', { ports: { grpc: 7070 } });
const api = new Service(bank, 'api', { ports: { tls: 8443 } });
cart.allowFrom(web);
${access}
app.synth();
`;

const commit = (access: string, message: string) => {
  writeFileSync(join(folder, 'main.js'), app(access));
  expect(tierwall('synth', '--no-proof').status).toBe(0);
  git('add', '.');
  git('commit', '-q', '-m', message);
};

beforeAll(() => {
  mkdirSync(join(repository, 'node_modules', 'tierwall'), { recursive: true });
  mkdirSync(folder);
  cpSync(join(root, 'package.json'), join(repository, 'node_modules/tierwall/package.json'));
  for (const name of ['cdk8s', 'constructs', 'js-yaml', '@jridgewell']) {
    symlinkSync(join(root, 'node_modules', name), join(repository, 'node_modules', name));
  }
  symlinkSync(join(root, 'dist'), join(repository, 'node_modules/tierwall/dist'));
  writeFileSync(join(repository, '.gitignore'), 'node_modules\n');
  writeFileSync(join(repository, 'package-lock.json'), '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n');
  writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\n');
  git('init', '-q', '-b', 'main');
  commit("new Never(bank, 'apart', { from: shop, to: bank });", 'before');
  git('checkout', '-q', '-b', 'branch');
  commit(
    "api.allowFrom(cart, { because: 'charges' });\nweb.allowTo(Peer.internet(), { ports: [443], because: 'crawling' });",
    'after',
  );
  git('checkout', '-q', 'main');
  commit("new Never(bank, 'apart', { from: shop, to: bank });\nweb.allowFrom(cart);", 'meanwhile');
  git('checkout', '-q', 'branch');
});

/** What a comparison must not touch. */
const state = () => [git('status', '--porcelain'), git('worktree', 'list').split('\n').length, git('branch', '--list')];

describe('tierwall diff of revisions', () => {
  test('compares the committed output of an app, from where the branch began', () => {
    const { status, stdout, stderr } = tierwall('diff', 'main...branch');
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(
      /by bank\/tierwall-api ingress\[0\] \(branch:shop\/policies\/prod\/bank\/tierwall-api\.yaml:\d+\)/,
    );
    // With the pods that the app has.
    expect(stdout).toMatch(/\+ shop\/cart → bank\/api +8443\/TCP/);
    // What main has since is no change of the branch.
    expect(stdout).not.toContain('tierwall-web ingress');
    expect(tierwall('diff', 'main..branch').stdout).toContain('tierwall-web ingress');
  });

  test.for([['by committed output'], ['by both apps', '--synth']])(
    'tells a service that is in another namespace as one that moved, %s',
    ([, ...flags]) => {
      const file = join(folder, 'main.js');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace("new Service(shop, 'cart'", "new Service(bank, 'cart'"));
      try {
        const outputs = ['txt', 'md'].map((output) => tierwall('diff', 'HEAD', ...flags, '-o', output).stdout);
        for (const output of outputs) {
          expect(output).toContain('shop/cart is now in bank: what is let through to and from it is as before\n');
          expect(output).toContain('1 workload in another namespace');
        }
        expect(outputs[0]).toMatch(/\+ shop\/web +→ bank\/cart +7070\/TCP/);
      } finally {
        writeFileSync(file, text);
      }
    },
  );

  test('runs the app of both revisions when asked, names lines of the code, and touches nothing', () => {
    const before = state();
    const { status, stdout, stderr } = tierwall(
      'diff',
      'main...branch',
      '--synth',
      '--fail-on',
      'cross-team,guarantee-lost',
    );
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain(
      '+ shop/cart → bank/api             8443/TCP\n      by bank/tierwall-api ingress[0] (branch:main.js:11)',
    );
    expect(stdout).toContain('(branch:main.js:12)');
    expect(stdout).toContain('prod/bank/apart: gone; before: never from prod/shop to prod/bank');
    expect(stdout).toContain('fails on cross-team (1)');
    expect(stdout).toContain('fails on guarantee-lost (1)');
    expect(state()).toEqual(before);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('compares the working tree with a revision, and what a path names', () => {
    expect(tierwall('diff', 'branch')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^no change in meaning/),
    });
    expect(tierwall('diff', 'main...branch', 'policies/prod/shop').stdout).not.toContain('tierwall-api');
  });

  test('compares what the code gives now with what was committed, whether or not it was written out', () => {
    const old = readFileSync(join(folder, 'main.js'), 'utf8');
    writeFileSync(join(folder, 'main.js'), app('api.allowFrom(web);'));
    const { status, stdout } = tierwall('diff', 'HEAD');
    expect(status).toBe(1);
    expect(stdout).toMatch(/\+ shop\/web +→ bank\/api +8443\/TCP\n +by bank\/tierwall-api ingress\[0\] \(main.js:11\)/);
    const committed = tierwall('diff', 'main...HEAD').stdout;
    expect(committed).toContain('note: `policies` is compared as it was committed, and is not what the code gives');
    writeFileSync(join(folder, 'main.js'), 'process.exit(1)');
    expect(tierwall('diff', 'HEAD')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('or name its output, as `tierwall diff main policies`'),
    });
    const { stdout: blind } = tierwall('diff', 'main...HEAD');
    expect(blind).toContain('note: only what could exist is compared, since the pods are not known: the app');
    expect(blind).toContain('by bank/tierwall-api ingress[0]');
    writeFileSync(join(folder, 'main.js'), old);
  });

  test('says that committed output holds no guarantees, and runs the apps for whoever fails on lost ones', () => {
    expect(tierwall('diff', 'main...branch').stdout).toContain(
      'note: guarantees (Never) are compared with `--synth` alone',
    );
    const asked = tierwall('diff', 'main...branch', '--fail-on', 'guarantee-lost');
    expect([asked.status, asked.stdout]).toEqual([1, expect.stringContaining('fails on guarantee-lost (1)')]);
  });

  test('compares the app in the folder that is named', () => {
    const { stdout } = spawnSync(process.execPath, [cli, 'diff', 'main...branch', 'shop'], {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', SOURCE_DATE_EPOCH: '1700000000' },
    });
    expect(stdout).toMatch(
      /\+ shop\/cart → bank\/api +8443\/TCP\n +by bank\/tierwall-api ingress\[0\] \(branch:shop\/policies/,
    );
  });

  test('tells of an app of several clusters one verdict, then each of them', () => {
    const old = readFileSync(join(folder, 'main.js'), 'utf8');
    const other = `const us = new Service(new Namespace(new Environment(app, 'us', { cluster: 'us' }), 'lab'), 'a', { ports: { x: 1 } });`;
    writeFileSync(join(folder, 'main.js'), old.replace('app.synth()', `${other}\napp.synth()`));
    const { status, stdout } = tierwall('diff', 'HEAD');
    expect(status).toBe(1);
    expect(stdout.split('\n')[0]).toBe('2 clusters: the meaning changes in us; no change in meaning in default');
    expect(stdout).toContain('\ncluster default: no change in meaning');
    expect(stdout).toContain('\ncluster us: different: ');
    const json = JSON.parse(tierwall('diff', 'HEAD', '-o', 'json').stdout);
    expect(schemaErrors(diffOfClustersSchema, json)).toEqual([]);
    expect(json.clusters.map(({ cluster, verdict }: DiffListing) => [cluster, verdict])).toEqual([
      ['default', 'equal'],
      ['us', 'different'],
    ]);
    const md = tierwall('diff', 'HEAD', '-o', 'md').stdout;
    expect(md.match(/^#+ .*$/gm)).toEqual([
      '### Network: 2 clusters',
      '#### Network, cluster default: no change in meaning',
      '#### Network, cluster us: the meaning changes',
    ]);
    expect(tierwall('diff', 'HEAD', '--app-cluster', 'default').stdout).toMatch(/^no change in meaning/);
    expect(tierwall('diff', 'HEAD', '-o', 'dot').stderr).toContain('name one with `--app-cluster`: default, us');
    writeFileSync(join(folder, 'main.js'), old);
  });

  test('takes a folder with an app for what the app declares', () => {
    const other = join(repository, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'cdk8s.yaml'), readFileSync(join(folder, 'cdk8s.yaml')));
    writeFileSync(join(other, 'main.js'), app('web.allowFrom(cart);'));
    const { stdout } = tierwall('diff', '../other', '.');
    expect(stdout).toContain('no longer by shop/tierwall-web ingress[0] (../other/main.js:11)');
    expect(stdout).toContain('by bank/tierwall-api ingress[0] (main.js:11)');
    rmSync(other, { recursive: true });
  });

  test('installs the dependencies of a revision that has another lock file, and says where that fails', () => {
    writeFileSync(join(repository, 'package-lock.json'), 'another one');
    const { status, stderr } = tierwall('diff', 'main...branch', '--synth');
    git('checkout', '-q', 'package-lock.json');
    expect(status).toBe(2);
    expect(stderr).toContain('installing the dependencies of the revision: npm ci --ignore-scripts');
    expect(stderr).toContain('without `--synth` the output that was committed is compared');
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('says what is no revision', () => {
    expect(tierwall('diff', 'master...HEAD').stderr).toContain(
      'there is no `master`, neither as a path nor as a git revision',
    );
    expect(tierwall('diff', 'nothing').status).toBe(2);
    expect(tierwall('diff', '../nowhere').stderr).toContain('there is no `../nowhere`');
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });
});

describe('tierwall diff of revisions with dependencies of their own', () => {
  /** Its packages are folders of the repository, so that installing them takes no network. */
  const own = mkdtempSync(join(tmpdir(), 'diff-dependencies-'));
  afterAll(() => rmSync(own, { recursive: true, force: true }));
  const run = (command: string, ...args: string[]) => {
    const env = { ...process.env, NO_COLOR: '1', SOURCE_DATE_EPOCH: '1700000000', npm_config_offline: 'true' };
    return spawnSync(command, args, { cwd: own, encoding: 'utf8', env });
  };
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(own, file)), { recursive: true });
    writeFileSync(join(own, file), text);
  };
  const packed = (name: string, folder: string, code: string) => {
    write(`${folder}/package.json`, JSON.stringify({ name, version: '1.0.0' }));
    write(`${folder}/index.js`, code);
  };
  /** With the ports that the package of that folder has. */
  const install = (ports: string) => {
    const dependencies = {
      tierwall: 'file:vendor/tierwall',
      cdk8s: 'file:vendor/cdk8s',
      ports: `file:vendor/${ports}`,
    };
    write('package.json', JSON.stringify({ name: 'shop', version: '1.0.0', dependencies }));
    expect(run('npm', 'install', '--no-audit', '--no-fund')).toMatchObject({ status: 0 });
  };
  const commitAll = () => {
    const git = (...args: string[]) => run('git', '-c', 'user.name=a', '-c', 'user.email=a@b', ...args);
    git('init', '-q', '-b', 'main');
    git('add', '.');
    expect(git('commit', '-q', '-m', 'one').status).toBe(0);
  };

  beforeAll(() => {
    packed('tierwall', 'vendor/tierwall', `module.exports = require(${JSON.stringify(join(root, 'dist'))});`);
    packed('cdk8s', 'vendor/cdk8s', `module.exports = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});`);
    packed('ports', 'vendor/old-ports', 'module.exports = { http: 8080 };');
    packed('ports', 'vendor/new-ports', 'module.exports = { http: 9090 };');
    write('.gitignore', 'node_modules\n');
    write('cdk8s.yaml', 'app: node main.js\n');
    write(
      'main.js',
      app('').replace('{ http: 8080 }', "require('ports')").replace('cart.allowFrom(web)', 'web.allowFrom(cart)'),
    );
    install('old-ports');
    commitAll();
    install('new-ports');
  });

  test('runs the old code with the modules that its lock file names, and leaves those of the working tree', () => {
    const { status, stdout, stderr } = run(process.execPath, cli, 'diff', 'HEAD', '--synth');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('installing the dependencies of the revision: npm ci'),
    ]);
    expect(stdout).toMatch(/~ shop\/cart → shop\/web +\+9090\/TCP -8080\/TCP\n/);
    expect(run('git', 'status', '--porcelain').stdout).toBe(' M package-lock.json\n M package.json\n');
    expect(realpathSync(join(own, 'node_modules/ports'))).toBe(realpathSync(join(own, 'vendor/new-ports')));
  });

  test('says what cannot be installed without a network, and compares nothing else in its place', () => {
    const lock = readFileSync(join(own, 'package-lock.json'), 'utf8');
    commitAll();
    const text = JSON.stringify({ name: 'shop', version: '1.0.0', dependencies: { 'is-nowhere': '1.0.0' } });
    write('package.json', text);
    const missing = { version: '1.0.0', resolved: 'https://registry.invalid/is-nowhere-1.0.0.tgz' };
    write(
      'package-lock.json',
      JSON.stringify({
        name: 'shop',
        version: '1.0.0',
        lockfileVersion: 3,
        packages: { '': JSON.parse(text), 'node_modules/is-nowhere': missing },
      }),
    );
    commitAll();
    write('package-lock.json', lock);
    const { status, stdout, stderr } = run(process.execPath, cli, 'diff', 'HEAD', '--synth');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('the dependencies of the revision cannot be installed: `npm ci');
    expect(stderr).toContain('ENOTCACHED');
  });
});
