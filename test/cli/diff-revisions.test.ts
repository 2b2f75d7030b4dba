import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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
      /by bank\/tierwall-api ingress\[0\] \(branch:\.\/policies\/prod\/bank\/tierwall-api\.yaml:\d+\)/,
    );
    // What main has since is no change of the branch.
    expect(stdout).not.toContain('tierwall-web ingress');
    expect(tierwall('diff', 'main..branch').stdout).toContain('tierwall-web ingress');
  });

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
