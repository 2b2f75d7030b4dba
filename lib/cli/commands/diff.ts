import { Command, Option } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { cniOption } from '../options/cni';

export const diffFormats = ['txt', 'json'] as const;
export type DiffFormat = (typeof diffFormats)[number];

export interface DiffFlags {
  readonly cni?: string;
  readonly output: DiffFormat;
}

const help = `
What the change means, not what text moved: policies that are reordered, merged, split or renamed are no change, which is proved.
Sources are ${sourcesHelp}.

Examples:
  $ tierwall diff main:deploy/ deploy/             what a branch changes
  $ tierwall diff old.yaml new.yaml -o json
  $ helm template chart | tierwall diff HEAD:rendered.yaml -

Exit codes: 0 no change in meaning, 1 a change, or unknown, 2 bad usage or input, 3 our own failure.
`;

export function diffCommand(io: Io, exit: (code: number) => void): Command {
  return new Command('diff')
    .description('say what a change of policies and workloads means: who may newly talk to whom, and who no longer')
    .argument('<old>', 'manifests before the change: a file, folder, pattern, `-` or `REV:path`')
    .argument('<new>', 'manifests after it')
    .addOption(cniOption())
    .addOption(new Option('-o, --output <format>', 'what to print').choices(diffFormats).default('txt'))
    .addHelpText('after', help)
    .action(async (before: string, after: string, flags: DiffFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runDiff } = await import('./diff-run.js');
      exit(await runDiff(io, before, after, flags));
    });
}
