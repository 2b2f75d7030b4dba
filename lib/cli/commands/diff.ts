import { Command, Option } from 'commander';
import { type RiskId, riskIds, riskMeanings } from '../../model/risk';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { cniOption } from '../options/cni';

export const diffFormats = ['txt', 'md', 'json', 'csv', 'dot', 'mermaid', 'sarif'] as const;
export type DiffFormat = (typeof diffFormats)[number];

export interface DiffFlags {
  readonly cni?: string;
  readonly failOn?: readonly (RiskId | 'any' | 'none')[];
  readonly approvals?: string;
  readonly output: DiffFormat;
}

const help = `
What the change means, not what text moved: policies that are reordered, merged, split or renamed are no change, which is proved.
Sources are ${sourcesHelp}.

Risks, for --fail-on and approvals:
${riskIds.map((id) => `  ${id.padEnd(18)} ${riskMeanings[id]}`).join('\n')}
  ${'any'.padEnd(18)} the meaning is another one, or unknown (the default); none never fails

A risk is approved by a file of approvals (risk, because, until and perhaps at, by default tierwall.approvals.yaml), or by a
trailer of a commit that is compared: \`Tierwall-Approve: internet at shop/web because public shop\`.

Examples:
  $ tierwall diff main:deploy/ deploy/             what a branch changes
  $ tierwall diff main:deploy/ deploy/ -o md       as a comment for its pull request
  $ tierwall diff old.yaml new.yaml --fail-on internet,isolation-lost
  $ helm template chart | tierwall diff HEAD:rendered.yaml -

Exit codes: 0 it passes, 1 it does not, 2 bad usage or input, 3 our own failure.
`;

export function diffCommand(io: Io, exit: (code: number) => void): Command {
  const listed = (value: string, earlier: readonly string[] = []) => [...earlier, ...value.split(',')];
  return new Command('diff')
    .description('say what a change of policies and workloads means: who may newly talk to whom, and who no longer')
    .argument('<old>', 'manifests before the change: a file, folder, pattern, `-` or `REV:path`')
    .argument('<new>', 'manifests after it')
    .addOption(cniOption())
    .option(
      '--fail-on <risks>',
      'what makes the exit code 1 (default: `diff.failOn` in the settings, else any)',
      listed,
    )
    .option('--approvals <file>', 'approvals (default: `diff.approvals` in the settings, else tierwall.approvals.yaml)')
    .addOption(new Option('-o, --output <format>', 'what to print').choices(diffFormats).default('txt'))
    .addHelpText('after', help)
    .action(async (before: string, after: string, flags: DiffFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runDiff } = await import('./diff-run.js');
      exit(await runDiff(io, before, after, flags));
    });
}
