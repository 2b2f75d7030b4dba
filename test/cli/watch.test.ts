import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');

const app = (ports: string) => `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
new Service(shop, 'api', { ports: ${ports} }).allowFrom(new Service(shop, 'caller'));
app.synth();
`;

let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});

/** `tierwall synth --watch` in a folder of its own, with what it has printed so far. */
function watch(files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'watch-'));
  const project = join(folder, 'project');
  const temporary = join(folder, 'tmp');
  mkdirSync(project);
  mkdirSync(temporary);
  const write = (path: string, text: string) => writeFileSync(join(project, path), text);
  write('main.js', app('{ http: 80 }'));
  write('cdk8s.yaml', 'app: node main.js\n');
  for (const [path, text] of Object.entries(files)) write(path, text);

  const started = spawn(process.execPath, [main, 'synth', '--watch'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary },
  });
  child = started;
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    started.on('close', (code, signal) => done(code ?? signal)),
  );
  let printed = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }

  /** Waits until the text is printed, and forgets what was printed up to it. */
  const printing = async (text: string) => {
    const until = Date.now() + 15_000;
    while (!printed.includes(text)) {
      if (Date.now() > until) throw new Error(`\`${text}\` was not printed, but:\n${printed}`);
      await pause(20);
    }
    printed = printed.slice(printed.indexOf(text) + text.length);
  };
  const policy = () => readFileSync(join(project, 'policies/prod/shop/tierwall-api.yaml'), 'utf8');
  const stop = (signal: NodeJS.Signals) => {
    started.kill(signal);
    return ended;
  };
  return { project, temporary, write, printing, policy, stop, printed: () => printed };
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const synthesized = 'policies: 3 policies for 2 services and 1 intent';

describe('tierwall synth --watch', () => {
  test('writes at once, and again whenever a file changes, also one that is new', async () => {
    const { write, printing, policy } = watch();
    await printing(synthesized);
    expect(policy()).toContain('port: 80\n');

    write('main.js', app('{ http: 81 }'));
    await printing('rewrote  policies/prod/shop/tierwall-api.yaml');
    await printing(synthesized);
    expect(policy()).toContain('port: 81\n');

    write('main.js', app("require('./ports.js')"));
    await printing("Cannot find module './ports.js'");
    await printing('1 problem; nothing was written');
    write('ports.js', 'module.exports = { http: 82 };\n');
    await printing(synthesized);
    expect(policy()).toContain('port: 82\n');
  });

  test('survives a syntax error and a mistake, says so, leaves the output, and goes on', async () => {
    const { write, printing, policy } = watch();
    await printing(synthesized);

    write('main.js', `${app('{ http: 81 }')}\nconst = ;\n`);
    await printing("main.js:8: Unexpected token '='");
    await printing('1 problem; nothing was written');

    write('main.js', app('{ http: 0 }'));
    await printing('port `0` is not between 1 and 65535');
    await printing('nothing was written');
    expect(policy()).toContain('port: 80\n');

    write('main.js', app('{ http: 83 }'));
    await printing(synthesized);
    expect(policy()).toContain('port: 83\n');
  });

  test('sees files whose name begins like the output folder’s', async () => {
    const { write, printing, policy } = watch({
      'policies.js': 'module.exports = { http: 84 };\n',
      'main.js': app("require('./policies.js')"),
    });
    await printing(synthesized);
    write('policies.js', 'module.exports = { http: 85 };\n');
    await printing(synthesized);
    expect(policy()).toContain('port: 85\n');
  });

  test('does not run again for what it writes itself', async () => {
    const { write, printing, printed } = watch();
    await printing(synthesized);
    write('main.js', app('{ http: 86 }'));
    await printing(synthesized);
    await pause(1_000);
    expect(printed()).not.toContain('policies:');
  });

  test('nor for what it writes once another folder is set', async () => {
    const { write, printing, printed } = watch();
    await printing(synthesized);
    write('cdk8s.yaml', 'app: node main.js\ntierwall:\n  out: manifests\n');
    await printing('manifests: 3 policies');
    await pause(1_000);
    expect(printed()).not.toContain('manifests:');
  });

  test('nor for what it prints, where that goes to a file of the project or a log', async () => {
    const { project, printing } = watch();
    await printing(synthesized);
    child?.kill('SIGKILL');
    const path = join(project, 'printed.txt');
    const output = openSync(path, 'w');
    child = spawn(process.execPath, [main, 'synth', '--watch'], { cwd: project, stdio: ['ignore', output, output] });
    const runs = () => readFileSync(path, 'utf8').split('policies:').length - 1;
    const until = Date.now() + 15_000;
    while (runs() === 0 && Date.now() < until) await pause(20);
    writeFileSync(join(project, 'copied.log'), 'as by tee');
    await pause(1_000);
    expect(runs()).toBe(1);
  });

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends on %s with exit code 0 and leaves nothing behind',
    async (signal) => {
      const { project, temporary, printing, stop } = watch();
      await printing(synthesized);
      expect(await stop(signal)).toBe(0);
      expect(readdirSync(project).sort()).toEqual(['cdk8s.yaml', 'main.js', 'policies']);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  test('ends on SIGINT while the app runs, without waiting for it', async () => {
    const slow = "setInterval(() => require('node:fs').appendFileSync('../alive', 'x'), 20);\n";
    const { project, temporary, stop } = watch({ 'main.js': slow });
    const alive = join(project, '../alive');
    while (!existsSync(alive)) await pause(20);
    expect(await stop('SIGINT')).toBe(0);
    const { size } = statSync(alive);
    await pause(200);
    expect(statSync(alive).size).toBe(size);
    expect(readdirSync(project).sort()).toEqual(['cdk8s.yaml', 'main.js']);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
