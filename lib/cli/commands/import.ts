import { Command } from 'commander';
import { sourcesHelp } from '../../naming/notation';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { outputOption } from '../options/output';

export interface ImportFlags extends ClusterFlags {
  readonly out?: string;
  readonly environment?: string;
  /** True where no folder is named. */
  readonly tighten?: string | true;
  readonly output: 'txt' | 'json';
}

const help = `
Sources are ${sourcesHelp}. Of the files of a folder, documents that no API server
would accept (templates, patches) are left out and listed; what is named itself has to be in order.

With policies, the app means exactly what they mean, which is proved before it is written: over every pod, namespace, port and address
that could exist. What services and intents cannot say is kept as a RawPolicy, with the reason. With workloads alone, the app denies
everything, but for the intents that it proposes because workloads name each other in environment variables, arguments and ConfigMaps.

--tighten proposes a second app that allows a part of that: what names both ends, where both sides allow it, and what workloads name each
other for; all else is denied, in both directions. It is proved to allow no more, and its difference is shown, as by tierwall diff.

Files that exist are never overwritten; package.json and tsconfig.json are written only where no folder around has them.

Examples:
  $ tierwall import deploy/ --out network
  $ kubectl get ns,netpol,deploy,sts,ds,cronjobs,svc,ing,cm -A -o yaml | tierwall import - --out network
  $ tierwall import deploy/ --out network --tighten
  $ tierwall import --cluster --context production --out network
  $ helm template shop/ | tierwall import - --out network --environment production

Exit codes: 0 written, 1 not proved and not written, 2 bad usage or input, or files in the way, 3 our own failure.
`;

export function importCommand(io: Io, exit: (code: number) => void): Command {
  return withClusterOptions(
    new Command('import')
      .description('turn existing policies and workloads into an app of exactly the same meaning')
      .argument('[sources...]', 'manifests: policies, workloads, Services, namespaces, ConfigMaps')
      .option('--out <folder>', 'folder for the app; has to be given')
      .option('--tighten [folder]', 'propose a tighter app too, with the difference (default folder: <out>-tighter)')
      .option('--environment <name>', 'what to call the environment (default: cluster)')
      .addOption(outputOption(['txt', 'json']))
      .addHelpText('after', help)
      .action(async (sources: readonly string[], flags: ImportFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runImport } = await import('./import-run.js');
        exit(await runImport(io, sources, flags));
      }),
  );
}
