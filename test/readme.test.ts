import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);
const snippets = blocks('ts');
const folder = mkdtempSync(join(tmpdir(), 'readme-'));

/** A project as the five-minute path makes it, with this checkout's build as its `tierwall`. */
beforeAll(() => {
  mkdirSync(join(folder, 'node_modules', 'tierwall'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'node_modules', 'tierwall', 'package.json'));
  cpSync(join(root, 'dist'), join(folder, 'node_modules', 'tierwall', 'dist'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.bin' && name !== 'tierwall')
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const [i, text] of snippets.entries()) writeFileSync(join(folder, `snippet-${i}.ts`), text);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('README', () => {
  test('has its snippets', () => expect(snippets.length).toBeGreaterThanOrEqual(6));

  test('shows only code that type-checks', () => {
    const program = ts.createProgram(
      snippets.map((_, i) => join(folder, `snippet-${i}.ts`)),
      {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Node16,
        types: [],
      },
    );
    const host = { getCurrentDirectory: () => folder, getCanonicalFileName: (f: string) => f, getNewLine: () => '\n' };
    expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host)).toBe('');
  });

  test.for(snippets.map((_, i) => i))('shows code that runs: snippet %i', (i) => {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    execFileSync(process.execPath, [tsx, `snippet-${i}.ts`], { cwd: folder, stdio: 'pipe' });
  });

  test('leads to policies on disk in five minutes', () => {
    writeFileSync(join(folder, 'main.ts'), snippets[0]!);
    const [config] = blocks('yaml');
    writeFileSync(
      join(folder, 'cdk8s.yaml'),
      config!.replace('npx tsx', `node ${join(root, 'node_modules/tsx/dist/cli.mjs')}`),
    );
    const cli = join(folder, 'node_modules/tierwall/dist/cli/main.js');
    execFileSync(process.execPath, [cli, 'synth'], { cwd: folder, stdio: 'pipe' });
    execFileSync(process.execPath, [cli, 'synth', '--check'], { cwd: folder, stdio: 'pipe' });
    expect(readdirSync(join(folder, 'policies/production/shop')).sort()).toEqual([
      'kustomization.yaml',
      'tierwall-cart.yaml',
      'tierwall-default-deny.yaml',
      'tierwall-frontend.yaml',
      'tierwall-redis.yaml',
    ]);
  });

  test('names only commands and options that exist', () => {
    const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts;
    for (const [, script] of readme.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
    const help = execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), 'synth', '--help'], {
      encoding: 'utf8',
    });
    const section = readme.slice(readme.indexOf('### tierwall synth'));
    for (const [option] of section.matchAll(/--[a-z][a-z-]+/g)) expect(help).toContain(option);
  });
});
