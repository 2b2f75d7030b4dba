import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { lintSettings } from '../config/lint-settings';
import { readSettings } from '../config/read-settings';
import type { HandedSource } from '../constructs/handed-over';
import { recordedSourceName } from '../constructs/recorded-source';
import { acceptBaseline } from '../lint/baseline';
import { baselineFile, readBaselineFile } from '../lint/baseline-file';
import { lint } from '../lint/lint';
import { appOfSource, type LintedApp } from '../lint/linted-app';
import { lintDescriptors } from '../lint/registry';
import { defaultProfile, profileOf } from '../model/cni-profiles';
import { type RuleDescriptor, type Severity, severities } from '../model/finding';
import { type FoundItem, unsuppressed } from '../model/finding-report';
import { InputError } from '../model/issue';
import { today } from '../read/as-of';
import { foundItems } from '../read/found-items';
import { readRawManifests } from '../read/raw-manifests';
import { counted } from '../render/connectivity/visible-text';

export interface LintedManifests {
  /** Those that count, each with the name of its object; empty for one that is about no object. */
  readonly items: readonly (FoundItem & { readonly resource: string })[];
  readonly rules: readonly RuleDescriptor[];
  readonly failOn: Severity;
  readonly fails: boolean;
  readonly subject: string;
}

/**
 * Lints files that cdk8s wrote, by the settings of the project in `cwd`; each finding at the line of the code where the app left word of it.
 * @throws InputError for settings that are mistakes, and files that cannot be read
 */
export async function lintManifests(
  files: readonly string[],
  cwd: string,
  failOn: Severity | undefined,
): Promise<LintedManifests> {
  const project = await readSettings(cwd);
  const { lint: config, cni } = project.config;
  const settings = lintSettings(project, (cni ? profileOf(cni) : undefined) ?? defaultProfile, today());
  const words = files.map((file) => relative(cwd, resolve(cwd, file)) || file);
  const input = await readRawManifests(words, { cwd });
  const unreadable = input.issues.filter(({ code }) => code === 'unreadable');
  if (unreadable.length > 0) throw new InputError(unreadable);
  const app = recordedApp(files);
  const found = foundItems(lint([{ ...input, ...(app ? { app } : {}) }], settings), cwd);
  const file = baselineFile(cwd, config?.baseline);
  const items = acceptBaseline(found, readBaselineFile(file), new Set(words), file);
  const least = failOn ?? config?.failOn ?? 'warning';
  const counting = unsuppressed({ items }).map((item) => ({
    ...item,
    resource: item.object?.replace(/^.*[ /]/, '') ?? '',
  }));
  const { policies } = input.cluster;
  return {
    items: counting,
    rules: lintDescriptors,
    failOn: least,
    fails: counting.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(least)),
    subject: counted(policies.length, 'policy', 'policies'),
  };
}

/** What the app recorded beside its manifests, or in a folder above. */
function recordedApp(files: readonly string[]): LintedApp | undefined {
  for (const file of files) {
    for (const folder of [dirname(file), dirname(dirname(file))]) {
      const path = join(folder, recordedSourceName);
      if (existsSync(path)) return appOfSource(JSON.parse(readFileSync(path, 'utf8')) as HandedSource);
    }
  }
  return undefined;
}
