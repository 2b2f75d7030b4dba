import type { Project } from '../project';
import { type InitFile, plainFile } from './init-file';

/** Packages in the ranges that tierwall itself is tested with, by name. */
export type Ranges = Readonly<Record<string, string>>;

export const runtimePackages = ['tierwall', 'cdk8s', 'constructs'] as const;
export const developmentPackages = ['@types/node', 'tsx', 'typescript', 'vitest'] as const;

export function packageJson({ name }: Project, ranges: Ranges): InitFile {
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((own) => [own, ranges[own]]));
  const content = {
    name,
    private: true,
    scripts: {
      synth: 'tierwall synth',
      test: 'tsc --noEmit && vitest run',
      check: 'tierwall check',
    },
    dependencies: pick(runtimePackages),
    devDependencies: pick(developmentPackages),
  };
  return plainFile('package.json', `${JSON.stringify(content, undefined, 2)}\n`);
}

export function tsconfig(): InitFile {
  const content = {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    },
    exclude: ['node_modules', 'dist'],
  };
  return plainFile('tsconfig.json', `${JSON.stringify(content, undefined, 2)}\n`);
}

export function gitignore(): InitFile {
  return plainFile('.gitignore', 'node_modules/\ndist/\n');
}
