import { driftOf } from '../../analysis/drift/drift';
import { driftDescriptors } from '../../analysis/drift/drift-rules';
import { DriftWorld } from '../../analysis/drift/drift-world';
import { readLiveCluster } from '../../live/live-cluster';
import type { Cluster } from '../../model/cluster';
import { badUsage } from '../../model/issue';
import { foundItems } from '../../read/found-items';
import { counted } from '../../render/connectivity/visible-text';
import { type Io, isWatched } from '../io';
import { connect } from '../options/cluster';
import { readIntended } from '../options/intended';
import { reportFailure } from '../report-failure';
import type { DriftFlags } from './drift';
import { fails, printFindings } from './findings-output';

/** Reads both, compares and prints; gives the exit code. */
export async function runDrift(io: Io, paths: readonly string[], flags: DriftFlags): Promise<number> {
  try {
    checkFlags(flags);
    const intended = await readIntended(io, paths, flags);
    const api = await connect(io, flags);
    if (isWatched(io)) io.stderr.write(`reading cluster ${api.name}\n`);
    const live = await readLiveCluster(api, (note) => void io.stderr.write(`note: ${note}\n`), io.signal);
    const items = foundItems(driftOf(new DriftWorld(intended, live)));
    const report = { command: 'drift', rules: driftDescriptors, items, subject: subjectOf(live, api.name) };
    printFindings(io, report, flags.output);
    return fails(report, flags.failOn) ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

/** @throws InputError for what goes with `--watch` alone */
function checkFlags({ enforce, prune, events, listen, lease }: DriftFlags): void {
  const given = Object.entries({ enforce, prune, events, listen, lease }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  const message = `\`--${given[0]![0]}\` goes with \`--watch\``;
  throw badUsage(message, 'add `--watch`, or leave it out');
}

function subjectOf({ policies, workloads, namespaces }: Cluster, name: string): string {
  const parts = [
    counted(policies.length, 'policy', 'policies'),
    counted(workloads.length, 'workload'),
    counted(namespaces.length, 'namespace'),
  ];
  return `cluster ${name} (${parts.join(', ')})`;
}
