import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { Environment, Namespace, Service } from 'tierwall';
import { describe, expect, test } from 'vitest';
import { handoverOf } from '../../lib/constructs/handover';
import { filesIn, root } from '../support/installed-project';

const main = join(root, 'dist/cli/main.js');

/**
 * Loaded into `tierwall synth`, this counts what it does to the output folder and to what lies beside it. At the step KILL_AT it
 * kills the process: before the step, or halfway through it (a file half written, a folder half removed).
 */
const killer = `const fs = require('node:fs');
const { KILL_AT, KILL_WHEN, WITHIN, STEPS } = process.env;
let steps = 0;
const half = {
  writeFileSync: (write, path, text) => write(path, text.slice(0, text.length / 2)),
  rmSync: (remove, path, options) => {
    const [first] = fs.existsSync(path) ? fs.readdirSync(path) : [];
    if (first !== undefined) remove(path + '/' + first, options);
  },
};
for (const name of ['writeFileSync', 'rmSync', 'renameSync', 'mkdirSync', 'linkSync', 'symlinkSync', 'copyFileSync']) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (!args.some((arg) => String(arg).startsWith(WITHIN))) return original(...args);
    steps++;
    if (STEPS) fs.appendFileSync(STEPS, 'x');
    if (steps === Number(KILL_AT)) {
      if (KILL_WHEN === 'halfway') half[name]?.(original, ...args);
      process.kill(process.pid, 'SIGKILL');
    }
    return original(...args);
  };
}
`;

/** What an app with these services hands over, so that an app is as quick as copying a file. */
function handover(services: readonly string[]): string {
  const app = Testing.app();
  const environment = new Environment(app, 'prod');
  for (const name of ['bank', 'shop']) {
    const namespace = new Namespace(environment, name);
    const caller = new Service(namespace, 'caller');
    for (const service of services) new Service(namespace, service, { ports: { http: 80 } }).allowFrom(caller);
  }
  return JSON.stringify(handoverOf(app));
}

/** Old and new output share files, and each has files and contents that the other has not. */
function makeTemplate(oldServices: readonly string[], newServices: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'interrupt-'));
  writeFileSync(join(folder, 'killer.cjs'), killer);
  writeFileSync(join(folder, 'old.json'), handover(oldServices));
  writeFileSync(join(folder, 'new.json'), handover(newServices));
  synth(folder, 'old');
  writeFileSync(join(folder, 'policies/prod/shop/notes.md'), 'mine');
  writeFileSync(join(folder, 'policies/own.yaml'), 'kind: ConfigMap\n');
  symlinkSync('own.yaml', join(folder, 'policies/link'));
  return folder;
}

const args = (version: 'old' | 'new') => ['synth', '--app', `cp ${version}.json "$TIERWALL_HANDOVER/handover.json"`];

