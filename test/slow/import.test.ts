import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { equivalence } from '../../lib/analysis/prove/equivalence';
import { importCluster } from '../../lib/import/import';
import { projectFiles } from '../../lib/import/project-files';
import { readForImport } from '../../lib/import/reading';
import { readCluster } from '../../lib/read/cluster';
import { caseSets } from '../import/imported';
import { run } from '../support/installed-project';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sets = caseSets();

describe.skipIf(sets.length === 0)('apps of real policies (skipped where ../shared/cases is absent)', () => {
  test('type-check, as their own settings ask', async () => {
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['cdk8s', 'constructs']) {
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    symlinkSync(root, join(folder, 'node_modules/tierwall'));
    const mains: string[] = [];
    for (const set of sets) {
      const { files } = importCluster(await readForImport([set], { cwd: '/' }));
      const out = join(folder, basename(set));
      for (const [path, text] of new Map([...files, ...projectFiles(out, '0.1.0')])) {
        mkdirSync(dirname(join(out, path)), { recursive: true });
        writeFileSync(join(out, path), text);
      }
      mains.push(join(out, 'main.ts'));
    }
    expect(mains).toHaveLength(21);
    const given = ts.readConfigFile(join(dirname(mains[0]!), 'tsconfig.json'), ts.sys.readFile).config;
    const { options } = ts.parseJsonConfigFileContent(given, ts.sys, folder);
    const program = ts.createProgram(mains, { ...options, noEmit: true, noUnusedLocals: true });
    const host = { getCurrentDirectory: () => folder, getCanonicalFileName: (f: string) => f, getNewLine: () => '\n' };
    expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host)).toBe('');
  });

  test.for(sets.map((path) => [basename(path), path] as const))(
    '%s: is synthesized by the command to policies that mean the same',
    async ([name, path]) => {
      const out = join(folder, name);
      const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
      run(process.execPath, [join(root, 'dist/cli/main.js'), 'synth', '--app', `node ${tsx} main.ts`], out);
      const { cluster } = await readForImport([path], { cwd: '/' });
      const result = equivalence({ ...cluster, unread: [] }, await readCluster(['policies'], { cwd: out }));
      expect(result.differences).toEqual([]);
      expect(result.verdict).toBe('equal');
    },
  );
});
