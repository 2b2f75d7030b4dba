import { Command } from 'commander';
import type { Io } from '../io';
import { outputOption } from '../options/output';
import { type TableFlags, withTables } from '../options/tables';

export interface MutateFlags extends TableFlags {
  readonly tests?: string | false;
  readonly output: 'txt' | 'json';
}

const help = `
Changes each policy in every way that somebody could by mistake, one at a time: drops a rule, an isolation, the constraint on a namespace, an except;
widens a selector, a port, a CIDR; swaps a protocol; and so on. Tests are run once; what they state is then judged on each change. What no test
notices is told, with the test that would. A change that alters no connection, whatever pods exist, is not counted.

What is stated is that of tables, as \`tierwall test\` finds them, and of the matchers of tierwall/vitest and tierwall/jest while --tests runs.

Examples:
  $ tierwall mutate                                   tables beside the app, and \`tests\` in the settings
  $ tierwall mutate --tests "npx vitest run"
  $ tierwall mutate --no-tests --source deploy/ shop.connectivity.yaml

Exit codes: 0 every change is noticed, 1 some are not, or no test is about a cluster of the app, 2 bad usage or input, or tests that fail, 3 our own failure.
`;

export function mutateCommand(io: Io, exit: (code: number) => void): Command {
  return withTables(new Command('mutate'))
    .description('find changes of policies that no test would notice')
    .option('--tests <command>', 'command that runs the tests of the network (default: `tests` in the settings)')
    .option('--no-tests', 'only take what tables state')
    .addOption(outputOption(['txt', 'json']))
    .addHelpText('after', help)
    .action(async (tables: string[], flags: MutateFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runMutate } = await import('./mutate-run.js');
      exit(await runMutate(io, tables, flags));
    });
}
