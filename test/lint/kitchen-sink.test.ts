import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lintDescriptors } from '../../lib/lint/registry';

const main = resolve(__dirname, '../../dist/cli/main.js');
const folder = resolve(__dirname, '../fixtures/kitchen-sink');

test('one folder of manifests trips every rule, and what linting finds of itself', () => {
  const args = ['lint', '.', '--as-of', '2026-06-01', '-o', 'json'];
  const { stdout } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
  const found = new Set(findings.map(({ rule }) => rule));
  const missed = lintDescriptors.map(({ id }) => id).filter((id) => !found.has(id));
  // Which would take a rule that crashes.
  expect(missed).toEqual(['no-crashing-rule']);
});
