import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');

describe.for([
  ['online-boutique', root],
  ['platform', join(root, 'apps/platform')],
] as const)('the tests of apps/%s', ([, cwd]) => {
  const run = (...args: string[]) => {
    const env = { ...process.env, NO_COLOR: '1', TIERWALL_AS_OF: '2026-11-24' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], {
      cwd,
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr };
  };

  test('state everything that the policies allow, and what each service denies', () => {
    const { status, stdout, stderr } = run('test', '--tests', '--coverage', '--threshold', '100');
    expect([status, stdout, stderr]).toEqual([0, expect.not.stringContaining('Not stated'), expect.anything()]);
  });

  test('notice every change that somebody could make by mistake', () => {
    const { status, stdout } = run('mutate');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^nobody could make a change that no test notices\n/)]);
  });
});
