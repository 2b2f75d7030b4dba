import type { GuaranteeProof } from '../analysis/prove/guarantees';
import { proofIssues } from '../analysis/prove/proof-issues';
import { type Proof, prove } from '../analysis/prove/prove';
import type { Issue } from '../model/issue';
import type { Policy } from '../model/policy';
import type { EnvironmentModel } from '../model/program';
import type { Synthesized } from './synthesizer';

/** Set to `off`, nothing is proved. */
export const proofVariable = 'TIERWALL_PROOF';

/** What the proof after a synthesis came to. */
export interface ProofSummary {
  readonly verdict: Proof['verdict'];
  /** Boxes of connections that were compared. */
  readonly statements: number;
  readonly guarantees: readonly { readonly name: string; readonly verdict: GuaranteeProof['verdict'] }[];
  /** CPU time of reading back and comparing. */
  readonly cpuSeconds: number;
}

/**
 * Compares what was emitted, read back, with what the program declares (design, Proof).
 * @param read reads back what was emitted for one environment
 */
export function proveEmitted(
  { program, expired }: Synthesized,
  read: (environment: EnvironmentModel) => readonly Policy[],
): { readonly summary: ProofSummary; readonly issues: readonly Issue[] } | undefined {
  if (process.env[proofVariable] === 'off') return undefined;
  const before = process.cpuUsage();
  const policies = new Map<string, Policy[]>();
  for (const environment of program.environments) {
    const list = policies.get(environment.cluster) ?? [];
    policies.set(environment.cluster, list);
    for (const policy of read(environment)) list.push(policy);
  }
  const past = new Set(expired);
  const active = program.intents.filter((intent) => !past.has(intent));
  const proof = prove(program, active, policies);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = Math.round((user + system) / 10_000) / 100;
  return {
    summary: {
      verdict: proof.verdict,
      statements: proof.statements,
      guarantees: proof.guarantees.map(({ guarantee, verdict }) => ({ name: guarantee.name, verdict })),
      cpuSeconds,
    },
    issues: proofIssues(proof),
  };
}
