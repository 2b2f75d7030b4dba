import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { settingsFiles } from '../config/read-settings';
import { projectIn } from '../init/project';
import { shellWord } from '../init/shell-word';
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
 * @param tierwall what package.json asks for to get it, as in `^1.2.3`
 */
export function projectFiles(out: string, tierwall: string): AppFiles {
  const files = new Map<string, string>();
  if (!settingsFiles.some((name) => existsSync(join(out, name)))) files.set('cdk8s.yaml', cdk8sYaml);
  if (folderWith(out, 'package.json') === undefined) {
    files.set('package.json', json({ private: true, dependencies: { tierwall, ...dependencies }, devDependencies }));
  }
  if (folderWith(out, 'tsconfig.json') === undefined) files.set('tsconfig.json', json(tsconfig));
  return files;
}

/**
 * What installs the packages that the app needs: those that the package.json which serves it does not ask for are added there.
 * @param out absolute path, of a folder that is written
 * @param tierwall what that package.json is to ask for to get it, as in `^1.2.3` or `file:` with an absolute path
 */
export function installCommand(out: string, tierwall: string): string {
  const { manager, packages } = projectIn(folderWith(out, 'package.json') ?? out);
  const missing = ['tierwall', ...Object.keys(dependencies), ...Object.keys(devDependencies)]
    .filter((name) => !packages.has(name))
    .map((name) => (name === 'tierwall' && tierwall.startsWith('file:') ? shellWord(tierwall) : name));
  return missing.length === 0 ? `${manager.name} install` : `${manager.add} ${missing.join(' ')}`;
}

/** The folder, or the nearest one around it, that holds such a file. */
function folderWith(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : folderWith(parent, name);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
