import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { shopText } from './shop';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'obsolete-'));
const modules = [
  { find: 'tierwall/vitest', replacement: join(root, 'lib/vitest.mts') },
  { find: /^vitest$/.source, replacement: join(root, 'node_modules/vitest/dist/index.js') },
];
writeFileSync(
  join(folder, 'vitest.config.mjs'),
  `export default { resolve: { alias: ${JSON.stringify(modules)}.map(({ find, replacement }) => ({ find: new RegExp(find), replacement })) } };`,
);

/** Runs files of tests, of each of which there is a snapshot that none of them compares; gives what is printed, and which snapshots there are then. */
function run(files: Readonly<Record<string, readonly string[]>>, args: readonly string[], ci = '') {
  const snapshots = join(folder, '__snapshots__');
  mkdirSync(snapshots, { recursive: true });
  for (const [file, tests] of Object.entries(files)) {
    const head = `import { expect, test } from 'vitest';
import { networkOfText } from 'tierwall/vitest';
const network = networkOfText(${JSON.stringify(shopText)});
`;
    writeFileSync(join(folder, file), `${head}${tests.join('\n')}\n`);
    writeFileSync(join(snapshots, `${file}.gone.policies.yaml`), '');
  }
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...Object.keys(files), ...args];
  const env = { ...process.env, CI: ci, NO_COLOR: '1', FORCE_COLOR: '0' };
  const { stdout, stderr, status } = spawnSync(process.execPath, vitest, { cwd: folder, env, encoding: 'utf8' });
  return { printed: `${stdout}${stderr}`, snapshots: readdirSync(snapshots).sort(), status };
}

const lists = "test('lists', () => expect(network).toMatchConnectivity());";
const fails = "test('fails', () => expect(network).toDeny('shop/cart', 'shop/redis'));";
const denies = "test('denies', () => expect(network).toDeny('shop/batch', 'shop/redis'));";

test('snapshots that no test compares any more are removed with -u, unless tests of the file are left out or fail; else told, and refused in CI', () => {
  const skips = "test.skip('skips', () => expect(network).toMatchPolicies({ name: 'gone' }));";
  const files = { 'whole.test.ts': [lists], 'part.test.ts': [lists, skips], 'failing.test.ts': [lists, fails] };
  const updated = run(files, ['-u']);
  expect(updated.printed).toContain('1 removed');
  expect(updated.snapshots).toEqual([
    'failing.test.ts.gone.policies.yaml',
    'failing.test.ts.lists.connectivity.txt',
    'part.test.ts.gone.policies.yaml',
    'part.test.ts.lists.connectivity.txt',
    'whole.test.ts.lists.connectivity.txt',
  ]);
  // There need not be a snapshot left.
  const { printed, status, snapshots } = run({ 'last.test.ts': [denies] }, [], '1');
  expect(printed).toMatch(/Obsolete snapshots found [^\n]*\n· __snapshots__\/last\.test\.ts\.gone\.policies\.yaml 1/);
  expect([status, snapshots]).toEqual([1, expect.arrayContaining(['last.test.ts.gone.policies.yaml'])]);
}, 120_000);
