import type { Project } from '../project';
import { type InitFile, plainFile } from './init-file';

/** The folder of the policies that are written. */
const out = 'policies';

/** A change that brings one of these about is looked at by somebody, and approved. */
const risks = ['internet', 'isolation-lost', 'guarantee-lost', 'cross-environment'];

/** How the app is run, and where its policies go. An app beside another one leaves that one's cdk8s.yaml alone. */
export function settings({ place, manager }: Project, folder: string): InitFile {
  const app = `${manager.run} tsx ${folder}main.ts`;
  if (place === 'own') {
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
`,
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
});
`,
  );
}

/** Policies are compared byte by byte, on every system. */
export function gitattributes(): InitFile {
  return plainFile('.gitattributes', `${out}/** text eol=lf\n`);
}
