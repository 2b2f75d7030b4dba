import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { wholeRow } from '../../analysis/diff/approved-part';
import { listDiff } from '../../analysis/diff/diff';
import { type GateRules, judgeDiff } from '../../analysis/diff/gate';
import type { OwnerKeys } from '../../analysis/diff/owners';
import { approvalOfTrailer, approvalTrailer, readApprovals } from '../../config/approvals';
import { readSettings } from '../../config/read-settings';
import type { TierwallConfig } from '../../config/tierwall-config';
import { didYouMean } from '../../constructs/did-you-mean';
import type { CniProfile } from '../../model/cni-profile';
import type { WorkloadRef } from '../../model/connectivity-listing';
import { type Approval, type DiffListing, usualApprovalsFile } from '../../model/diff-listing';
import { InputError, type Issue } from '../../model/issue';
import { LabelScheme } from '../../model/label-scheme';
import { matcherOf } from '../../model/name-pattern';
import { type RiskId, riskIds } from '../../model/risk';
import { today } from '../../read/as-of';
import { trailersBetween } from '../../read/git-trailers';
import type { StatePair } from './committed-app';
import type { DiffFlags } from './diff';
import type { DiffStates } from './diff-states';

/** The labels that say which team and environment something belongs to, as the project has set them. */
export async function ownersIn(cwd: string): Promise<OwnerKeys> {
  return new LabelScheme((await readSettings(cwd)).config.lint?.labels).keys;
}

/** What the change means in one cluster, not judged yet. */
export function listPair({ cluster, before, after }: StatePair, profile: CniProfile, owners: OwnerKeys): DiffListing {
  const guarantees = { before: before.guarantees, after: after.guarantees };
  const listing = listDiff(before.cluster, after.cluster, profile, { owners, guarantees });
  return cluster === undefined ? listing : { ...listing, cluster };
}

/**
 * The differences, one for each cluster, with whether they may pass, by the options, the settings and approvals. Budgets are those of each cluster.
 * @throws InputError
 */
export async function judged(
  listings: readonly DiffListing[],
  flags: Pick<DiffFlags, 'failOn' | 'approvals'>,
  cwd: string,
  commits: DiffStates['commits'],
): Promise<DiffListing[]> {
  const { config } = await readSettings(cwd);
  const { budgets = {}, failOn = [] } = config.diff ?? {};
  const given = flags.failOn ? checked(flags.failOn) : failOn;
  const asked = given.length > 0 || flags.failOn || config.diff?.budgets ? given : (['any'] as const);
  // Named on the command line, no other risk is asked about.
  const counted = Object.entries(budgets).filter(([risk]) => !flags.failOn || given.includes(risk as RiskId));
  const rules: GateRules = { failOn: asked, budgets: Object.fromEntries(counted) };
  const approvalsFile = flags.approvals ?? config.diff?.approvals;
  const approvals = approvalsOf(approvalsFile, commits, cwd);
  const gated = listings.map((listing) => ({ listing, gate: judgeDiff(listing, rules, approvals, today()) }));
  // What is of use in one cluster is not without effect.
  const used = new Set(gated.flatMap(({ gate }) => gate.approved.map(({ approval }) => approval)));
  return gated.map(({ listing, gate }) => ({
    ...listing,
    gate: {
      ...gate,
      ...(approvalsFile === undefined ? {} : { approvalsFile }),
      idle: gate.idle
        .filter(({ approval }) => !used.has(approval))
        .map((idle) => {
          const nearest = idle.why === 'unused' ? slipOf(idle.approval, listing) : undefined;
          return nearest ? { ...idle, nearest } : idle;
        }),
    },
  }));
}

/** What an approval may have meant to name: of what has its risk, where it names nothing of that. */
function slipOf({ risk, at }: Approval, listing: DiffListing): string | undefined {
  const rows = listing.risks.find(({ id }) => id === risk)?.rows ?? [];
  const refs = rows.flatMap((row): readonly WorkloadRef[] => Object.values(wholeRow(listing, row)).flat());
  const names = [...new Set(refs.flatMap(({ namespace, name }) => [`${namespace}/${name}`, `${namespace}/*`]))].sort();
  if (at === undefined || names.some(matcherOf(at))) return undefined;
  const whole = names.find((name) => name.endsWith(`/${at}`));
  return whole ? `did you mean \`${whole}\`?` : didYouMean(at, names);
}

/** Whether a lost guarantee may fail the change. */
export function failsOnGuarantees({ failOn }: Pick<DiffFlags, 'failOn'>, { diff = {} }: TierwallConfig): boolean {
  const asked: readonly string[] = failOn ?? [...(diff.failOn ?? []), ...Object.keys(diff.budgets ?? {})];
  return asked.includes('guarantee-lost');
}

/** @throws InputError for what is no risk */
function checked(failOn: NonNullable<DiffFlags['failOn']>): GateRules['failOn'] {
  const known: readonly string[] = [...riskIds, 'any', 'none'];
  const wrong = failOn.filter((risk) => !known.includes(risk));
  if (wrong.length > 0) {
    throw new InputError(
      wrong.map((risk) => ({
        code: 'bad-usage',
        message: `\`--fail-on ${risk}\` is no risk`,
        place: {},
        hint: `there are ${known.join(', ')}`,
      })),
    );
  }
  return failOn.filter((risk) => risk !== 'none');
}

/** @throws InputError with the mistakes of the file and of all commits */
function approvalsOf(file: string | undefined, commits: DiffStates['commits'], cwd: string): Approval[] {
  const issues: Issue[] = [];
  const sources = [() => fileApprovals(file, cwd), ...trailerApprovals(commits, cwd)];
  const approvals = sources.flatMap((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues.push(...error.issues);
      return [];
    }
  });
  if (issues.length > 0) throw new InputError(issues);
  return approvals;
}

function fileApprovals(given: string | undefined, cwd: string): Approval[] {
  const shown = given ?? usualApprovalsFile;
  const path = resolve(cwd, shown);
  if (existsSync(path)) return readApprovals(path, shown);
  if (given === undefined) return [];
  const message = `there is no \`${given}\``;
  throw new InputError([
    { code: 'unreadable', message, place: { file: given }, hint: 'correct the path of the approvals' },
  ]);
}

function trailerApprovals(commits: DiffStates['commits'], cwd: string): (() => Approval)[] {
  if (!commits) return [];
  return trailersBetween(commits.from, commits.to, approvalTrailer, cwd).map(
    ({ commit, value }) =>
      () =>
        approvalOfTrailer(value, commit),
  );
}
