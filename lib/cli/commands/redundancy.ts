import { Command } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { outputOption } from '../options/output';

const formats = ['txt', 'md', 'json'] as const;

export interface RedundancyFlags extends ClusterFlags {
  readonly overlaps?: true;
  readonly output: (typeof formats)[number];
}

const help = `
Without paths, in the folder of an app: what the app comes to, with a workload for each service. Sources are
${sourcesHelp}.
What is listed can go all at once: over every pod that could exist, the rest allows the same. Of two that say the same the first by name stays.
Labels of a namespace are those of its Namespace object; without one it may have any.

Examples:
  $ tierwall redundancy policies/                    what can be deleted, and what covers it, with file and line
  $ tierwall redundancy policies/ --overlaps         also which other rules allow some of the same connections
  $ helm template chart | tierwall redundancy - -o md

Exit codes: 0 nothing can be deleted, 1 something can, or policies of a kind that is not read leave it unknown, 2 bad usage or input,
3 our own failure.
`;

export function redundancyCommand(io: Io, exit: (code: number) => void): Command {
  return withClusterOptions(
    new Command('redundancy')
      .description('list policies and rules that can be deleted without changing what is allowed, and what covers them')
      .argument('[path...]', 'manifests: files, folders, patterns, `-` or `REV:path` (default: the app of this folder)')
      .option('--overlaps', 'list rules that allow some of the same connections, too')
      .addOption(outputOption(formats))
      .addHelpText('after', help)
      .action(async (paths: string[], flags: RedundancyFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runRedundancy } = await import('./redundancy-run.js');
        exit(await runRedundancy(io, paths, flags));
      }),
  );
}
