import { Command, Option } from 'commander';
import { type Purpose, purposes } from '../../cluster/rbac';
import type { Io } from '../io';
import { type ClusterFlags, withClusterOptions } from '../options/cluster';
import { outputOption } from '../options/output';

/** Commands that only read a live cluster. */
const readers = [
  'connectivity',
  'explain',
  'reach',
  'redundancy',
  'lint',
  'diff',
  'prove',
  'test',
  'mutate',
  'drift',
] as const;

/** What is done, or the command that does it. */
type Asked = Purpose | (typeof readers)[number];

export function purposeOf(asked: Asked): Purpose {
  return readers.some((name) => name === asked) ? 'read' : (asked as Purpose);
}

export interface RbacFlags extends ClusterFlags {
  readonly for: Asked;
  readonly name?: string;
  readonly output: 'yaml' | 'json';
}

const help = `
read      drift, and connectivity, explain, reach and other commands with --cluster; the name of each does as well
import    import --cluster, which also looks where workloads name each other in ConfigMaps, and which ServiceAccounts are bound to roles
watch     drift --watch
enforce   drift --watch --enforce
apply     apply

Nothing else is ever asked of the API server: no Secrets, no logs, no writing but what the last two say. Custom kinds are those that
tierwall knows; with --cluster those that are installed there, which is exact.

Examples:
  $ tierwall rbac | kubectl apply -f -
  $ tierwall rbac --for apply --cluster --context production
  $ kubectl create clusterrolebinding tierwall-read --clusterrole tierwall-read --user alice

Exit codes: 0 printed, 2 bad usage or input, 3 our own failure.
`;

export function rbacCommand(io: Io, exit: (code: number) => void): Command {
  return withClusterOptions(
    new Command('rbac')
      .description('print the ClusterRole that a command needs in a live cluster, and no more')
      .addOption(new Option('--for <purpose>', 'what is done').choices([...purposes, ...readers]).default('read'))
      .option('--name <name>', 'of the ClusterRole (default: `tierwall-` and the purpose)')
      .addOption(outputOption(['yaml', 'json']))
      .addHelpText('after', help)
      .action(async (flags: RbacFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runRbac } = await import('./rbac-run.js');
        exit(await runRbac(io, flags));
      }),
  );
}
