import { spawnSync } from 'node:child_process';
import {
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InputError } from '../../lib/model/issue';
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
  left(`tierwall-run-${dead}-aaaaaa`, 'old');
  left(`tierwall-run-${dead}-bbbbbb`, 'new');
  left(`tierwall-run-${process.pid}-cccccc`, 'old');
  const others = [
    'tierwall-mine',
    `tierwall-backup-${dead}-dddddd`,
    `tierwall-run-${dead}-11-24`,
    `other-${dead}-dddddd`,
  ];
  for (const name of others) left(name, 'old');
  removeAbandoned();
  const kept = [...others, `tierwall-run-${dead}-bbbbbb`, `tierwall-run-${process.pid}-cccccc`];
  expect(readdirSync(folder).sort()).toEqual(kept.sort());
});

test('of what somebody else may have put there nothing goes: no file, and nothing that a link leads to', () => {
  left('mine', 'old');
  symlinkSync(join(folder, 'mine'), join(folder, `tierwall-run-${dead}-aaaaaa`));
  writeFileSync(join(folder, `tierwall-run-${dead}-bbbbbb`), '');
  for (const name of readdirSync(folder)) lutimesSync(join(folder, name), 0, 0);
  left(`tierwall-staged-${dead}-cccccc`, 'old');
  symlinkSync(join(folder, 'mine'), join(folder, `tierwall-staged-${dead}-cccccc/modules`));
  lutimesSync(join(folder, `tierwall-staged-${dead}-cccccc`), 0, 0);
  removeAbandoned();
  expect(readdirSync(folder).sort()).toEqual(['mine', `tierwall-run-${dead}-aaaaaa`, `tierwall-run-${dead}-bbbbbb`]);
  expect(readdirSync(join(folder, 'mine'))).toEqual(['handover.json']);
});

test('nothing goes, and nothing fails, where temporary files cannot be listed', () => {
  vi.stubEnv('TMPDIR', join(folder, 'absent'));
  expect(removeAbandoned).not.toThrow();
});

test('a temporary folder is named after its process', () => {
  expect(temporaryFolder('staged')).toMatch(new RegExp(`/tierwall-staged-${process.pid}-[^/]+$`));
});

test('where none can be made, it is said why, and what to do', () => {
  const gone = join(folder, 'gone');
  vi.stubEnv('TMPDIR', gone);
  expect(() => temporaryFolder('run')).toThrow(
    new InputError([
      {
        code: 'cannot-write',
        message: 'no temporary folder can be made: there is no such folder',
        place: { file: gone },
        hint: 'let TMPDIR name a folder that can be written to',
      },
    ]),
  );
});
