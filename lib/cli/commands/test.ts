import { Command } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { outputOption } from '../options/output';
import { collected, type TableFlags, withTables } from '../options/tables';

const formats = ['txt', 'json', 'junit', 'tap'] as const;
export type TestFormat = (typeof formats)[number];

export interface TestFlags extends TableFlags {
  /** A command, or true for the one in the settings. */
  readonly tests?: string | true;
  readonly coverage?: true;
  readonly lcov?: string;
  readonly threshold?: readonly string[];
  readonly output: TestFormat;
}

const help = `
A table says who may talk to whom: a verdict for all pairs, then exceptions. Without arguments, those are run that are called *.connectivity.yaml
or *.connectivity.md, below this folder. They are about the app in cdk8s.yaml, or about manifests: ${sourcesHelp}.

shop.connectivity.yaml:
  default: denied
  among: [shop/*]                                         # default: every workload
  exceptions:
    - { from: shop/frontend, to: shop/cart, ports: grpc }
    - { from: internet, to: shop/frontend, because: the shop is public }

The same in Markdown is a table with columns from, to, ports, verdict and because, or one that names sources down and destinations across.

--coverage tells which allowed connections and which denials a test states: of tables, and with --tests of what the matchers of tierwall/vitest and tierwall/jest
state while that command runs.

Examples:
  $ tierwall test                                         tables beside the app, about the app
  $ tierwall test --source deploy/ tests/*.md             about manifests
  $ helm template chart | tierwall test --source - shop.connectivity.yaml
  $ tierwall test -o junit > report.xml
  $ tierwall test --tests "npx vitest run" --coverage --lcov coverage/network.info --threshold 90

Exit codes: 0 all hold, 1 some do not, or tests state less than the threshold, 2 bad usage or input, 3 our own failure.
`;

export function testCommand(io: Io, exit: (code: number) => void): Command {
  return withTables(new Command('test'))
    .description('check tables of who may talk to whom')
    .option('--tests [command]', 'run the tests of the network too (default command: `tests` in the settings)')
    .option('--coverage', 'tell how much of the policies tests state')
    .option('--lcov <file>', 'write the coverage for editors and CI')
    .option(
      '--threshold <percent>',
      'fail if tests state less, as in 90, allowed=90 or denied=80; may be given several times',
      collected,
    )
    .addOption(outputOption(formats))
    .addHelpText('after', help)
    .action(async (tables: string[], flags: TestFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runTest } = await import('./test-run.js');
      exit(await runTest(io, tables, flags));
    });
}
