import type { Project } from '../project';
import { type InitFile, plainFile } from './init-file';

/** The folder of the policies that are written. */
const out = 'policies';

/** A change that brings one of these about is looked at by somebody, and approved. */
const risks = ['internet', 'isolation-lost', 'guarantee-lost', 'cross-environment'];

/** What a new project gets for its gate, by setting, as in cdk8s.yaml. */
export function gateSettings({ manager }: Project): Readonly<Record<string, string>> {
  return { tests: `${manager.run} vitest run`, diff: `{ failOn: [${risks.join(', ')}] }` };
}

const whenDeclared = 'once they are declared: then `tierwall check` compares their labels and ports';

/** Paths in which the manifests of workloads are; of the folder itself only its own files, and not all below. */
function workloadPaths({ manifests }: Project): string[] {
  return manifests.map((folder) => (folder === '.' ? '*.yaml' : `${folder}/`));
}

/**
 * How the app is run, and where its policies go. An app beside another one leaves that one's cdk8s.yaml alone. Manifests that are there wait
 * in a comment: the example names none of their workloads, and the first check is to pass.
 */
export function settings(project: Project, folder: string): InitFile {
  const { place, manager } = project;
  const paths = workloadPaths(project);
  const app = `${manager.run} tsx ${folder}main.ts`;
  if (place !== 'beside') {
    return plainFile(
      'cdk8s.yaml',
      `language: typescript
app: ${app}
output: dist
tierwall:
  out: ${out}
  tests: ${manager.run} vitest run
  diff:
    failOn: [${risks.join(', ')}] # what a change must not bring about, unless it is approved
${paths.length > 0 ? `  # workloads: ${JSON.stringify(paths)} # ${whenDeclared}\n` : ''}`,
    );
  }
  return plainFile(
    'tierwall.config.ts',
    `import { defineConfig } from 'tierwall/config';

export default defineConfig({
  app: '${app}',
  out: '${out}',
  tests: '${manager.run} vitest run',
  diff: { failOn: [${risks.map((risk) => `'${risk}'`).join(', ')}] }, // what a change must not bring about, unless it is approved
${paths.length > 0 ? `  // workloads: ${JSON.stringify(paths)}, // ${whenDeclared}\n` : ''}});
`,
  );
}

/** Policies are compared byte by byte, on every system. */
export function gitattributes(): InitFile {
  return plainFile('.gitattributes', `${out}/** text eol=lf\n`);
}
