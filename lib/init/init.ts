import { join } from 'node:path';
import { appFiles } from './files/app';
import type { InitFile } from './files/init-file';
import {
  developmentPackages,
  gitignore,
  packageJson,
  type Ranges,
  runtimePackages,
  tsconfig,
} from './files/package-json';
import { githubWorkflow, gitlabPipeline, hookPath, preCommitHook } from './files/pipelines';
import { gitattributes, settings } from './files/settings';
import { networkTest } from './files/test';
import { type Pipeline, type Project, projectIn } from './project';
import { writeNew } from './write-new';

export interface InitResult {
  /** Every file that a project gets; `kept` is one that was there, and stays as it was. */
  readonly files: readonly { readonly path: string; readonly outcome: 'written' | 'kept' }[];
  /** Commands to run next, with what each is for. */
  readonly next: readonly { readonly command: string; readonly purpose: string }[];
}

/** Makes a project of a folder, or adds one to the project that is there. Nothing that exists is changed. */
export function init(folder: string, ranges: Ranges, ci: readonly Pipeline[]): InitResult {
  const project = projectIn(folder);
  const files = filesFor(project, ranges, ci).map((file) => ({
    path: file.path,
    outcome: writeNew(folder, file),
  }));
  const kept = new Set(files.flatMap(({ path, outcome }) => (outcome === 'kept' ? [path] : [])));
  return { files, next: nextSteps(project, kept) };
}

function filesFor(project: Project, ranges: Ranges, ci: readonly Pipeline[]): InitFile[] {
  const folder = project.place === 'own' ? '' : 'network/';
  return [
    packageJson(project, ranges),
    tsconfig(),
    gitignore(),
    gitattributes(),
    settings(project, folder),
    ...appFiles(folder),
    networkTest(folder),
    ...(ci.includes('github') ? [githubWorkflow(project)] : []),
    ...(ci.includes('gitlab') ? [gitlabPipeline(project)] : []),
    preCommitHook(project),
  ];
}

function nextSteps({ manager, packages }: Project, kept: ReadonlySet<string>): InitResult['next'] {
  const missing = [...runtimePackages, ...developmentPackages].filter((name) => !packages.has(name));
  const install = kept.has('package.json') ? `${manager.add} ${missing.join(' ')}` : `${manager.name} install`;
  const steps = [
    { command: install, purpose: 'installs what the app needs; commit the lock file' },
    { command: `${manager.run} tierwall synth`, purpose: 'writes the policies; commit them' },
    { command: `${manager.run} vitest run`, purpose: 'runs the tests of the network' },
    { command: `git config core.hooksPath ${join(hookPath, '..')}`, purpose: 'checks each commit, in this clone' },
  ];
  return missing.length === 0 ? steps.slice(1) : steps;
}
