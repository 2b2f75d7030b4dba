import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { DevReport } from '../../lib/model/dev-report';
import { devToTxt } from '../../lib/render/dev/txt';
import { plain } from '../../lib/render/paint';
import { devReportSchema } from '../../lib/render/schema/dev-schema';
import { schemaErrors } from '../support/json-schema';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');

const app = (more: string) => `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Never, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const [web, api, db] = ['web', 'api', 'db'].map((id) => new Service(shop, id, { ports: { http: 80 } }));
api.allowFrom(web);
new Never(shop, 'web-never-reads', { from: web, to: db });
${more}
app.synth();
`;

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGTERM');
});

/** `tierwall dev` in a project of its own, report by report. */
function dev(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dev-'));
  const save = (more: string) => writeFileSync(join(folder, 'main.js'), app(more));
  save('');
  writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\n');
  const table = 'default: denied\namong: ["shop/*"]\nexceptions:\n  - { from: shop/web, to: shop/api }\n';
  writeFileSync(join(folder, 'shop.connectivity.yaml'), table);
  const started = spawn(process.execPath, [main, 'dev', '-o', 'json', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let printed = '';
  let errors = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const report = async (): Promise<DevReport & { version: number }> => {
    const until = Date.now() + 25_000;
    while (!printed.includes('\n')) {
      if (Date.now() > until) throw new Error(`nothing was printed but:\n${errors}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    const at = printed.indexOf('\n');
    const line = printed.slice(0, at);
    printed = printed.slice(at + 1);
    return JSON.parse(line);
  };
  const errorsWith = async (text: string) => {
    const until = Date.now() + 25_000;
    while (!errors.includes(text)) {
      if (Date.now() > until) throw new Error(`\`${text}\` was not printed, but:\n${errors}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    errors = errors.slice(errors.indexOf(text) + text.length);
  };
  const ended = new Promise<number | null>((done) => started.on('close', done));
  return { folder, save, report, errorsWith, errors: () => errors, started, ended };
}

/** Of which each statement is one of a test of its own, as test runners make them. */
const tests = (
  ...denied: string[]
) => `const { networkMatchers, networkOfProject } = require(${JSON.stringify(join(root, 'dist/testing'))});
networkOfProject().then((network) => {
  console.error('tests ran');
  for (const to of ${JSON.stringify(denied)}) {
    const state = { isNot: false, testPath: __filename, currentTestName: to };
    if (!networkMatchers.toDeny.call(state, network, 'shop/web', to).pass) process.exitCode = 1;
  }
}, (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
`;

describe('tierwall dev', () => {
  test('shows what each save opens, closes and breaks', async () => {
    const { save, report, started, ended } = dev();
    const first = await report();
    expect(schemaErrors(devReportSchema, first)).toEqual([]);
    expect(first).toMatchObject({ saved: [], mistakes: [], opened: [], closed: [], tests: { passed: 1, failed: [] } });

    save('db.allowFrom(api);');
    const opened = await report();
    expect(schemaErrors(devReportSchema, opened)).toEqual([]);
    expect(opened.saved).toEqual(['main.js']);
    expect(opened.opened[0]).toMatch(
      /^shop\/api → shop\/db on 80\/TCP \(by shop\/tierwall-api egress\[\d\] \(main\.js:8\), by shop\/tierwall-db ingress\[\d\] \(main\.js:8\)\)$/,
    );
    expect(opened.closed).toEqual([]);
    const [failed] = opened.tests.failed;
    expect(failed).toMatchObject({
      test: 'shop.connectivity.yaml: shop',
      failures: ['shop/api → shop/db on 80/TCP: expected to be denied, is allowed'],
    });
    expect(failed!.explanation).toMatch(
      /tierwall-db ingress\[0\] allows it: .* \(construct prod\/shop\/db\)\n +at main\.js:8, written to policies\/prod\/shop\/tierwall-db\.yaml:\d+$/,
    );

    save('db.allowFrom(web);');
    const broken = await report();
    expect(broken.mistakes).toEqual([expect.stringContaining('web-never-reads')]);

    save('');
    const closed = await report();
    expect(closed.closed[0]).toMatch(/^shop\/api → shop\/db on 80\/TCP \(no longer by/);
    expect(closed).toMatchObject({ mistakes: [], opened: [], tests: { passed: 1, failed: [] } });

    started.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test('says in which of several clusters something is opened, and of one that comes or goes all that is', async () => {
    const { save, report } = dev('--no-tests');
    await report();
    const west = `const west = new Namespace(new Environment(app, 'west', { cluster: 'west' }), 'shop');
const [caller, called] = ['web', 'api'].map((id) => new Service(west, id, { ports: { http: 80 } }));`;
    const opened = [expect.stringMatching(/^shop\/web → shop\/api on 80\/TCP .*, in cluster west$/)];
    save(`${west} called.allowFrom(caller);`);
    expect((await report()).opened).toEqual(opened);
    save(west);
    await report();
    save(`${west} called.allowFrom(caller);`);
    expect((await report()).opened).toEqual([...opened, expect.stringMatching(/, in cluster west$/)]);
    save('');
    expect((await report()).closed).toContainEqual(
      expect.stringMatching(/^shop\/web → shop\/api on 80\/TCP .*, in cluster west$/),
    );
  });

  test('shows a save for the file alone, whatever an editor writes and removes for it', async () => {
    const { folder, report } = dev();
    const at = (name: string) => join(folder, name);
    const aMoment = () => new Promise((done) => setTimeout(done, 15));
    const replace = async (more: string) => {
      writeFileSync(at('4913'), '');
      writeFileSync(at('main.js.new'), app(more));
      await aMoment();
      rmSync(at('4913'));
      renameSync(at('main.js.new'), at('main.js'));
    };
    await report();
    await replace('db.allowFrom(api);');
    expect((await report()).saved).toEqual(['main.js']);
    // What went is seen later.
    await new Promise((done) => setTimeout(done, 400));
    await replace('');
    expect((await report()).saved).toEqual(['main.js']);
  });

  test('shows a save while tests are still run', async () => {
    const { save, report } = dev('--tests', 'exec sleep 60');
    await report();
    save('db.allowFrom(api);');
    expect((await report()).opened).not.toEqual([]);
  });

  test('keeps what tests stated while they fail, says that what they state is not known, and runs them again once the app works', async () => {
    const { folder, save, report, errorsWith } = dev('--tests', 'node shop.test.js');
    const saveTests = (...denied: string[]) => writeFileSync(join(folder, 'shop.test.js'), tests(...denied));
    saveTests('shop/db', 'shop/web');
    expect((await report()).tests).toMatchObject({ passed: 1, run: 'running' });
    await errorsWith('2 statements of tests are watched\n');

    save("throw new Error('boom');");
    expect((await report()).mistakes).toHaveLength(1);
    saveTests('shop/web', 'shop/db');
    expect((await report()).mistakes).toHaveLength(1);
    await errorsWith('failed with exit code 1\n2 statements of tests are watched, with those of earlier runs\n');

    save('');
    expect((await report()).tests).toMatchObject({ passed: 3, failed: [], run: 'failed' });
    await errorsWith('2 statements of tests are watched\n');
    save('api.allowFrom(api);');
    expect((await report()).tests).toMatchObject({ passed: 3, run: 'passed' });
  });

  test('keeps a statement that failed in the last run of the tests, and runs them again as soon as connections are other ones', async () => {
    const { folder, save, report, errorsWith } = dev('--tests', 'node shop.test.js');
    const saveTests = (...denied: string[]) => writeFileSync(join(folder, 'shop.test.js'), tests(...denied));
    saveTests('shop/db', 'shop/web');
    await report();
    await errorsWith('2 statements of tests are watched\n');

    save('web.allowFrom(web);');
    expect((await report()).tests.failed).toContainEqual(expect.objectContaining({ test: 'shop.test.js: shop/web' }));
    saveTests('shop/web', 'shop/db');
    await report();
    await errorsWith('failed with exit code 1');
    save('web.allowFrom(web); web.allowFrom(api);');
    expect((await report()).tests).toMatchObject({
      run: 'failed',
      failed: expect.arrayContaining([expect.objectContaining({ test: 'shop.test.js: shop/web' })]),
    });
    await errorsWith('failed with exit code 1');
    save('');
    expect((await report()).tests).toMatchObject({ passed: 3, run: 'failed' });
    await errorsWith('2 statements of tests are watched\n');
    writeFileSync(join(folder, 'notes.md'), '');
    expect((await report()).tests).toMatchObject({ passed: 3, run: 'passed' });
  });

  test('runs tests that failed again when a file is saved that they may import, also while they run, and not for ever where they write files', async () => {
    const { folder, report, errorsWith, errors } = dev('--tests', 'node shop.test.js');
    const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
    const aMoment = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
    const failing = async () => {
      await errorsWith('failed with exit code 1');
      // What they write has them run once more at the most.
      await aMoment(2_000);
      return errors().split('failed with exit code 1').length - 1;
    };
    write('expected.js', "module.exports = 'shop/api';");
    const writing = "require('node:fs').writeFileSync('ran.txt', String(Date.now()));";
    const waiting = 'setTimeout(() => {}, 300);';
    write(
      'shop.test.js',
      `${writing}\n${waiting}\n${tests('shop/db').replace('["shop/db"]', "[require('./expected')]")}`,
    );
    await report();
    expect(await failing()).toBeLessThan(3);

    write('expected.js', "module.exports = 'shop/apis';");
    expect(await failing()).toBeLessThan(3);
    write('expected.js', "module.exports = 'shop/apis'; //");
    await aMoment(200);
    write('expected.js', "module.exports = 'shop/db';");
    await errorsWith('1 statement of tests is watched\n');
  });

  test('takes other settings as soon as they are saved: the commands that run the app and the tests, and the output folder', async () => {
    const { folder, report, errorsWith } = dev();
    const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
    const saveSettings = (command: string, ...lines: string[]) =>
      write('cdk8s.yaml', `app: ${command}\ntierwall:\n  lint: {}\n${lines.map((line) => `  ${line}\n`).join('')}`);
    write('other.js', app('db.allowFrom(api);'));
    write('one.js', tests('shop/db'));
    write('two.js', tests('shop/db', 'shop/web'));
    expect((await report()).tests.run).toBe('none');

    saveSettings('node main.js', 'tests: node one.js');
    expect((await report()).tests).toMatchObject({ passed: 1, run: 'running' });
    await errorsWith('1 statement of tests is watched\n');
    saveSettings('node main.js', 'tests: node two.js', 'out: manifests');
    expect((await report()).tests).toMatchObject({ passed: 2, run: 'running' });
    await errorsWith('2 statements of tests are watched\n');

    mkdirSync(join(folder, 'manifests'));
    write('manifests/written.yaml', '');
    await new Promise((done) => setTimeout(done, 300));
    saveSettings('node other.js', 'tests: node two.js', 'out: manifests');
    const opens = expect.stringMatching(/^shop\/api → shop\/db on 80\/TCP/);
    const other = await report();
    expect(other).toMatchObject({ saved: ['cdk8s.yaml'], tests: { run: 'passed' } });
    expect(other.opened).toContainEqual(opens);
    saveSettings('node other.js', 'tests: 7');
    expect((await report()).mistakes).toEqual([expect.stringContaining('which is no text')]);
    saveSettings('node other.js');
    expect((await report()).tests).toMatchObject({ passed: 0, run: 'none' });
  });

  test('shows what a save opens though a table cannot be read, and says what is wrong with it', async () => {
    const { folder, save, report } = dev();
    await report();
    const table = 'default: denied\nexceptions:\n  - { from: shop/wbe, to: shop/api }\n';
    writeFileSync(join(folder, 'shop.connectivity.yaml'), table);
    const unreadable = {
      test: 'shop.connectivity.yaml:3 exceptions[0].from',
      statement: '`shop/wbe` names no workload of the input',
      failures: ['did you mean `shop/web`?'],
      explanation: '',
    };
    const told = (since: 'now' | 'earlier') => [{ ...unreadable, since }];
    expect(await report()).toMatchObject({ mistakes: [], opened: [], tests: { passed: 0, failed: told('now') } });
    save('db.allowFrom(api);');
    const { opened, tests } = await report();
    expect([opened[0], tests.failed]).toEqual([
      expect.stringMatching(/^shop\/api → shop\/db on 80\/TCP/),
      told('earlier'),
    ]);
  });

  test('tells what a manifest with other labels closes for its pods, and nothing of pods that then stand in for those of the service', async () => {
    const { folder, save, report } = dev();
    const pod = (name: string, label: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app.kubernetes.io/name: ${label} } }
spec: { containers: [{ name: main, image: main, ports: [{ containerPort: 80 }] }] }
`;
    const saveManifests = (api: string) =>
      writeFileSync(
        join(folder, 'k8s.yaml'),
        `${pod('web-0', 'web')}---\n${pod('api-0', api)}---\n${pod('db-0', 'db')}`,
      );
    saveManifests('api');
    writeFileSync(join(folder, 'cdk8s.yaml'), 'app: node main.js\ntierwall:\n  workloads: k8s.yaml\n');
    await report();
    saveManifests('apis');
    const { opened, closed, findings } = await report();
    expect([opened, closed]).toEqual([
      [],
      [expect.stringMatching(/^shop\/web-0 → shop\/api-0 on 80\/TCP .*has other labels/)],
    ]);
    expect(findings.added).toContainEqual(expect.stringContaining('no-unmatched-pod-selector'));
    saveManifests('api');
    expect(await report()).toMatchObject({
      opened: [expect.stringMatching(/^shop\/web-0 → shop\/api-0 on 80\/TCP .*has other labels/)],
      closed: [],
    });
    save("new Service(shop, 'new', { ports: { http: 80 } }).allowFrom(db);");
    expect((await report()).opened).toContainEqual(expect.stringMatching(/^shop\/db-0 → shop\/new on 80\/TCP/));
  });

  test('has what is imported before the app in place before the save, and once', async () => {
    const hooks = mkdtempSync(join(tmpdir(), 'dev-hooks-'));
    const seen = join(hooks, 'seen');
    const hook = join(hooks, 'hook.mjs');
    writeFileSync(
      hook,
      `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(seen)}, process.pid + '\\n');\n`,
    );
    const { save, report } = dev('--app', `node --import ${pathToFileURL(hook)} main.js`);
    await report();
    const pids = () => readFileSync(seen, 'utf8').trim().split('\n');
    const until = Date.now() + 10_000;
    while (pids().length < 2 && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
    expect(pids()).toHaveLength(2);
    save('db.allowFrom(api);');
    expect((await report()).opened).not.toEqual([]);
    expect(new Set(pids()).size).toBe(pids().length);
    save("throw new Error('boom');");
    expect((await report()).mistakes).toEqual([expect.stringContaining('failed with exit code 1')]);
  });

  test('is refused where there is no app', async () => {
    const started = spawn(process.execPath, [main, 'dev'], {
      cwd: mkdtempSync(join(tmpdir(), 'dev-')),
      stdio: 'ignore',
    });
    child = started;
    expect(await new Promise((done) => started.on('close', done))).toBe(2);
  });

  test('as text has the reason of the first statement that fails, those that failed before in a line, and all names made visible', () => {
    const failed = {
      test: 'a.test.ts: x\u001b',
      statement: "toDeny('a', 'b')",
      failures: ['a → b: is allowed', 'more'],
      explanation: 'ALLOWED a',
      since: 'now',
    } as const;
    const report: DevReport = {
      saved: ['main.ts'],
      milliseconds: 300,
      mistakes: [],
      opened: ['a → b on 80/TCP'],
      closed: ['c → d on 80/TCP'],
      tests: { passed: 2, failed: [{ ...failed, since: 'earlier' }, failed, failed], run: 'running' },
      findings: { count: 3, added: ['main.ts:1: bad (rule)'], gone: 1 },
    };
    expect(devToTxt(report, plain)).toBe(`main.ts saved (300 ms)
  + a → b on 80/TCP
  - c → d on 80/TCP
  ✗ a.test.ts: x\\u001b: toDeny('a', 'b'), as before
  ✗ a.test.ts: x\\u001b
    toDeny('a', 'b')
    a → b: is allowed (and 1 more)
      ALLOWED a
  ✗ a.test.ts: x\\u001b
    toDeny('a', 'b')
    a → b: is allowed (and 1 more)
  ! main.ts:1: bad (rule)
  tests are being run: what they stated before is judged
  3 statements of tests failed, 2 statements of tests held, 3 findings, 1 gone

`);
    expect(
      devToTxt({ ...report, tests: { passed: 0, failed: [], run: 'none' } }, plain, 24),
    ).toBe(`main.ts saved (300 ms)
  + a → b on 80/TCP
  - c → d on 80/TCP
  ! main.ts:1: bad
      (rule)
  3 findings, 1 gone

`);
    const unknown = { ...report, opened: [], closed: [], tests: { passed: 1, failed: [], run: 'failed' } } as const;
    expect(devToTxt(unknown, plain)).toBe(`main.ts saved (300 ms)
  opens and closes nothing
  ! main.ts:1: bad (rule)
  the last run of the tests failed: what they state now is not known, only what they did before
  1 statement of tests held, 3 findings, 1 gone

`);
  });
});