function synth(cwd: string, version: 'old' | 'new', env: NodeJS.ProcessEnv = {}) {
  const node = env['WITHIN'] ? ['--require', join(cwd, 'killer.cjs')] : [];
  const command = [...node, main, ...args(version)];
  return spawnSync(process.execPath, command, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
}

/** Every path of the output with what is there; undefined if there is no folder. */
function output(project: string): Record<string, string> | undefined {
  const folder = join(project, 'policies');
  if (!lstatSync(folder, { throwIfNoEntry: false })) return undefined;
  const content = (path: string) =>
    lstatSync(path).isSymbolicLink() ? `-> ${readlinkSync(path)}` : readFileSync(path, 'utf8');
  return Object.fromEntries(filesIn(folder).map((path) => [path, content(join(folder, path))]));
}

function copyOf(template: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'interrupted-'));
  cpSync(template, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const leftovers = (project: string) => readdirSync(project).filter((name) => name.startsWith('policies.'));

describe('`tierwall synth`, killed', () => {
  const template = makeTemplate(['api', 'gone', 'same'], ['api2', 'more', 'same']);
  const before = output(template);
  const whole = copyOf(template);
  const steps = join(whole, 'steps');
  synth(whole, 'new', { WITHIN: join(whole, 'policies'), STEPS: steps });
  const after = output(whole);
  const count = readFileSync(steps, 'utf8').length;

  test('has something to interrupt', () => {
    expect(count).toBeGreaterThan(25);
    expect(before).not.toEqual(after);
    expect(after).toMatchObject({ link: '-> own.yaml', 'own.yaml': 'kind: ConfigMap\n', 'prod/shop/notes.md': 'mine' });
  });

  test.for([['before'], ['halfway through']] as const)(
    '%s any of its steps leaves the old output or the new, and the next synth cleans up',
    ([when]) => {
      const seen = { old: 0, new: 0, between: 0 };
      for (let step = 1; step <= count; step++) {
        const project = copyOf(template);
        const killed = synth(project, 'new', {
          WITHIN: join(project, 'policies'),
          KILL_AT: `${step}`,
          KILL_WHEN: when === 'before' ? 'before' : 'halfway',
        });
        expect(killed.signal).toBe('SIGKILL');

        // Between its two renames there is no output, and the old one lies whole beside it.
        const left = output(project);
        const state = left === undefined ? 'between' : 'prod/shop/tierwall-more.yaml' in left ? 'new' : 'old';
        seen[state]++;
        if (left) expect(left, `killed at step ${step}`).toEqual(state === 'new' ? after : before);

        const version = step % 2 === 0 ? 'new' : 'old';
        expect(synth(project, version)).toMatchObject({ status: 0, stderr: '' });
        expect(output(project), `after step ${step}`).toEqual(version === 'new' ? after : before);
        expect(leftovers(project)).toEqual([]);
        rmSync(project, { recursive: true });
      }
      // Then the old one is removed, and the lock.
      expect(seen).toEqual({ old: count - 5, between: 1, new: 4 });
    },
  );

  test('at any time leaves the old output or the new', async () => {
    const services = Array.from({ length: 300 }, (_, n) => `service-${n}`);
    const large = makeTemplate([...services, 'gone'], [...services, 'more']);
    const old = output(large);
    const complete = copyOf(large);
    const start = performance.now();
    synth(complete, 'new');
    const time = performance.now() - start;
    const fresh = output(complete);
    const project = copyOf(large);
    for (let n = 1; n <= 20; n++) {
      const child = spawn(process.execPath, [main, ...args('new')], { cwd: project, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      // Most of the time goes by before the first file is written.
      await pause(time * (0.5 + n / 40));
      child.kill('SIGKILL');
      await ended;
      const left = output(project);
      if (left) expect(left).toEqual('prod/shop/tierwall-more.yaml' in left ? fresh : old);
      synth(project, 'old');
      expect(output(project)).toEqual(old);
      expect(leftovers(project)).toEqual([]);
    }
  });

  test('in a container, where the next process has the same id, is cleaned up all the same', () => {
    const project = copyOf(template);
    const renamePid = `const { renameSync, existsSync } = require('node:fs');
for (const kind of ['old', 'new']) {
  const left = '${join(project, 'policies')}.tierwall-' + kind + '-';
  if (existsSync(left + 'PID')) renameSync(left + 'PID', left + process.pid);
}
`;
    writeFileSync(join(project, 'killer.cjs'), renamePid);
    for (const kind of ['old', 'new']) {
      mkdirSync(join(project, `policies.tierwall-${kind}-PID/prod`), { recursive: true });
      writeFileSync(join(project, `policies.tierwall-${kind}-PID/prod/half.yaml`), '');
    }
    expect(synth(project, 'new', { WITHIN: 'nothing' })).toMatchObject({ status: 0, stderr: '' });
    expect(output(project)).toEqual(after);
    expect(leftovers(project)).toEqual([]);
  });
});

test('`tierwall synth`, interrupted while the app runs, ends the app, writes nothing and exits with 130', async () => {
  const project = makeTemplate(['api'], ['api2']);
  const before = output(project);
  writeFileSync(join(project, 'app.cjs'), "setInterval(() => require('node:fs').appendFileSync('alive', 'x'), 20);\n");
  const command = [main, 'synth', '--app', 'node app.cjs'];
  const child = spawn(process.execPath, command, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const alive = join(project, 'alive');
  while (!existsSync(alive)) await pause(20);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  const { size } = statSync(alive);
  await pause(200);
  expect(statSync(alive).size).toBe(size);
  expect(output(project)).toEqual(before);
  expect(leftovers(project)).toEqual([]);
});
