import { type Issue, issueLines } from '../../model/issue';
import { counted } from '../connectivity/visible-text';
import type { Paint } from '../paint';

/** The part of a proof that is shown. */
export interface ShownProof {
  readonly summary: {
    readonly verdict: 'equal' | 'different';
    readonly statements: number;
    readonly guarantees: readonly { readonly path: string; readonly verdict: 'proved' | 'broken' }[];
    readonly cpuSeconds: number;
  };
  readonly issues: readonly Issue[];
  readonly unread: readonly string[];
}

/** What was proved of each app, what was not and why, for people. */
export function appProofToText(proofs: readonly ShownProof[], paint: Paint): string {
  const lines = proofs.flatMap(({ summary, issues, unread }) => [
    ...issueLines(issues).map((line) => paint.red(`not proved: ${line}`)),
    ...unread.map((what) =>
      paint.red(`unknown: ${what} is a policy of a kind that is not read, and could change any answer`),
    ),
    ...(summary.verdict === 'equal'
      ? [paint.green(`${equal(unread)}: the policies allow what is declared, nothing else`)]
      : []),
    ...summary.guarantees
      .filter(({ verdict }) => verdict === 'proved')
      .map(({ path }) => paint.green(`${equal(unread)}: guarantee \`${path}\``)),
    `${counted(summary.statements, 'box', 'boxes')} of connections compared, over every possible pod and address (${summary.cpuSeconds} CPU-s)`,
  ]);
  return `${lines.join('\n')}\n`;
}

export function appProofToJson(proofs: readonly ShownProof[]): string {
  const apps = proofs.map(({ summary, issues, unread }) => ({ ...summary, issues, unread }));
  return `${JSON.stringify({ version: 1, apps }, undefined, 2)}\n`;
}

function equal(unread: readonly string[]): string {
  return unread.length > 0 ? 'proved but for what is not read' : 'proved';
}
