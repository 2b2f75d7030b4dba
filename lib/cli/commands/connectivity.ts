import { Command } from 'commander';
import { partyHelp, portHelp, sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

const formats = ['txt', 'md', 'csv', 'json', 'dot', 'mermaid', 'matrix'] as const;
export type ConnectivityFormat = (typeof formats)[number];

export interface ConnectivityFlags extends ClusterFlags {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly focus?: readonly string[];
  readonly port?: readonly string[];
  readonly open?: true;
  readonly cni?: string;
  readonly output: ConnectivityFormat;
}

const help = `
Without paths, in the folder of an app: what the app comes to, with a workload for each service. Sources are
${sourcesHelp}.
Workloads and addresses are written ${partyHelp}; ports ${portHelp}.
An option may be given several times: what fits one of them is shown.

Examples:
  $ tierwall connectivity deploy/                          all of a folder
  $ helm template chart | tierwall connectivity -          what a chart would allow
  $ tierwall connectivity deploy/ --to shop/redis          who reaches the database
  $ tierwall connectivity deploy/ --from 0.0.0.0/0 -o md   what the internet reaches, for a pull request
  $ tierwall connectivity deploy/ --open                   which pods that are not there could get in, or be reached
  $ tierwall connectivity deploy/ --cni cilium -o dot | dot -Tsvg > connectivity.svg

Exit codes: 0 listed, 1 policies of a kind that is not read leave some of it unknown, 2 bad usage or input, 3 our own failure.
`;

export function connectivityCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return withClusterOptions(
    new Command('connectivity')
      .description('list who may talk to whom on which ports, as the policies in manifests allow it')
      .argument('[path...]', 'manifests: files, folders, patterns, `-` or `REV:path` (default: the app of this folder)')
      .option('--from <who>', 'only connections from these workloads or addresses', collected)
      .option('--to <who>', 'only connections to these workloads or addresses', collected)
      .option('--focus <who>', 'only connections with these at either end', collected)
      .option('--port <port>', 'only these ports', collected)
      .option('--open', 'instead, to which pods that are not in the input each workload is open, by their labels')
      .addOption(cniOption())
      .addOption(outputOption(formats))
      .addHelpText('after', help)
      .action(async (paths: string[], flags: ConnectivityFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runConnectivity } = await import('./connectivity-run.js');
        exit(await runConnectivity(io, paths, flags));
      }),
  );
}
