import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { init } from '../../lib/init/init';
import { root } from '../support/installed-project';

const main = join(root, 'dist/cli/main.js');
const temporary = () => mkdtempSync(join(tmpdir(), 'staged-'));

/** The app finds what it needs among its modules, and its services in a file beside it. */
const program = `const { App } = require('cdk8s');
const { Environment, Namespace, Service } = require('tierwall');
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const services = Object.fromEntries(['api', 'db'].map((name) => [name, new Service(shop, name, { ports: { http: 80 } })]));
require('./intents.js')(services);
app.synth();
`;
const intents = (line: string) => `module.exports = ({ api, db }) => { ${line} };\n`;
const declared = intents('db.allowFrom(api);');
const more = intents('db.allowFrom(api); api.allowFrom(db);');

/** What \`npx tierwall\` runs in a hook here. */
const commands = temporary();
writeFileSync(join(commands, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
const env = {
  ...process.env,
  PATH: `${commands}:${process.env['PATH']}`,
  ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b.c', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b.c' },
};

let top = '';
let folder = '';

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env });
  return { status, printed: stdout + stderr };
}
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env });
const tierwall = (...args: string[]) => run(process.execPath, main, ...args);
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
/** Each word, and the verdict on the committed output. */
const outputStep = (printed: string) => /^. committed output/m.exec(printed)?.[0] ?? printed;

/** An app in a folder of a repository, with modules that are not in git, all of it committed. */
beforeEach(() => {
  top = temporary();
  folder = join(top, 'team/network');
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const [name, target] of [
    ['cdk8s', join(root, 'node_modules/cdk8s')],
    ['tierwall', root],
  ] as const) {
    mkdirSync(join(modules, name));
    writeFileSync(join(modules, name, 'index.js'), `module.exports = require(${JSON.stringify(target)});\n`);
  }
  write('.gitignore', 'node_modules\n*.sarif\n');
  write('main.js', program);
  write('intents.js', declared);
  write('cdk8s.yaml', 'app: node main.js\ntierwall: {}\n');
  tierwall('synth');
  git('init', '-q', '-b', 'main', top);
  git('add', '-A');
  git('commit', '-q', '-m', 'begin');
});

describe('tierwall check --staged', () => {
  test('fails for what is staged, though the working tree has it right', () => {
    write('intents.js', more);
    git('add', '-A');
    write('intents.js', declared);
    const before = git('status', '--porcelain');
    expect(outputStep(tierwall('check').printed)).toBe('✓ committed output');
    const { status, printed } = tierwall('check', '--staged', '--sarif', 'a.sarif');
    expect([status, outputStep(printed)]).toEqual([1, '✗ committed output']);
    expect(printed).toContain('policies/prod/shop/tierwall-api.yaml');
    expect(readFileSync(join(folder, 'a.sarif'), 'utf8')).toContain(
      '"team/network/policies/prod/shop/tierwall-api.yaml"',
    );
    expect(git('status', '--porcelain')).toBe(before);
    expect(readFileSync(join(folder, 'intents.js'), 'utf8')).toBe(declared);
  });

  test('passes for what is staged, though the working tree goes on, and leaves nothing behind', () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tierwall-staged-'));
    const before = left();
    write('intents.js', more);
    expect(outputStep(tierwall('check').printed)).toBe('✗ committed output');
    const { status, printed } = tierwall('check', '--staged');
    expect([status, outputStep(printed)]).toEqual([0, '✓ committed output']);
    expect(printed).toContain('no change in meaning');
    expect(left()).toEqual(before);
  });

  test('finds what only an untracked file holds missing', () => {
    write('other.js', more);
    write('intents.js', "module.exports = require('./other.js');\n");
    tierwall('synth');
    git('add', 'intents.js', 'policies');
    const { status, printed } = tierwall('check', '--staged');
    expect([status, printed]).toEqual([2, expect.stringContaining("Cannot find module './other.js'")]);
    git('config', 'status.showUntrackedFiles', 'no');
    expect(tierwall('check', '--staged').status).toBe(2);
  });

  test('names files whose conflicts are not resolved, of which nothing is staged', () => {
    git('switch', '-q', '-c', 'other');
    write('intents.js', more);
    git('commit', '-q', '-a', '-m', 'other');
    git('switch', '-q', 'main');
    write('intents.js', intents('api.allowFrom(db);'));
    git('commit', '-q', '-a', '-m', 'one');
    expect(run('git', 'merge', 'other').status).toBe(1);
    const { status, printed } = tierwall('check', '--staged');
    expect([status, printed]).toEqual([2, expect.stringContaining('`team/network/intents.js` has conflicts')]);
  });

  test('checks the folder itself where all is staged', () => {
    write('intents.js', more);
    tierwall('synth');
    git('add', '-A');
    expect(outputStep(tierwall('check', '--staged').printed)).toBe('✓ committed output');
  });

  test('tells an app that is not staged by that, and not by the place where it looks', () => {
    git('rm', '-q', '--cached', 'cdk8s.yaml');
    const { status, printed } = tierwall('check', '--staged');
    expect([status, printed]).toEqual([2, expect.stringContaining('error: there is no app in what is staged here; ')]);
  });

  test('is refused outside of a repository', () => {
    folder = temporary();
    expect(tierwall('check', '--staged')).toEqual({
      status: 2,
      printed: expect.stringContaining('`--staged` is given, and there is no git repository here'),
    });
  });
});

describe('the hook that init writes', () => {
  const commit = (...args: string[]) => run('git', 'commit', '-q', '-m', 'change', ...args);

  beforeEach(() => {
    const hooks = init(folder, {}, []).next.at(-1)!.command;
    expect(run('sh', '-c', hooks).status).toBe(0);
  });

  test('lets a commit in by what is staged', () => {
    write('intents.js', more);
    git('add', '-A');
    write('intents.js', declared);
    expect(commit()).toEqual({ status: 1, printed: expect.stringContaining('✗ committed output') });
    git('restore', '--staged', 'intents.js');
    write('intents.js', more);
    expect(commit().status).toBe(0);
    expect(git('status', '--porcelain', 'intents.js')).toBe(' M team/network/intents.js\n');
  });

  test('judges `commit -a` and a commit of some files by what these will be', () => {
    write('intents.js', more);
    expect(commit('-a').status).toBe(1);
    expect(commit('intents.js').status).toBe(1);
    tierwall('synth');
    expect(commit('intents.js', 'policies').status).toBe(0);
  });

  test('works in a linked worktree', () => {
    git('add', '-A');
    commit('--no-verify');
    const linked = join(temporary(), 'linked');
    git('worktree', 'add', '-q', '-b', 'other', linked);
    execFileSync('cp', ['-r', join(folder, 'node_modules'), join(linked, 'team/network/node_modules')]);
    folder = join(linked, 'team/network');
    write('intents.js', more);
    git('add', 'intents.js');
    write('intents.js', declared);
    expect(commit()).toEqual({ status: 1, printed: expect.stringContaining('✗ committed output') });
  });
});
