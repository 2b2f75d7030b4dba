import { Command, Option } from 'commander';
import { type Severity, severities } from '../../model/finding';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

export const findingFormats = ['txt', 'json', 'sarif', 'github', 'gitlab', 'junit', 'md'] as const;
export type FindingFormat = (typeof findingFormats)[number];

export interface LintFlags extends ClusterFlags {
  readonly app?: string;
  readonly out?: string;
  readonly cni?: string;
  readonly output: FindingFormat;
  readonly failOn?: Severity;
  readonly asOf?: string;
  readonly fix?: true;
  readonly initBaseline?: true;
}

const help = `
Without paths, in the folder of an app: what the app comes to, each finding at the line of the code that declares it.
Sources are ${sourcesHelp}.
Rules are asked by what they mean to the engine: over every pod that could exist, and the workloads that are given.
\`tierwall rules\` lists them.

A finding is accepted by a comment above the line, \`# tierwall-ignore no-any-address until 2027-03-31: the reason\`, by the annotation
tierwall.dev/ignore, or in code by suppressFinding.

Examples:
  $ tierwall lint                                  the app of this folder
  $ tierwall lint deploy/
  $ helm template chart | tierwall lint -          what a chart would apply
  $ tierwall lint deploy/ -o sarif > lint.sarif    for code scanning
  $ tierwall lint deploy/ -o github                annotations in a GitHub workflow

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or input, 3 our own failure.
`;

export function lintCommand(io: Io, exit: (code: number) => void): Command {
  return withClusterOptions(
    new Command('lint')
      .description('find what is invalid, without effect, too wide, redundant or inconsistent in policies')
      .argument('[path...]', 'manifests: files, folders, patterns, `-` or `REV:path`')
      .option(
        '--app <command>',
        'command that runs the app, where no manifests are named (default: `app` in cdk8s.yaml)',
      )
      .option('--as-of <day>', 'day by which expiry is judged (default: SOURCE_DATE_EPOCH, else today)')
      .option('--fix', 'mend what has one right answer that changes no meaning; comments and formatting stay')
      .addOption(
        new Option(
          '--init-baseline',
          'accept all that is found now, in tierwall-baseline.json: only what comes later counts',
        ).conflicts('fix'),
      )
      .addOption(cniOption())
      .addOption(
        new Option(
          '--fail-on <severity>',
          'the least severity that makes the exit code 1 (default: `lint.failOn` in the settings, else warning)',
        ).choices(severities),
      )
      .addOption(outputOption(findingFormats))
      .addHelpText('after', help)
      .action(async (paths: string[], flags: LintFlags) => {
        const { runLint } = await import('./lint-run.js');
        exit(await runLint(io, paths, flags));
      }),
  );
}
