import type { GuaranteeProof } from '../analysis/prove/guarantees';
import { proofIssues } from '../analysis/prove/proof-issues';
import { type Proof, prove } from '../analysis/prove/prove';
import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import type { Policy } from '../model/policy';
import type { EnvironmentModel } from '../model/program';
import { proofVariable } from './handed-over';
import type { Synthesized } from './synthesizer';

/** What the proof after a synthesis came to. */
export interface ProofSummary {
  readonly verdict: Proof['verdict'];
  /** Boxes of connections that were compared. */
  readonly statements: number;
  readonly guarantees: readonly {
    readonly name: string;
    /** Of the construct: two environments may have guarantees of one name. */
    readonly path: string;
    readonly verdict: GuaranteeProof['verdict'];
  }[];
  /** CPU time of reading back and comparing. */
  readonly cpuSeconds: number;
}

export interface ProofOutcome {
  readonly summary: ProofSummary;
  /** Differences and broken guarantees. */
  readonly issues: readonly Issue[];
}

/**
 * Compares what was emitted, read back, with what the program declares (design, Proof), together with the policies that the app writes beside it: they
 * are applied too. Undefined if proofs are switched off.
 * @param read reads back what was emitted for one environment
 */
export function proveEmitted(
  result: Synthesized,
  read: (environment: EnvironmentModel) => readonly Policy[],
): ProofOutcome | undefined {
  if (process.env[proofVariable] === 'off' && !guaranteesNeedProof(result)) return undefined;
  const before = process.cpuUsage();
  const policies = new Map(result.program.environments.map((e) => [e, read(e)] as const));
  const others = (cluster: string) => besideIn(result, cluster);
  const hint = writesBeside(result)
    ? `the app writes policies of its own beside tierwall's: declare what they allow, keep them as a RawPolicy, or remove them`
    : 'nothing is written; this is a defect of tierwall: please report it with the program';
  return provePolicies(result, policies, { hint, before, others });
}

/** The policies that the app writes beside ours, in one cluster. */
export function besideIn({ beside }: Synthesized, cluster: string): readonly Cluster[] {
  const found = beside.clusters.get(cluster);
  return found ? [found] : [];
}

function writesBeside({ beside }: Synthesized): boolean {
  return beside.clusters.size > 0;
}

/** Intents tell all that is open, and so whether guarantees hold, only where everything is denied that they do not open. */
function guaranteesNeedProof(result: Synthesized): boolean {
  const { guarantees, namespaces, services, rawPolicies } = result.program;
  if (guarantees.length === 0) return false;
  if (writesBeside(result)) return true;
  const open = namespaces.some((n) => n.unnamedPods === 'open') || services.some((s) => s.isolates !== 'both');
  return open || namespaces.some((n) => n.isolates !== 'both') || rawPolicies.length > 0;
}

/**
 * Compares policies with what the program declares.
 * @param policies of each environment
 */
export function provePolicies(
  { program, expired }: Synthesized,
  policies: ReadonlyMap<EnvironmentModel, readonly Policy[]>,
  options: {
    /** What to do about a difference. */
    readonly hint: string;
    /** When the work began, for the cost that is shown. */
    readonly before: { readonly user: number; readonly system: number };
    /** What else is known of a cluster: its policies count too. */
    readonly others: (cluster: string) => readonly Cluster[];
  },
): ProofOutcome {
  const { hint, before, others } = options;
  const byCluster = new Map<string, Policy[]>();
  for (const [{ cluster }, own] of policies) {
    const list = byCluster.get(cluster) ?? others(cluster).flatMap((other) => other.policies);
    byCluster.set(cluster, list);
    for (const policy of own) list.push(policy);
  }
  const past = new Set(expired);
  const active = program.intents.filter((intent) => !past.has(intent));
  const proof = prove(program, active, byCluster, others);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = Math.round((user + system) / 10_000) / 100;
  return {
    summary: {
      verdict: proof.verdict,
      statements: proof.statements,
      guarantees: proof.guarantees.map(({ guarantee, verdict }) => ({
        name: guarantee.name,
        path: guarantee.path,
        verdict,
      })),
      cpuSeconds,
    },
    issues: proofIssues(proof, hint),
  };
}
