import { relative, sep } from 'node:path';
import { type CheckResult, type CheckStep, checkResult } from '../../check/check-result';
import { checkRules, requireConnectivity } from '../../check/check-rules';
import { lintStep } from '../../check/lint-step';
import { outputStep } from '../../check/output-step';
import { proofStep } from '../../check/proof-step';
import { tablesStep } from '../../check/tables-step';
import { workloadsNote } from '../../check/workloads-note';
import { lintSettings } from '../../config/lint-settings';
import { readSettings, type Settings } from '../../config/read-settings';
import { sourceVariable } from '../../constructs/handed-over';
import { lint } from '../../lint/lint';
import { lintDescriptors } from '../../lint/registry';
import type { DiffListing } from '../../model/diff-listing';
import type { RuleDescriptor } from '../../model/finding';
import { badUsage, type InputError } from '../../model/issue';
import { testRunOf } from '../../model/test-run';
import { foundItems } from '../../read/found-items';
import { checkToJson } from '../../render/check/json';
import { checkToMd } from '../../render/check/md';
import { checkToTxt } from '../../render/check/txt';
import { diffsToMd, diffsToTxt } from '../../render/diff/clusters';
import { findingsOfDiff } from '../../render/diff/findings';
import { clustersOfApp } from '../../synth/app-source';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { readConfig } from '../../synth/config';
import { isManifest, readOutputFolder } from '../../synth/output-folder';
import { runApp } from '../../synth/run-app';
import { writeHandovers } from '../../synth/synth';
import { readPlacedTables, suitesOf, type TableOptions } from '../../testing/table/run-tables';
import { type Io, isWatched, paintFor } from '../io';
import { dayOf } from '../options/as-of';
import { judgingDay } from '../options/judging-day';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import { writeOutputs } from '../write-outputs';
import type { CheckFlags, CheckFormat } from './check';
import { changeOfApp, changeOfManifests } from './check-change';
import { rendered } from './findings-output';
import { type LintSubject, lintSubject, subjectOfApp } from './lint-input';
import { leastThatFails, lintReport } from './lint-report';
import { proveOutput } from './output-proof';
import { tableOptions } from './test-run';

