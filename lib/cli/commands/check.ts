import { Command } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

export const checkFormats = ['txt', 'json', 'md', 'github'] as const;
export type CheckFormat = (typeof checkFormats)[number];

export interface CheckFlags {
  readonly app?: string;
  readonly out?: string;
  readonly asOf?: string;
  readonly base?: string;
  readonly main?: string;
  readonly change: boolean;
  readonly staged?: true;
  readonly with?: readonly string[];
  readonly cni?: string;
  readonly sarif?: string;
  readonly junit?: string;
  readonly gitlab?: string;
  readonly markdown?: string;
  readonly output: CheckFormat;
}

const help = `
Without paths, in the folder of an app: whether the committed policies are what the code gives; the proof that all policies in that folder mean
what is declared, whoever wrote them, and the guarantees, together with policies of others that --with names; lint; tables, as \`tierwall test\` finds them; and what the change means against the commit
that the branch left the main branch at, or --base.
With paths, for plain manifests: lint, tables where there is no app, and what the change means. Paths are ${sourcesHelp}; the change is
told for files and folders.

Examples:
  $ tierwall check
  $ tierwall check --base origin/main --sarif tierwall.sarif --markdown tierwall.md
  $ tierwall check deploy/ -o github                        a repository of plain YAML

Exit codes: 0 all passed, 1 something failed, 2 mistakes in the app or its input, 3 our own failure.
`;

export function checkCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return new Command('check')
    .description(
      'everything that gates a change, in one run: committed output, proof, guarantees, lint, tables, what it means',
    )
    .argument('[path...]', 'manifests, in a repository without an app')
    .option('--app <command>', 'command that runs the app (default: `app` in the settings, else in cdk8s.yaml)')
    .option('--out <folder>', 'folder of the policies (default: `out` in the settings, else policies)')
    .option(
      '--as-of <day>',
      'day by which time-boxed access is judged (default: SOURCE_DATE_EPOCH, else the date of HEAD)',
    )
    .option(
      '--base <revision>',
      'what the change is judged against (default: where the branch left the main branch, as for a commit that is gone)',
    )
    .option('--main <branch>', 'the main branch (default: origin/HEAD, or what is called main or master)')
    .option('--no-change', 'leave out what the change means, as before it is committed: commits can approve it')
    .option('--staged', 'check what is staged, as the next commit will have it, and not the working tree')
    .option('--with <path>', 'policies that others wrote, in the same clusters; may be given several times', collected)
    .addOption(cniOption())
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0')
    .option('--junit <file>', 'write the findings as JUnit XML')
    .option('--gitlab <file>', 'write the findings as a GitLab code quality report')
    .option('--markdown <file>', 'write the result as Markdown, for a comment on a pull request')
    .addOption(outputOption(checkFormats))
    .addHelpText('after', help)
    .action(async (paths: string[], flags: CheckFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runCheck } = await import('./check-run.js');
      const { runStagedCheck } = await import('./check-staged.js');
      exit(await (flags.staged ? runStagedCheck : runCheck)(io, paths, flags));
    });
}
