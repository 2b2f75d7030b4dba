import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';

export const root = resolve(__dirname, '../..');

const locked = (
  JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> }
).packages;

/** A development dependency in the version that the lock file has, as npm takes it. */
export function at(name: string): string {
  return `${name}@${locked[`node_modules/${name}`]?.version}`;
}

/** What `npm publish` would publish, from what `npm run build` built before. Returns the path of the tarball. */
export function pack(): string {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');
  const folder = mkdtempSync(join(tmpdir(), 'pack-'));
  // Without scripts: several suites pack at once, and must not build into one folder at once.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, '--silent'], root);
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
}

export interface ProjectFiles {
  readonly [path: string]: string | object;
}

/** An empty project with these files (objects are written as JSON) and a package.json. Returns its folder. */
export function makeProject(files: ProjectFiles, packageFields: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  writeFiles(folder, {
    'package.json': { name: 'user', version: '1.0.0', private: true, ...packageFields },
    ...files,
  });
  return folder;
}

export function writeFiles(folder: string, files: ProjectFiles): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

export function install(folder: string, packages: readonly string[]): void {
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--omit=optional', ...packages], folder);
}

/** An installed command, without what `npx` costs. */
export function bin(folder: string, name: string): string {
  return join(folder, 'node_modules', '.bin', name);
}

/** What the command prints. @throws if it fails, with what it printed */
export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...env } });
}

/** The same for commands that are expected to fail. */
export function attempt(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

export interface WrittenObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: object;
}

/** Paths of all files below a folder, with forward slashes, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** All Kubernetes objects in the YAML files below a folder, by `kind namespace/name`. @throws if an object is there twice */
export function objectsIn(folder: string): Record<string, WrittenObject> {
  const objects: Record<string, WrittenObject> = {};
  for (const file of filesIn(folder).filter((path) => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'))) {
    for (const object of loadAll(readFileSync(join(folder, file), 'utf8')) as WrittenObject[]) {
      const key = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
      if (key in objects) throw new Error(`${key} is written twice`);
      objects[key] = object;
    }
  }
  return objects;
}
