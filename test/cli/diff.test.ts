import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { diffCommand } from '../../lib/cli/commands/diff';
import type { Io } from '../../lib/cli/io';
import { after, before, type Texts } from '../render/diff/changes';

let folder: string;
const folders: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'));
  folders.push(folder);
});
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true });
});

async function run(args: readonly string[], stdin = '') {
  const written = { stdout: '', stderr: '' };
  let code: number | undefined;
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const io: Io = {
    stdin: Readable.from([stdin]),
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd: folder,
    env: {},
    signal: new AbortController().signal,
  };
  const command = diffCommand(io, (exit) => {
    code = exit;
  });
  command.exitOverride().configureOutput({ writeErr: (text) => void io.stderr.write(text) });
  await command.parseAsync(args, { from: 'user' }).catch(() => {
    code = 2;
  });
  return { code, ...written, verdict: written.stdout.split(/[\n:;]/)[0] };
}

const yaml = (texts: Texts) => Object.values(texts).join('---\n');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, stdio: 'pipe' });

describe('tierwall diff', () => {
  it('compares files, standard input and git revisions', async () => {
    write('deploy.yaml', yaml(before));
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'before');
    expect(await run(['HEAD:deploy.yaml', 'deploy.yaml'])).toMatchObject({
      code: 0,
      stderr: '',
      verdict: 'no change in meaning',
    });
    write('deploy.yaml', yaml(after));
    const ran = await run(['HEAD:deploy.yaml', 'deploy.yaml']);
    expect(ran).toMatchObject({ code: 1, stderr: '', verdict: 'different' });
    expect(ran.stdout).toContain('by shop/redis ingress[1] (deploy.yaml:62)');
    expect(ran.stdout).toContain('no longer by shop/cart ingress[0] (HEAD:deploy.yaml:41)');
    expect((await run(['HEAD:deploy.yaml', '-'], yaml(after))).stdout).toContain('(standard input:62)');
  });

  it('prints JSON', async () => {
    write('old.yaml', yaml(before));
    write('new.yaml', yaml(after));
    const { code, stdout } = await run(['old.yaml', 'new.yaml', '-o', 'json']);
    expect([code, (JSON.parse(stdout) as { verdict: string }).verdict]).toEqual([1, 'different']);
  });

  it('says what is wrong with sources', async () => {
    expect(await run(['-', '-'])).toMatchObject({ code: 2, stdout: '' });
    expect((await run(['nothing.yaml', '-'])).stderr).toContain('there is no `nothing.yaml`');
    expect(await run(['one.yaml'])).toMatchObject({ code: 2 });
  });
});
