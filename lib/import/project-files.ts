import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AppFiles } from './code/app-code';

const cdk8sYaml = `language: typescript
app: npx tsx main.ts
output: dist
tierwall:
  out: policies
`;

/** Versions that an app of today is made with. */
const dependencies = { cdk8s: '^2.70.0', constructs: '^10.4.0' };
const devDependencies = { tsx: '^4.20.0', typescript: '^5.9.0' };

const tsconfig = { compilerOptions: { module: 'nodenext', strict: true, skipLibCheck: true, types: [] } };

/**
 * What makes a folder of TypeScript a project: how to run it, its dependencies, and how to check it. What is there already stays as it is, and
 * inside another project that one's dependencies and settings serve.
 * @param out absolute path
 */
export function projectFiles(out: string, version: string): AppFiles {
  const files = new Map<string, string>();
  const hasSettings = ['cdk8s.yaml', 'tierwall.config.ts', 'tierwall.config.js'].some((name) =>
    existsSync(join(out, name)),
  );
  if (!hasSettings) files.set('cdk8s.yaml', cdk8sYaml);
  if (!isInside(out, 'package.json')) {
    const all = { tierwall: `^${version}`, ...dependencies };
    files.set('package.json', json({ private: true, dependencies: all, devDependencies }));
  }
  if (!isInside(out, 'tsconfig.json')) files.set('tsconfig.json', json(tsconfig));
  return files;
}

/** Whether the folder, or one around it, holds such a file. */
function isInside(folder: string, name: string): boolean {
  if (existsSync(join(folder, name))) return true;
  const parent = dirname(folder);
  return parent !== folder && isInside(parent, name);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
