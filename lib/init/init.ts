import { relative } from 'node:path';
import { appFiles, exampleFor } from './files/app';
import type { InitFile } from './files/init-file';
import {
  developmentPackages,
  gitignore,
  packageJson,
  type Ranges,
  runtimePackages,
  tsconfig,
} from './files/package-json';
import { githubWorkflow, gitlabPipeline, hookCommand, preCommitHook } from './files/pipelines';
import { gateSettings, gitattributes, settings as settingsFile } from './files/settings';
import { networkTest } from './files/test';
import { type Pipeline, type Project, projectIn } from './project';
import { shellWord } from './shell-word';
import { type WrittenFile, writeAllNew } from './write-new';

export interface InitResult {
  /** Every file that a project gets; `kept` is one that was there, and stays as it was. */
  readonly files: readonly WrittenFile[];
  /** What has to be known before the next steps, a sentence each. */
  readonly notes: readonly string[];
  /** Commands to run next, with what each is for. */
  readonly next: readonly { readonly command: string; readonly purpose: string }[];
}

export interface InitOptions {
  /** In which the next steps are run. @default the project's folder */
  readonly cwd?: string;
  /** Where tierwall itself runs from, if only the registry could have it. */
  readonly checkout?: string | undefined;
}

/**
 * Makes a project of a folder, or adds one to the project that is there. Nothing that exists is changed.
 * @throws InputError for what stands in the way
 */
export function init(
  folder: string,
  ranges: Ranges,
  ci: readonly Pipeline[],
  { cwd = folder, checkout }: InitOptions = {},
): InitResult {
  const project = projectIn(folder);
  const files = writeAllNew(folder, filesFor(project, ranges, ci));
  const kept = new Set(files.flatMap(({ path, outcome }) => (outcome === 'kept' ? [path] : [])));
  const enter = relative(cwd, folder);
  return {
    files,
    notes: notesFor(project, ci, kept, ranges['tierwall'] ?? '', checkout),
    next: [
      ...(enter === '' ? [] : [{ command: `cd ${shellWord(enter)}`, purpose: 'where all of this is' }]),
      ...nextSteps(project, kept, ranges['tierwall'] ?? ''),
    ],
  };
}

function appFolder({ place }: Project): string {
  return place === 'beside' ? 'network/' : '';
}

function filesFor(project: Project, ranges: Ranges, ci: readonly Pipeline[]): InitFile[] {
  const folder = appFolder(project);
  const example = exampleFor(project);
  return [
    packageJson(project, ranges),
    tsconfig(),
    gitignore(),
    gitattributes(),
    settingsFile(project, folder),
    ...(project.place === 'taken' ? [] : [...appFiles(folder, example), networkTest(folder, example)]),
    ...(ci.includes('github') ? [githubWorkflow(project)] : []),
    ...(ci.includes('gitlab') ? [gitlabPipeline(project)] : []),
    preCommitHook(project),
  ];
}

function notesFor(
  project: Project,
  ci: readonly Pipeline[],
  kept: ReadonlySet<string>,
  range: string,
  checkout: string | undefined,
): string[] {
  const { manifests, below, place, packages, settings } = project;
  const network = `${appFolder(project)}network.ts`;
  const { namespace } = exampleFor(project);
  const notes = [];
  const lacking = place === 'taken' ? Object.keys(gateSettings(project)).filter((name) => !settings.has(name)) : [];
  if (lacking.length > 0) {
    const lines = lacking.map((name) => `\`${name}: ${gateSettings(project)[name]}\``).join(' and ');
    notes.push(
      `the app that is there stays as it is; below \`tierwall:\` in its cdk8s.yaml, ${lines} would have its tests and changes gated as in a new project`,
    );
  }
  if (place !== 'taken' && !kept.has(network) && (place === 'beside' || manifests.length > 0)) {
    notes.push(
      `${network} declares an example in namespace ${namespace}, and nothing of yours: put your own namespaces and services there before you apply what it writes`,
    );
  }
  if (manifests.length > 0) {
    const paths = manifests.map(shellWord).join(' ');
    notes.push(
      `there are manifests: \`${project.manager.run} tierwall import ${paths} --out imported\` makes an app of their policies and workloads, and \`tierwall check ${paths}\` checks them as they are; once ${place === 'taken' ? 'the app' : network} declares them, the setting \`workloads\` has its check compare labels and ports`,
    );
  }
  if (below !== '' && ci.length > 0) {
    notes.push(
      `pipelines are read at the top of a repository, and this is ${below}: move them there, and run their commands here`,
    );
  }
  if (checkout !== undefined && !packages.has('tierwall')) {
    notes.push(
      `package.json asks for tierwall ${range}, which is in the registry once it is published: until then \`npm pack\` in ${checkout}, and give the path of what it makes as \`file:…\``,
    );
  }
  return notes;
}

function nextSteps(project: Project, kept: ReadonlySet<string>, range: string): InitResult['next'] {
  const { manager, packages } = project;
  const missing = [...runtimePackages, ...developmentPackages].filter((name) => !packages.has(name));
  const asked = missing.map((name) => (name === 'tierwall' && range.startsWith('file:') ? shellWord(range) : name));
  const install = kept.has('package.json') ? `${manager.add} ${asked.join(' ')}` : `${manager.name} install`;
  const steps = [
    { command: install, purpose: 'installs what the app needs; commit the lock file' },
    { command: `${manager.run} tierwall synth`, purpose: 'writes the policies; commit them' },
    { command: `${manager.run} vitest run`, purpose: 'runs the tests of the network' },
    ...(project.repository === 'none'
      ? [{ command: 'git init', purpose: 'the output is committed, and changes are told against commits' }]
      : []),
    { command: hookCommand(project), purpose: 'checks each commit, in this clone' },
  ];
  return missing.length === 0 ? steps.slice(1) : steps;
}