/** Checks, prints and writes what was asked for; gives the exit code. */
export async function runCheck(io: Io, paths: readonly string[], flags: CheckFlags): Promise<number> {
  try {
    const project = await readSettings(io.cwd);
    const result = await (paths.length > 0 ? checkManifests(io, paths, flags, project) : checkApp(io, flags, project));
    io.stdout.write(shown(io, result, flags.output));
    const output = (name: string | undefined, text: () => string) =>
      name === undefined ? [] : [{ name, text: text() }];
    writeOutputs(io, [
      ...(['sarif', 'junit', 'gitlab'] as const).flatMap((format) =>
        output(flags[format], () => rendered(io, result.report, format)),
      ),
      ...output(flags.markdown, () => checkToMd(result.steps, result.report, changeInMd(result))),
    ]);
    return result.verdict === 'passed' ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

async function checkManifests(io: Io, paths: readonly string[], flags: CheckFlags, project: Settings) {
  if (flags.with) throw withPaths();
  const subject = await lintSubject(io, paths, { ...flags, output: 'txt' }, project);
  const change = await changeOfManifests(io, paths, flags, project);
  // Beside an app, tables are about that, unless they name manifests; and standard input is read once.
  const isApart = hasApp(flags, project) || paths.includes('-');
  const tables = isApart ? [] : await tabled(io, flags, { sources: paths });
  const steps = [await linted(io, subject, flags, project), ...tables, change.step];
  const rules = rulesOf([...lintDescriptors, ...(isApart ? [] : [requireConnectivity])], change.listings);
  return checkResult(steps, { rules, subject: subject.text }, change.listings);
}

function rulesOf(rules: readonly RuleDescriptor[], [listing]: readonly DiffListing[]): RuleDescriptor[] {
  return [...rules, ...(listing ? findingsOfDiff(listing).rules : [])].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function checkApp(io: Io, flags: CheckFlags, project: Settings): Promise<CheckResult> {
  if (!hasApp(flags, project)) throw noApp(flags.staged ? 'what is staged here' : `\`${io.cwd}\``);
  const asOf = dayOf(flags.asOf);
  const config = await readConfig(io.cwd, flags);
  const { app: command, out } = config;
  if (isWatched(io)) io.stderr.write(`running ${command}\n`);
  const print = (text: string) => void io.stderr.write(text);
  const env = { ...io.env, [sourceVariable]: 'asked' };
  const run = { command, cwd: io.cwd, env, signal: io.signal, print, ...(asOf ? { asOf } : {}) };
  const handovers = await runApp(run);
  const issues = handovers.flatMap((handover) => handover.issues);
  const proofOfApp = proofStep(
    issues,
    handovers.map((handover) => handover.proof),
  );
  const own = [...checkRules, ...lintDescriptors];
  if (proofOfApp.verdict === 'failed') {
    const skipped = (id: CheckStep['id']): CheckStep => {
      return { id, verdict: 'skipped', summary: 'nothing is written as long as the proof fails', items: [] };
    };
    const rules = rulesOf(own, []);
    return checkResult(
      [skipped('output'), proofOfApp, skipped('lint'), skipped('change')],
      { rules, subject: 'the app' },
      [],
    );
  }
  const clusters = await amongTheirWorkloads(clustersOfApp(handovers), project, io.cwd);
  const subject = await subjectOfApp(io, clusters, out);
  const { foreign, foreignKinds } = readOutputFolder(out);
  const folder = relative(io.cwd, out).split(sep).join('/');
  const given = writeHandovers(handovers, config, 'check');
  const output = outputStep(given, folder, foreignKinds);
  const beside = foreign.some(isManifest) || (flags.with ?? []).length > 0;
  const isWritten = given.differences.every(({ kind }) => kind === 'foreign' || kind === 'untracked');
  const proof = !beside
    ? proofOfApp
    : isWritten
      ? await proofWithOthers(io, { app: command, out }, flags.with ?? [], asOf)
      : withoutOthers(proofOfApp);
  const change = await changeOfApp(io, clusters, folder, flags, project);
  const lintOfApp = await linted(io, subject, flags, project, workloadsNote(clusters, project));
  const tables = await tabled(io, flags, { clusters: clustersOfApp(handovers) });
  const steps = [output, proof, lintOfApp, ...tables, change.step];
  return checkResult(steps, { rules: rulesOf(own, change.listings), subject: subject.text }, change.listings);
}

/** The app was proved by itself: this is of all that is applied with it. */
async function proofWithOthers(
  io: Io,
  app: { readonly app: string; readonly out: string },
  others: readonly string[],
  asOf: string | undefined,
): Promise<CheckStep> {
  const proofs = await proveOutput(io, app, others, asOf);
  return proofStep(
    proofs.flatMap(({ issues }) => issues),
    proofs.map(({ summary }) => summary),
    proofs.flatMap(({ unread }) => unread),
  );
}

function withoutOthers(proof: CheckStep): CheckStep {
  return {
    ...proof,
    summary: `${proof.summary}; policies of others are not counted in, as long as the output is not what the code gives`,
  };
}

async function linted(
  io: Io,
  subject: LintSubject,
  flags: CheckFlags,
  project: Settings,
  note?: string,
): Promise<CheckStep> {
  const settings = lintSettings(project, await profileFor(io.cwd, flags.cni), judgingDay(io, flags.asOf));
  const items = foundItems(lint(subject.inputs, settings), io.cwd).map(subject.located);
  return lintStep(lintReport(io, subject, items, project), leastThatFails(project), note);
}

/** Nothing where there is no table. */
async function tabled(
  io: Io,
  flags: CheckFlags,
  about: Pick<TableOptions, 'clusters' | 'sources'>,
): Promise<CheckStep[]> {
  const { tables, issues } = await readPlacedTables([], { ...(await tableOptions(io, flags)), ...about });
  return tables.length + issues.length > 0 ? [tablesStep(testRunOf(suitesOf(tables)), issues, io.cwd)] : [];
}

function shown(io: Io, result: CheckResult, output: CheckFormat): string {
  const { verdict, steps, report, changes } = result;
  const paint = paintFor(io.stdout, io.env);
  const told = diffsToTxt(changes, paint);
  switch (output) {
    case 'json':
      return checkToJson(verdict, steps, report);
    case 'md':
      return checkToMd(steps, report, changeInMd(result));
    case 'github':
      return rendered(io, report, 'github') + checkToTxt(steps, { ...report, items: [] }, told, paint);
    case 'txt':
      return checkToTxt(steps, report, told, paint);
  }
}

function changeInMd({ changes }: CheckResult): string {
  return diffsToMd(changes);
}

function withPaths(): InputError {
  const message = '`--with` goes with an app, whose proof it is about, and not with paths';
  return badUsage(message, 'leave it out, and name its path beside the others');
}

function hasApp({ app }: CheckFlags, { config, cdk8sApp }: Settings): boolean {
  return (app ?? config.app ?? cdk8sApp) !== undefined;
}

/** @param where as messages call it */
function noApp(where: string): InputError {
  const hint =
    'name manifests, as `tierwall check deploy/`; or write `app: npx tsx main.ts` into cdk8s.yaml, or give `--app`; `tierwall init` makes a whole project';
  return badUsage(`there is no app in ${where}`, hint);
}
