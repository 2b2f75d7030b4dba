import { Command } from 'commander';
import { portHelp, sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

const formats = ['txt', 'md', 'json'] as const;
export type ExplainFormat = (typeof formats)[number];

export interface ExplainFlags extends ClusterFlags {
  readonly from?: string;
  readonly to?: string;
  readonly port?: readonly string[];
  readonly cni?: string;
  /** A command, or true for the one in cdk8s.yaml. */
  readonly app?: string | true;
  readonly output: ExplainFormat;
}

const help = `
Without paths, in the folder of an app: what the app comes to, with a workload for each service. Sources are
${sourcesHelp}.
Either end is a workload (shop/web, Job/shop/import, or web in whatever namespace), an address (203.0.113.7), a range of addresses that
are all judged alike (10.0.0.0/8), or a pod that could exist, by namespace and labels: "shop{app=web,tier=front}".
Ports are written ${portHelp}; a name is one of the destination, or of a Kubernetes Service in front of it.

Examples:
  $ tierwall explain deploy/ --from shop/frontend --to shop/cart --port grpc
  $ helm template chart | tierwall explain - --from web --to postgres       every port that postgres declares
  $ tierwall explain policies/ workloads/ --from web --to api --app        with the lines of the TypeScript that declares them
  $ tierwall explain deploy/ --from 203.0.113.7 --to shop/frontend --port 443
  $ tierwall explain deploy/ --from "dev{app=debug}" --to shop/redis --cni cilium -o json

Exit codes: 0 allowed, 1 denied or unknown, 2 bad usage or input, 3 our own failure.
`;

export function explainCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return withClusterOptions(
    new Command('explain')
      .description('say whether a connection is allowed, by which policy and line, and what would allow it')
      .argument('[path...]', 'manifests: files, folders, patterns, `-` or `REV:path` (default: the app of this folder)')
      .option('--from <who>', 'who connects; has to be given')
      .option('--to <who>', 'whereto; has to be given')
      .option(
        '--port <port>',
        'on which port; may be given several times (default: all that the destination declares)',
        collected,
      )
      .option(
        '--app [command]',
        'run the app too, to name the lines of its code (default command: `app` in cdk8s.yaml)',
      )
      .addOption(cniOption())
      .addOption(outputOption(formats))
      .addHelpText('after', help)
      .action(async (paths: string[], flags: ExplainFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runExplain } = await import('./explain-run.js');
        exit(await runExplain(io, paths, flags));
      }),
  );
}
