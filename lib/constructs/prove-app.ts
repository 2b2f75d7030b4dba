import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Construct } from 'constructs';
import type { UnreadPolicy } from '../model/cluster';
import { InputError, placeToString } from '../model/issue';
import type { Policy } from '../model/policy';
import type { EnvironmentModel } from '../model/program';
import { readCluster } from '../read/cluster';
import { besideIn, type ProofOutcome, provePolicies } from './proof';
import { synthesize } from './synthesizer';

/** Asks an app that is run to prove policies that exist, instead of giving its own: a {@link ProveRequest} as JSON. */
export const proveVariable = 'TIERWALL_PROVE';

export interface ProveRequest {
  /** The folder of the GitOps layout. */
  readonly out: string;
  /** Sources of what others wrote, as a command takes them; without standard input. */
  readonly others: readonly string[];
  readonly cwd: string;
}

/** What proving the policies of a folder came to. */
export interface FolderProof extends ProofOutcome {
  /** Policies of kinds that are not read: they leave every answer unknown. */
  readonly unread: readonly string[];
}

/**
 * Proves the policies in the output folder, together with those that others wrote, against what the app declares.
 * @throws InputError for mistakes of the program, and for what cannot be read
 */
export async function proveFolder(root: Construct, { out, others, cwd }: ProveRequest): Promise<FolderProof> {
  const result = synthesize(root);
  if (result.issues.length > 0) throw new InputError(result.issues);
  const before = process.cpuUsage();
  const policies = new Map<EnvironmentModel, readonly Policy[]>();
  const unread: UnreadPolicy[] = [];
  for (const environment of result.program.environments) {
    const folder = join(out, environment.name);
    if (!existsSync(folder)) throw missing(folder);
    const cluster = await readCluster([relative(cwd, folder)], { cwd });
    policies.set(environment, cluster.policies);
    unread.push(...cluster.unread);
  }
  const given = others.length > 0 ? [await readCluster(others, { cwd })] : [];
  unread.push(...[...given, ...result.beside.clusters.values()].flatMap((cluster) => cluster.unread));
  const hint = 'narrow the policies, or declare it in the app';
  const outcome = provePolicies(result, policies, {
    hint,
    before,
    others: (cluster) => [...besideIn(result, cluster), ...given],
  });
  return {
    ...outcome,
    unread: [...new Set(unread.map(({ kind, name, place }) => `${kind} ${name} (${placeToString(place)})`))],
  };
}

function missing(folder: string): InputError {
  const hint = 'run `tierwall synth` first, or give the folder with `--out`';
  return new InputError([{ code: 'no-policies', message: 'there are no policies', place: { file: folder }, hint }]);
}
