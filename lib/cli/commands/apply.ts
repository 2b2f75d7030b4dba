import { Command } from 'commander';
import type { Io } from '../io';
import { outputOption } from '../options/output';

export interface ApplyFlags {
  readonly environment?: readonly string[];
  readonly wave?: readonly string[];
  readonly context?: readonly string[];
  readonly kubeconfig?: string;
  readonly check?: string;
  readonly prune?: true;
  readonly pruneNamespace?: readonly string[];
  readonly takeOver?: true;
  readonly dryRun?: true;
  readonly output: 'txt' | 'json';
}

const help = `
Applies the folder that \`tierwall synth\` wrote, for those without a GitOps tool. In each namespace policies are written in an order in
which, wherever it is broken off, nothing declared is cut and nothing is widened: what allows before what isolates, and isolation
removed after all else that its pods can do without. Environments follow in waves (tests, staging, others, production); each is looked at afterwards, and the first that is
not as declared, or whose --check fails, ends it.

Only what tierwall owns is changed or deleted: what carries its label or field manager. --prune deletes what the code no longer gives,
in the namespaces of the environment. What is left in a namespace that the code no longer declares may be another app's of an environment
of the same name: it is told, and deleted only if --prune-namespace names the namespace.

Examples:
  $ tierwall apply --dry-run                                  what would be done, tried by the server
  $ tierwall apply --environment staging --prune
  $ tierwall apply --wave test --wave staging --wave eu,us --context staging=lab --context eu=prod-eu --context us=prod-us
  $ tierwall apply --check ./smoke-test.sh                   TIERWALL_ENVIRONMENT says which one was applied

Exit codes: 0 applied, 1 a check failed, 2 bad usage or input, or refused by the cluster, 3 our own failure.
`;

export function applyCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return new Command('apply')
    .description('bring the written policies into a live cluster, environment by environment, in a safe order')
    .argument('[folder]', 'output of `tierwall synth` (default: `tierwall.out` in cdk8s.yaml, else policies)')
    .option('--environment <name>', 'only this environment; may be given several times', collected)
    .option('--wave <names>', 'environments of one wave, by commas; one for each wave', collected)
    .option('--context <name>', 'context of the kubeconfig, or <environment>=<context>', collected)
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .option('--check <command>', 'run after each environment; if it fails, no other one is applied')
    .option('--prune', 'delete policies that the code no longer gives')
    .option('--prune-namespace <name>', 'delete what the environment left there; may be given several times', collected)
    .option('--take-over', 'also write policies whose names somebody else uses')
    .option('--dry-run', 'let the server try it all and keep nothing')
    .addOption(outputOption(['txt', 'json']))
    .addHelpText('after', help)
    .action(async (folder: string | undefined, flags: ApplyFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runApply } = await import('./apply-run.js');
      exit(await runApply(io, folder, flags));
    });
}
