import type { DiffListing } from '../model/diff-listing';
import { unsuppressed } from '../model/finding-report';
import type { Issue } from '../model/issue';
import { counted } from '../render/connectivity/visible-text';
import { findingsOfDiff } from '../render/diff/findings';
import type { CheckStep } from './check-result';

/**
 * What the change means, and whether it may pass. A risk is a finding only where the change fails on it: others are told with the change.
 * @param since as in `since a1b2c3d (origin/main)`
 * @param gate `told`: the settings name nothing that a change fails on
 */
export function changeStep(listings: readonly DiffListing[], since: string, gate: 'gated' | 'told'): CheckStep {
  const changed = listings.filter(({ verdict }) => verdict !== 'equal');
  const items = changed.flatMap((listing) => {
    const failing = listing.gate?.failures.map(({ risk }): string => risk) ?? [];
    return unsuppressed(findingsOfDiff(listing, failing.includes('any') ? undefined : failing));
  });
  const texts = changed.map(shortText);
  if (texts.length > 0 && gate === 'told') texts.push('told only, since `diff.failOn` is not set');
  const failed = listings.some(({ gate }) => gate?.verdict === 'failed');
  const summary = `${since}: ${texts.length > 0 ? texts.join('; ') : 'no change in meaning, which is proved'}`;
  return { id: 'change', verdict: failed ? 'failed' : 'passed', summary, items };
}

/** What it is in full is told with the change. */
function shortText({ cluster, verdict, gate }: DiffListing): string {
  const where = cluster === undefined ? '' : `cluster ${cluster}: `;
  const what = verdict === 'unknown' ? 'unknown, for policies of kinds that are not read' : 'different';
  const failures = gate?.failures.map(({ risk, count }) => (risk === 'any' ? risk : `${risk} (${count})`)) ?? [];
  return `${where}${what}${failures.length > 0 ? `, fails on ${failures.join(', ')}` : ''}`;
}

/**
 * What the change means cannot be told: where a change is gated, it does not pass unseen.
 * @param reason as in `there is no branch to compare with`
 */
export function untoldChange(reason: string, gate: 'gated' | 'told'): CheckStep {
  const verdict = gate === 'gated' ? 'failed' : 'skipped';
  return { id: 'change', verdict, summary: `cannot be told: ${reason}`, items: [] };
}

/** @param issues which lint finds too, each at its place */
export function whyNoCluster(issues: readonly Issue[]): string {
  const first = issues[0] ? `: ${issues[0].message}` : '';
  return `${counted(issues.length, 'problem')} in the manifests${first}`;
}

export function skippedChange(reason: string): CheckStep {
  return { id: 'change', verdict: 'skipped', summary: reason, items: [] };
}
