import { Command, Option } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { cniOption } from '../options/cni';

const formats = ['txt', 'json', 'junit', 'tap'] as const;
export type TestFormat = (typeof formats)[number];

export interface TestFlags extends ClusterFlags {
  readonly source?: readonly string[];
  readonly app?: string;
  readonly cni?: string;
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

Examples:
  $ tierwall test                                         tables beside the app, about the app
  $ tierwall test --source deploy/ tests/*.md             about manifests
  $ helm template chart | tierwall test --source - shop.connectivity.yaml
  $ tierwall test -o junit > report.xml

Exit codes: 0 all hold, 1 some do not, 2 bad usage or input, 3 our own failure.
`;

export function testCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return withClusterOptions(
    new Command('test')
      .description('check tables of who may talk to whom')
      .argument('[table...]', 'YAML or Markdown files with tables, or patterns')
      .option(
        '--source <path>',
        'manifests that the tables are about; may be given several times (default: the app)',
        collected,
      )
      .option('--app <command>', 'command that runs the app (default: `app` in the settings)')
      .addOption(cniOption())
      .addOption(new Option('-o, --output <format>', 'what to print').choices(formats).default('txt'))
      .addHelpText('after', help)
      .action(async (tables: string[], flags: TestFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runTest } = await import('./test-run.js');
        exit(await runTest(io, tables, flags));
      }),
  );
}
