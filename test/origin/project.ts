import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');
const modules = join(root, 'node_modules');
const room = join(root, 'lib/origin');

/** What a program prints with `show`: the resolved positions of its statements. */
export type Shown = readonly ({ readonly file: string; readonly line: number; readonly column: number } | null)[];

/**
 * Stands for tierwall: a class that takes its origin, a method that declares on the user's behalf, and `show`, by which
 * the program hands its origins to the test.
 */
const statementSource = `import { Origin } from './origin/origin';
export class Statement {
  readonly origin = Origin.capture();
  allowFrom() {
    return new Statement();
  }
}
export const show = (...statements: Statement[]) =>
  console.log(JSON.stringify(statements.map(({ origin }) => origin?.resolve() ?? null)));
`;

/** A user's project in a folder of its own, with tierwall's origin room in it. */
export class Project {
  private constructor(readonly folder: string) {
    this.link('node_modules/@jridgewell');
    this.link('node_modules/@types');
    this.write('package.json', '{ "type": "commonjs" }');
    const compilerOptions = {
      target: 'es2022',
      module: 'commonjs',
      moduleResolution: 'node10',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions }));
  }

  static create(name = 'project'): Project {
    const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'tierwall-origin-'))), name);
    mkdirSync(folder);
    return new Project(folder);
  }

  /** Puts tierwall into a folder of the project: as TypeScript, or compiled as in the package. */
  withTierwall(form: 'source' | 'compiled', folder = 'tierwall'): this {
    const files = readdirSync(room).map((name) => [`origin/${name}`, readFileSync(join(room, name), 'utf8')] as const);
    for (const [name, text] of [...files, ['statement.ts', statementSource] as const]) {
      if (form === 'source') this.write(`${folder}/${name}`, text);
      else this.write(`${folder}/${name.replace(/\.ts$/, '.js')}`, compile(text, name).code);
    }
    return this;
  }

  write(path: string, text: string): this {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
    return this;
  }

  at(path: string): string {
    return join(this.folder, path);
  }

  /** Runs `node` with the arguments in the project and gives what it prints. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    // Without the options that vitest gives to its own workers.
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    return execFileSync(process.execPath, args, {
      cwd: this.folder,
      env: { ...inherited, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs a program that ends in `show(…)`. */
  shown(args: readonly string[], env?: NodeJS.ProcessEnv): Shown {
    return JSON.parse(this.run(args, env)) as Shown;
  }

  remove(): void {
    rmSync(dirname(this.folder), { recursive: true, force: true });
  }

  private link(path: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(join(root, path), this.at(path), 'junction');
  }
}

/** Node's arguments that make a loader of this repository run a TypeScript file. */
export const loader = {
  tsx: [join(modules, 'tsx/dist/cli.mjs')],
  tsNode: ['-r', join(modules, 'ts-node/register')],
} as const;

/** CommonJS as `tsc` writes it, with its map apart. */
export function compile(source: string, fileName: string): { readonly code: string; readonly map: string } {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, sourceMap: true },
  });
  return { code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText ?? '' };
}
