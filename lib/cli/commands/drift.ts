import { Command, Option } from 'commander';
import type { Severity } from '../../model/finding';
import { severities } from '../../model/finding';
import type { Io } from '../io';
import { type ContextFlags, withContextOptions } from '../options/cluster';
import { outputOption } from '../options/output';
import { type FindingFormat, findingFormats } from './lint';

export interface DriftFlags extends ContextFlags {
  readonly environment?: readonly string[];
  /** A command, or true for the one of the settings. */
  readonly app?: string | true;
  readonly output: FindingFormat;
  readonly failOn: Severity;
  readonly watch?: true;
  readonly enforce?: 'on' | 'dry-run' | true;
  readonly prune?: true;
  readonly maxWrites: string;
  readonly events?: true;
  readonly listen?: string;
  readonly lease?: string;
}

const help = `
Without a path, in the folder of an app: the cluster against what the app declares. With a path, against the policies there, as
\`tierwall synth\` wrote them; --app then names the lines of the code. Policies are compared by what they mean: another text for
the same is no drift. Nothing is written, but with --enforce.

--watch goes on, and reports each change within a second, as lines of text or (-o json) of JSON. --enforce then puts back policies of
the app that are missing or changed, by server-side apply; with --prune it deletes those that the code no longer gives. What others
wrote is reported and never touched. \`tierwall rbac --for watch\` and \`--for enforce\` print what that takes.

Examples:
  $ tierwall drift --environment production --context production
  $ tierwall drift policies/ --environment production         what was committed, without running the app
  $ tierwall drift policies/production --app -o md             with the lines of the code, for a pull request
  $ tierwall drift policies/ -o sarif > drift.sarif
  $ tierwall drift policies/production --watch -o json --listen :8080 --events
  $ tierwall drift policies/production --watch --enforce dry-run

Exit codes: 0 no drift at or above --fail-on, 1 drift, 2 bad usage or input, or no answer from the cluster, 3 our own failure.
`;

export function driftCommand(io: Io, exit: (code: number) => void): Command {
  const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  return withContextOptions(
    new Command('drift')
      .description('find where a live cluster is not what the app declares: policies, labels, namespaces')
      .argument('[path...]', 'policies as `tierwall synth` wrote them (default: what the app gives now)')
      .option('--environment <name>', 'only this environment; may be given several times', collected)
      .option('--app [command]', 'the app, for its lines with a path (default command: `app` in cdk8s.yaml)')
      .addOption(
        new Option('--fail-on <severity>', 'the least severity that makes the exit code 1')
          .choices(severities)
          .default('warning'),
      )
      .addOption(outputOption(findingFormats))
      .option('--watch', 'go on, and report changes as they happen')
      .addOption(
        new Option('--enforce [mode]', 'with --watch, put back what is not as declared').choices(['on', 'dry-run']),
      )
      .option('--prune', 'with --enforce, also delete policies that the code no longer gives')
      .option('--max-writes <n>', 'with --enforce, in a minute', '60')
      .option('--events', 'with --watch, write Kubernetes Events')
      .option('--listen <address>', 'with --watch, serve /metrics, /healthz and /readyz, as in :8080')
      .option('--lease <namespace/name>', 'with --watch, elect one of several replicas to enforce and write Events')
      .addHelpText('after', help)
      .action(async (paths: string[], flags: DriftFlags) => {
        // What computes is loaded only now, so that help is quick.
        const { runDrift } = await import('./drift-run.js');
        if (!flags.watch) return exit(await runDrift(io, paths, flags));
        const { watchDrift } = await import('./drift-watch-run.js');
        exit(await watchDrift(io, paths, flags));
      }),
  );
}
