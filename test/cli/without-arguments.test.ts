import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyCommand } from '../../lib/cli/commands/apply';
import { checkCommand } from '../../lib/cli/commands/check';
import { connectivityCommand } from '../../lib/cli/commands/connectivity';
import { devCommand } from '../../lib/cli/commands/dev';
import { diffCommand } from '../../lib/cli/commands/diff';
import { driftCommand } from '../../lib/cli/commands/drift';
import { explainCommand } from '../../lib/cli/commands/explain';
import { importCommand } from '../../lib/cli/commands/import';
import { lintCommand } from '../../lib/cli/commands/lint';
import { mutateCommand } from '../../lib/cli/commands/mutate';
import { proveCommand } from '../../lib/cli/commands/prove';
import { reachCommand } from '../../lib/cli/commands/reach';
import { redundancyCommand } from '../../lib/cli/commands/redundancy';
import { synthCommand } from '../../lib/cli/commands/synth';
import { testCommand } from '../../lib/cli/commands/test';
import { runCommand } from '../support/run-command';

type Make = Parameters<typeof runCommand>[0];

const env = { PATH: process.env['PATH'] };
const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function repositoryWith(files: Readonly<Record<string, string>>, commits: 'committed' | 'unborn'): string {
  const folder = folderWith(files);
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  if (commits === 'committed') git('commit', '-q', '-m', 'first');
  return folder;
}

describe('a command without arguments', () => {
  const noApp = /^error: there is no app in `.*`; write `app: npx tsx main\.ts` into cdk8s\.yaml/;
  const makesOne = /`tierwall init` makes a whole project/;
  const nothing =
    'error: there is nothing to read; name files or folders (`.` is this one), `-` for standard input, or `--cluster`; an app is read in the folder of its cdk8s.yaml';

  test.for<[string, Make, ...(string | RegExp)[]]>([
    ['synth', synthCommand, noApp, makesOne],
    ['dev', devCommand, noApp, makesOne],
    ['check', checkCommand, 'name manifests, as `tierwall check deploy/`', makesOne],
    ['prove', proveCommand, noApp, makesOne, 'or two sources, as `tierwall prove old.yaml new.yaml`'],
    ['drift', driftCommand, noApp, makesOne, 'or a folder of policies, as `tierwall drift policies/`'],
    ['connectivity', connectivityCommand, nothing],
    ['lint', lintCommand, nothing],
    ['reach', reachCommand, nothing],
    ['redundancy', redundancyCommand, nothing],
    [
      'explain',
      explainCommand,
      '`--from` is missing',
      '`--to` is missing',
      '`tierwall explain --from shop/frontend --to shop/cart`',
    ],
    ['import', importCommand, '`--out` is missing', 'as `tierwall import deploy/ --out network`'],
    ['diff', diffCommand, 'nothing to compare is named', 'as `tierwall diff old/ new/`'],
    ['test', testCommand, 'write one, as `tierwall test --help` shows', 'run the tests of a runner by `--tests`'],
    ['mutate', mutateCommand, 'write a table, or tests'],
    ['apply', applyCommand, 'run `tierwall synth` first, or name its folder'],
  ])('says what to write where there is no app: %s', async ([, make, ...told]) => {
    for (const files of [{}, { 'web.yaml': manifest }]) {
      const { code, stdout, stderr } = await runCommand(make, [], folderWith(files), { env });
      expect([code, stdout]).toEqual([2, '']);
      for (const text of told) expect(stderr).toMatch(text);
      expect(stderr).toMatch(/^error: .*\d problems?(; nothing was written)?\n$/s);
    }
  });
});

describe('tierwall diff that names no two states says what can be compared here', () => {
  const files = { 'web.yaml': manifest };
  test.for<[string, string, readonly string[], string]>([
    [
      'nothing, in a repository',
      repositoryWith(files, 'committed'),
      [],
      'nothing to compare is named; write `tierwall diff HEAD` for what is not committed, `tierwall diff main...HEAD` for what a branch changes, or two sources, as `tierwall diff old/ new/`',
    ],
    [
      'a path, in a repository',
      repositoryWith(files, 'committed'),
      ['web.yaml'],
      '`web.yaml` is compared with nothing; write `tierwall diff HEAD web.yaml` for what is not committed, `tierwall diff main...HEAD web.yaml` for what a branch changes, or two sources, as `tierwall diff old/ web.yaml`',
    ],
    [
      'nothing, before the first commit',
      repositoryWith(files, 'unborn'),
      [],
      'nothing to compare is named; nothing is committed yet: name two sources, as `tierwall diff old/ new/`',
    ],
    [
      'a path, without a repository',
      folderWith(files),
      ['.'],
      '`.` is compared with nothing; git finds no repository here: name two sources, as `tierwall diff old/ .`',
    ],
    [
      'a revision, without a repository',
      folderWith(files),
      ['main...HEAD'],
      'there is no `main`, neither as a path nor as a git revision; git finds no repository here: name two sources, as `tierwall diff old/ new/`',
    ],
    [
      'a revision that there is not',
      repositoryWith(files, 'committed'),
      ['mian'],
      'there is no `mian`, neither as a path nor as a git revision; write `tierwall diff HEAD` for what is not committed, `tierwall diff main...HEAD` for what a branch changes, or two sources, as `tierwall diff old/ new/`',
    ],
    [
      'a cluster alone',
      folderWith(files),
      ['--cluster'],
      'nothing is named that the cluster is to be compared with; name what is to be applied, as `tierwall diff --cluster policies/production`',
    ],
  ])('%s', async ([, folder, args, message]) => {
    const { code, stderr } = await runCommand(diffCommand, args, folder, { env });
    expect([code, stderr]).toEqual([2, `error: ${message}\n1 problem\n`]);
  });
});
