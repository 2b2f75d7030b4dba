import { unreadToString } from '../model/cluster';
import { issueToString, placeToString } from '../model/issue';
import type { ShownImport } from '../render/import/txt';
import type { ImportResult } from './import';
import type { WrittenApp } from './write-app';

/** What became of a result. */
export interface ImportOutcome {
  readonly out: string;
  /** Undefined where nothing was. */
  readonly written: WrittenApp | undefined;
  /** Where the tighter app is, if there is one. */
  readonly tighterOut: string;
  /** The command that installs what the app needs. */
  readonly install: string;
}

/** The result as plain data: as it is shown, and as JSON. */
export function shownImport(result: ImportResult, { out, written, tighterOut, install }: ImportOutcome): ShownImport {
  const { made, plan, proof, policies, rules, raw, proposals, unsaid, tighter, leftOut, unread, open } = result;
  const states = [
    ...(written?.written ?? []).map((path) => ({ path, state: 'written' as const })),
    ...(written?.unchanged ?? []).map((path) => ({ path, state: 'unchanged' as const })),
  ];
  return {
    version: 1,
    out,
    made,
    files: states.sort((a, b) => (a.path < b.path ? -1 : 1)),
    namespaces: plan.namespaces.map(({ name }) => name),
    policies,
    services: proof.services,
    intents: proof.intents,
    rules: { ...rules, share: rules.total === 0 ? 100 : Math.floor((1000 * rules.constructs) / rules.total) / 10 },
    raw: raw.map(({ namespace, policy, reason, place }) => ({
      policy: `${namespace}/${policy}`,
      reason,
      place: placeToString(place),
    })),
    proposals,
    unsaid,
    ...(tighter && written
      ? {
          tighter: {
            out: tighterOut,
            services: tighter.proof.services,
            intents: tighter.proof.intents,
            removed: tighter.removed,
            diff: tighter.diff,
          },
        }
      : {}),
    leftOut: leftOut.map(issueToString),
    unread: unread.map((policy) => `${unreadToString(policy)} (${placeToString(policy.place)})`),
    open,
    install,
    proof: {
      verdict: proof.verdict,
      statements: proof.statements,
      differences: proof.differences.map(({ kind, direction, connection, allowedBy, place }) => ({
        kind,
        direction,
        connection,
        allowedBy,
        place: place ? placeToString(place) : '',
      })),
    },
  };
}
