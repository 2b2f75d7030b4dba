import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeAbandoned, temporaryFolder } from '../../lib/synth/temporary-folder';

const dead = spawnSync(process.execPath, ['-e', '']).pid;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temporary-folder-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function left(name: string, age: 'old' | 'new') {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'handover.json'), '{}');
  const hours = age === 'old' ? 25 : 23;
  const then = Date.now() / 1000 - hours * 3600;
  utimesSync(join(folder, name), then, then);
}

test('what a killed process left goes after a day, and nothing else does', () => {
  left(`tierwall-run-${dead}-a`, 'old');
  left(`tierwall-run-${dead}-b`, 'new');
  left(`tierwall-run-${process.pid}-c`, 'old');
  left('tierwall-mine', 'old');
  left(`other-${dead}-d`, 'old');
  removeAbandoned();
  const kept = [`other-${dead}-d`, `tierwall-run-${dead}-b`, `tierwall-run-${process.pid}-c`, 'tierwall-mine'];
  expect(readdirSync(folder).sort()).toEqual(kept.sort());
});

test('a temporary folder is named after its process', () => {
  expect(temporaryFolder('staged')).toMatch(new RegExp(`/tierwall-staged-${process.pid}-[^/]+$`));
});
