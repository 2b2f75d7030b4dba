import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../lib/config/read-settings';
import { InputError } from '../../lib/model/issue';

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function issuesOf(files: Readonly<Record<string, string>>) {
  const error = await readSettings(project(files)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).issues;
}

describe('the settings of a project', () => {
  test.for([
    ['cdk8s.yaml', (out: string) => `app: x\ntierwall: { out: ${out} }\n`],
    ['tierwall.config.ts', (out: string) => `const out: string = '${out}';\nexport default { out };\n`],
    ['tierwall.config.mjs', (out: string) => `export default { out: '${out}' };\n`],
    ['tierwall.config.cjs', (out: string) => `module.exports = { out: '${out}' };\n`],
  ] as const)('are read again from %s that changed, as while `dev` watches', async ([file, text]) => {
    const folder = project({ [file]: text('before') });
    expect((await readSettings(folder)).config.out).toBe('before');
    writeFileSync(join(folder, file), text('after'));
    expect((await readSettings(folder)).config.out).toBe('after');
  });

  test('fail on nothing by an empty list no more than on anything: it is refused', async () => {
    expect(await issuesOf({ 'cdk8s.yaml': 'app: x\ntierwall: { diff: { failOn: [] } }\n' })).toEqual([
      {
        code: 'bad-config',
        message: '`tierwall.diff.failOn` is an empty list',
        hint: expect.stringContaining('leave it out: then `check` fails on no change, and `diff` on any'),
        place: { file: 'cdk8s.yaml', field: 'tierwall.diff.failOn' },
      },
    ]);
  });

  test('are read again where a file that they import changed', async () => {
    const folder = project({
      'tierwall.config.ts': "import { out } from './out';\nexport default { out };\n",
      'out.ts': "export const out = 'before';\n",
    });
    expect((await readSettings(folder)).config.out).toBe('before');
    writeFileSync(join(folder, 'out.ts'), "export const out = 'after';\n");
    expect((await readSettings(folder)).config.out).toBe('after');
  });

  test.for([
    ['cdk8s.yaml', 'app: x\ntierwall: { out: p, cni: cilium }\n', 'tierwall.'],
    ['tierwall.config.ts', 'const out: string = "p";\nexport default { out, cni: "cilium" };\n', ''],
    ['tierwall.config.mjs', 'export default { out: "p", cni: "cilium" };\n', ''],
    ['tierwall.config.cjs', 'module.exports = { out: "p", cni: "cilium" };\n', ''],
    ['tierwall.config.js', 'module.exports = { out: "p", cni: "cilium" };\r\n', ''],
  ] as const)('are read from %s', async ([file, text, prefix]) => {
    expect(await readSettings(project({ 'cdk8s.yaml': 'app: x\n', [file]: text }))).toEqual({
      config: { out: 'p', cni: 'cilium' },
      cdk8sApp: 'x',
      file,
      prefix,
      source: 'given',
    });
  });

  test('are none where nothing says any', async () => {
    expect(await readSettings(project({}))).toMatchObject({ config: {}, cdk8sApp: undefined, source: 'absent' });
  });

  test('are mistakes, all at once, with the file and field, where they do not exist or cannot be so', async () => {
    const issues = await issuesOf({ 'cdk8s.yaml': 'tierwall: { outt: p, cni: calicoo, app: 7 }\n' });
    expect(issues.map(({ place, message, hint }) => [place.field, message, hint])).toEqual([
      ['tierwall.outt', '`tierwall.outt` is no option of tierwall', 'did you mean `tierwall.out`?'],
      ['tierwall.cni', expect.stringContaining('`calicoo`, which is none of'), 'did you mean `calico`?'],
      ['tierwall.app', '`tierwall.app` is `7`, which is no text', 'write the command, as `npx tsx main.ts`'],
    ]);
    const [script] = await issuesOf({ 'tierwall.config.ts': 'export default { lintt: {} };' });
    expect(script).toMatchObject({ place: { file: 'tierwall.config.ts', field: 'lintt' } });
    expect(await issuesOf({ 'cdk8s.yaml': 'tierwall: [a]\n' })).toHaveLength(1);
    expect(await issuesOf({ 'cdk8s.yaml': 'just text\n' })).toHaveLength(1);
  });

  test('name only rules that exist, which is told with what else is wrong', async () => {
    const issues = await issuesOf({
      'cdk8s.yaml':
        'app: [node]\ntierwall: { lint: { rules: { no-any-adress: off, nonsense: fatal }, mostEntries: x } }\n',
    });
    expect(issues.map(({ message, hint, place }) => [message, hint, place.field])).toEqual([
      [expect.stringMatching(/`app` is .*, which is no text/), 'write the command, as `npx tsx main.ts`', 'app'],
      [expect.stringContaining('`fatal`'), expect.anything(), 'tierwall.lint.rules.nonsense'],
      [expect.stringContaining('`x`'), expect.anything(), 'tierwall.lint.mostEntries'],
      [
        '`tierwall.lint.rules.no-any-adress`: there is no rule `no-any-adress`',
        'did you mean `no-any-address`?',
        'tierwall.lint.rules.no-any-adress',
      ],
      [
        '`tierwall.lint.rules.nonsense`: there is no rule `nonsense`',
        '`tierwall rules` lists them',
        'tierwall.lint.rules.nonsense',
      ],
    ]);
  });

  test('may not be in two places', async () => {
    const [issue] = await issuesOf({ 'cdk8s.yaml': 'tierwall: {}\n', 'tierwall.config.ts': 'export default {};' });
    expect(issue!.message).toBe('settings are in more than one place: `tierwall.config.ts`, `cdk8s.yaml`');
  });

  test('that are a program which fails are told with its reason', async () => {
    const [issue] = await issuesOf({ 'tierwall.config.ts': 'throw new Error("boom");' });
    expect(issue).toMatchObject({ message: 'it cannot be run: boom', place: { file: 'tierwall.config.ts' } });
  });
});
