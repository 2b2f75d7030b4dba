import { Command } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { outputOption } from '../options/output';

export interface ProveFlags {
  readonly app?: string;
  readonly out?: string;
  readonly with?: readonly string[];
  readonly asOf?: string;
  readonly output: 'txt' | 'json';
}

const help = `
Without arguments, in the folder of an app: whether the policies in its output folder allow exactly what the app declares, over
every pod, namespace, port and address that could exist; and whether its guarantees (Never) hold. --with adds policies that
others wrote, which must not open more.
With two arguments: whether two sets of policies allow the same. Sources are ${sourcesHelp}.

Whether a live cluster is as the app declares is a question for \`tierwall drift\`: where it finds nothing, the policies of the app's namespaces mean there
what is proved here.

Examples:
  $ tierwall prove                                  the policies in the output folder against the app
  $ tierwall prove --with platform/policies/        together with what another team applies
  $ tierwall prove main:deploy/ deploy/             that a refactoring of plain YAML changed no meaning

Exit codes: 0 proved, 1 different, broken or unknown, 2 bad usage or input, 3 our own failure.
`;

export function proveCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return new Command('prove')
    .description('prove that policies mean exactly what an app declares, or that two sets of policies mean the same')
    .argument('[old]', 'the first of two sets of policies')
    .argument('[new]', 'the second')
    .option('--app <command>', 'command that runs the app (default: `app` in cdk8s.yaml)')
    .option('--out <folder>', 'folder of the policies (default: `tierwall.out` in cdk8s.yaml, else policies)')
    .option('--with <path>', 'policies that others wrote, in the same clusters; may be given several times', collected)
    .option(
      '--as-of <day>',
      'day by which time-boxed access is judged (default: SOURCE_DATE_EPOCH, else the date of HEAD)',
    )
    .addOption(outputOption(['txt', 'json']))
    .addHelpText('after', help)
    .action(async (before: string | undefined, after: string | undefined, flags: ProveFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runProve } = await import('./prove-run.js');
      exit(await runProve(io, before, after, flags));
    });
}
