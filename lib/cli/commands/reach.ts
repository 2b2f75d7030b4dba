import { Command } from 'commander';
import { partyHelp, sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

const formats = ['txt', 'md', 'json', 'dot', 'mermaid'] as const;
export type ReachFormat = (typeof formats)[number];

export interface ReachFlags extends ClusterFlags {
  readonly from?: readonly string[];
  readonly stolen?: string;
  readonly maxHops?: string;
  readonly cni?: string;
  readonly output: ReachFormat;
}

const help = `
Without paths, in the folder of an app: what the app comes to, with a workload for each service. Sources are
${sourcesHelp}.
A start is written ${partyHelp}; several are one start: what any of them reaches.
Without --from and --stolen, all workloads are ranked by how many others they reach.

Examples:
  $ tierwall reach deploy/                               where a break-in would do the most harm
  $ tierwall reach deploy/ --from shop/frontend          how far somebody gets who is in the frontend
  $ tierwall reach deploy/ --from 0.0.0.0/0              how far the internet gets, hop by hop
  $ tierwall reach deploy/ --from "shop/*" --max-hops 1  what a namespace reaches directly
  $ tierwall reach deploy/ --stolen shop                 what a pod in shop could reach if its labels were chosen freely

Exit codes: 0 listed, 1 policies of a kind that is not read leave some of it unknown, 2 bad usage or input, 3 our own failure.
`;

export function reachCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return withClusterOptions(
    new Command('reach')
      .description('list what somebody could reach who has broken in: directly, and hop by hop over others')
      .argument('[path...]', 'manifests: files, folders, patterns, `-` or `REV:path` (default: the app of this folder)')
      .option('--from <who>', 'workloads or addresses where the break-in is', collected)
      .option('--stolen <namespace>', 'a pod in this namespace whose labels can be chosen freely')
      .option('--max-hops <n>', 'follow no more connections than these, with --from')
      .addOption(cniOption())
      .addOption(outputOption(formats))
      .addHelpText('after', help)
      .action(async (paths: string[], flags: ReachFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runReach } = await import('./reach-run.js');
        exit(await runReach(io, paths, flags));
      }),
  );
}
