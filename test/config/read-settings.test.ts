import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../lib/config/read-settings';
import { InputError, issueToString } from '../../lib/model/issue';

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
        place: { file: 'cdk8s.yaml', line: 2, field: 'tierwall.diff.failOn' },
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

  test('that are mistakes are told by the line in cdk8s.yaml, with the field but once', async () => {
    const text = `app: x
tierwall:
  out: 3
  lint:
    rules:
      no-any-adress: off
    podRanges:
      - 10.0.0.0/8
      - nope
    widestCidr: { ipv4: 16,
      ipv6: 129 }
  workloads: [a, { namespace: b }]
`;
    expect((await issuesOf({ 'cdk8s.yaml': text })).map(issueToString)).toEqual([
      'cdk8s.yaml:3: `tierwall.out` is `3`, which is no text; write the path of a folder, as `policies`',
      'cdk8s.yaml:9: `tierwall.lint.podRanges[1]` is `nope`, which is no CIDR; write it as `10.0.0.0/8`',
      'cdk8s.yaml:11: `tierwall.lint.widestCidr.ipv6` is `129`; give a whole number from 0 to 128',
      'cdk8s.yaml:12: `tierwall.workloads[1].path` is missing; give `tierwall.workloads[1].path`',
      'cdk8s.yaml:6: `tierwall.lint.rules.no-any-adress`: there is no rule `no-any-adress`; did you mean `no-any-address`?',
    ]);
  });

  test('that are mistakes are told by the line in a program where their name stands there but once, else by that of what they are in', async () => {
    const text = `import { defineConfig } from 'tierwall/config';
// name: is no setting here
export default defineConfig({
  out: 3,
  lint: {
    rules: { 'no-any-adress': 'off' },
    labels: { name: 7 },
  },
  workloads: [{ path: 'a' }, { namespace: 'b' }],
  nonsense: 1,
});
`;
    const issues = await issuesOf({ 'tierwall.config.ts': text.replace(/^import.*|defineConfig/gm, '') });
    expect(issues.map(({ place }) => [place.line, place.field])).toEqual([
      [4, 'out'],
      [7, 'lint.labels.name'],
      [9, 'workloads[1].path'],
      [10, 'nonsense'],
      [6, 'lint.rules.no-any-adress'],
    ]);
  });

  test('that are no object are blamed on the file, and on no field that nobody wrote', async () => {
    const [script] = await issuesOf({ 'tierwall.config.ts': 'export default 3;' });
    expect(issueToString(script!)).toBe(
      'tierwall.config.ts: the options of tierwall are `3`, which is no object; write them as `{ … }`',
    );
    const [list] = await issuesOf({ 'cdk8s.yaml': '- a\n' });
    expect(issueToString(list!)).toBe('cdk8s.yaml: it is no mapping; write `app: …` into it');
  });

  test.for(['tierwall.config.json', 'tierwall.config.yaml', 'tierwall.config.yml'])(
    'in %s, which nobody reads, are refused',
    async (file) => {
      const issues = await issuesOf({ 'cdk8s.yaml': 'app: 3\n', [file]: '{}' });
      expect(issues.map(issueToString)).toEqual([
        expect.stringContaining('`app` is `3`'),
        `${file}: no settings are read from it; write them in \`tierwall.config.ts\`, or under \`tierwall:\` in \`cdk8s.yaml\``,
      ]);
    },
  );

  test.for([
    ['\n\nthrow new Error("boom");', 'tierwall.config.ts:3: it cannot be run: boom; correct the program'],
    ['\nexport default { out: "p",, };', 'tierwall.config.ts:2: it cannot be run: ParseError: '],
    [
      'import { a } from "nope";\nexport default { a };',
      "tierwall.config.ts:1: it cannot be run: Cannot find module 'nope'",
    ],
    ['import { a } from "./other";\nexport default { a };', 'other.ts:2: it cannot be run: b is not defined'],
    ['throw 3;', 'tierwall.config.ts: it cannot be run: 3'],
  ] as const)('that are a program which fails are told with its line: %j', async ([text, told]) => {
    const [issue] = await issuesOf({ 'tierwall.config.ts': text, 'other.ts': '\nexport const a = b;' });
    expect(issueToString(issue!)).toContain(told);
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
});
