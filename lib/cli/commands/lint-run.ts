import { lint } from '../../lint/lint';
import { lintDescriptors } from '../../lint/registry';
import { defaultSettings, type LintSettings } from '../../lint/settings';
import { InputError } from '../../model/issue';
import { today } from '../../read/as-of';
import { type RawManifests, readRawManifests } from '../../read/cluster';
import { foundItems } from '../../read/found-items';
import { counted } from '../../render/connectivity/visible-text';
import type { Io } from '../io';
import { readLive, sourceWords } from '../options/cluster';
import { profileFor } from '../options/cni';
import { standardInput } from '../options/sources';
import { reportFailure } from '../report-failure';
import { fails, printFindings } from './findings-output';
import type { LintFlags } from './lint';

/** Reads, lints and prints; gives the exit code. */
export async function runLint(io: Io, paths: readonly string[], flags: LintFlags): Promise<number> {
  try {
    const input = await readManifests(io, paths, flags);
    const settings: LintSettings = {
      ...defaultSettings(today()),
      profile: await profileFor(io.cwd, flags.cni),
    };
    const items = foundItems(lint(input, settings));
    const report = { command: 'lint', rules: lintDescriptors, items, subject: subjectOf(input) };
    printFindings(io, report, flags.output);
    return fails(report, flags.failOn) ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output === 'json' ? 'json' : 'text', '');
  }
}

/** What is wrong with the words themselves ends the run; what is wrong with what they name is found. */
const badWords = new Set(['unreadable', 'bad-source']);

async function readManifests(io: Io, paths: readonly string[], flags: LintFlags): Promise<RawManifests> {
  const input = await readRawManifests(sourceWords(paths, flags), {
    cwd: io.cwd,
    stdin: () => standardInput(io),
    live: (context) => readLive(io, context, flags),
  });
  const bad = input.issues.filter(({ code }) => badWords.has(code));
  if (bad.length > 0) throw new InputError(bad);
  return input;
}

function subjectOf({ cluster: { policies, workloads } }: RawManifests): string {
  return `${counted(policies.length, 'policy', 'policies')} and ${counted(workloads.length, 'workload')}`;
}
