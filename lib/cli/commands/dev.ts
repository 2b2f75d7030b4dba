import { Command } from 'commander';
import type { Io } from '../io';
import { cniOption } from '../options/cni';
import { outputOption } from '../options/output';

export interface DevFlags {
  readonly app?: string;
  readonly cni?: string;
  readonly tests?: string | false;
  readonly output: 'txt' | 'json';
}

const help = `
On every save it shows which connections the change opened and closed, against what was there before the save; what keeps the app from being synthesized,
such as a guarantee that is broken; statements of tests that do not hold any more; and new findings of \`tierwall lint\`. Nothing is written.

Tables are those that \`tierwall test\` finds. Tests are run once, and again when a file of tests is saved; in between, what they stated is judged on
what the app comes to. Where they fail, what they stated before counts too, every report says so, and they are run again once any file is saved with
which the app works. Settings count as they are at each save.

Examples:
  $ tierwall dev
  $ tierwall dev --tests "npx vitest run"
  $ tierwall dev -o json | jq .opened      a line for each save

Exit codes: 0 ended by the user, 2 bad usage or input, 3 our own failure.
`;

export function devCommand(io: Io, exit: (code: number) => void): Command {
  return new Command('dev')
    .description('watch the app and show what every save opens, closes and breaks')
    .option('--app <command>', 'command that runs the app (default: `app` in the settings)')
    .option('--tests <command>', 'command that runs the tests of the network (default: `tests` in the settings)')
    .option('--no-tests', 'only look at tables')
    .addOption(cniOption())
    .addOption(outputOption(['txt', 'json']))
    .addHelpText('after', help)
    .action(async (flags: DevFlags) => {
      // What computes is loaded only now, so that help is quick.
      const { runDev } = await import('./dev-run.js');
      exit(await runDev(io, flags));
    });
}
