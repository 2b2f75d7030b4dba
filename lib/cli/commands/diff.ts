import { Command } from 'commander';
import { type RiskId, riskIds, riskMeanings } from '../../model/risk';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

export const diffFormats = ['txt', 'md', 'json', 'csv', 'dot', 'mermaid', 'sarif'] as const;
export type DiffFormat = (typeof diffFormats)[number];

export interface DiffFlags extends ClusterFlags {
  readonly cni?: string;
  readonly failOn?: readonly (RiskId | 'any' | 'none')[];
  readonly approvals?: string;
  readonly synth?: true;
  readonly appCluster?: string;
  readonly output: DiffFormat;
}

const help = `
What the change means, not what text moved: policies that are reordered, merged, split or renamed are no change, which is proved.
Sources are ${sourcesHelp}; a folder with an
app (\`app\` in its cdk8s.yaml) is what the app declares. Or name revisions, as git diff does: \`main...HEAD\` from where HEAD branched off, \`main..HEAD\` or \`main HEAD\`, or
\`main\` against the working tree; and a path after them, for just that. For an app, in its folder or as that path, its committed output of each revision is compared, with the pods that it
has now, and the working tree is what the code gives now; with --synth, what both apps declare: old code is run in a temporary folder with the dependencies of its lock file.
An app of several clusters is told cluster by cluster. With --cluster one source is named: what changes in the live cluster once it is applied.

Risks, for --fail-on and approvals:
${riskIds.map((id) => `  ${id.padEnd(18)} ${riskMeanings[id]}`).join('\n')}
  ${'any'.padEnd(18)} the meaning is another one, or unknown (the default); none never fails

A risk is approved by a file of approvals (risk, because, until and perhaps at, by default tierwall.approvals.yaml), or by a
trailer of a commit that is compared: \`Tierwall-Approve: internet at shop/web because public shop\`.

Examples:
  $ tierwall diff main...HEAD                      what a branch changes
  $ tierwall diff main...HEAD deploy/              in that folder
  $ tierwall diff main deploy/                     the same with changes that are not committed
  $ tierwall diff v1.2 v1.3                        between two revisions
  $ tierwall diff main...HEAD --synth -o md        as a comment for its pull request, with lines of the code
  $ tierwall diff --cluster policies/production    what applying them would change there
  $ tierwall diff old.yaml new.yaml --fail-on internet,isolation-lost
  $ helm template chart | tierwall diff HEAD:rendered.yaml -

Exit codes: 0 it passes, 1 it does not, 2 bad usage or input, 3 our own failure.
`;

export function diffCommand(io: Io, exit: (code: number) => void): Command {
  const listed = (value: string, earlier: readonly string[] = []) => [...earlier, ...value.split(',')];
  return withClusterOptions(
    new Command('diff')
      .description('say what a change of policies and workloads means: who may newly talk to whom, and who no longer')
      .argument(
        '[old]',
        'before the change: manifests, an app, `-` or `REV:path`; or revisions, as main...HEAD or main',
      )
      .argument('[new]', 'after it; after revisions, a path in them, or the other revision')
      .addOption(cniOption())
      .option(
        '--fail-on <risks>',
        'what makes the exit code 1 (default: `diff.failOn` in the settings, else any)',
        listed,
      )
      .option(
        '--approvals <file>',
        'approvals (default: `diff.approvals` in the settings, else tierwall.approvals.yaml)',
      )
      .option('--synth', 'run the apps of revisions, instead of reading their committed output')
      .option('--app-cluster <name>', 'one cluster, of apps that have several')
      .addOption(outputOption(diffFormats))
      .addHelpText('after', help)
      .action(async (before: string | undefined, after: string | undefined, flags: DiffFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runDiff } = await import('./diff-run.js');
        exit(await runDiff(io, before, after, flags));
      }),
  );
}
