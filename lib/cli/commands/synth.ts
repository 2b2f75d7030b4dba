import { Command, Option } from 'commander';
import type { Io } from '../io';
import { outputOption } from '../options/output';

export interface SynthFlags {
  readonly app?: string;
  readonly out?: string;
  readonly check?: true;
  readonly watch?: true;
  readonly asOf?: string;
  readonly proof: boolean;
  readonly output: 'txt' | 'json';
}

const help = `
Examples:
  $ tierwall synth                          write the policies of the app in cdk8s.yaml
  $ tierwall synth --check                  fail if the committed policies are not what the code gives
  $ tierwall synth --app "npx tsx main.ts" --out policies

cdk8s.yaml:
  app: npx tsx main.ts
  tierwall:
    out: policies

Exit codes: 0 written or up to date, 1 --check found differences or access that has ended by the clock, 2 mistakes in the app or its input, 3 our own failure.
`;

export function synthCommand(io: Io, exit: (code: number) => void): Command {
  return new Command('synth')
    .description(
      'run the app and write its policies: a folder for each environment and namespace, a file for each policy',
    )
    .option('--app <command>', 'command that runs the app (default: `app` in the settings, else in cdk8s.yaml)')
    .option('--out <folder>', 'folder for the output (default: `tierwall.out` in cdk8s.yaml, else policies)')
    .option('--check', 'write nothing; fail if the folder is not what the code gives')
    .addOption(new Option('--watch', 'write again whenever a file of the app changes').conflicts('check'))
    .option('--no-proof', 'do not prove that the policies mean what is declared')
    .option(
      '--as-of <day>',
      'day by which time-boxed access is judged (default: SOURCE_DATE_EPOCH, else the date of HEAD)',
    )
    .addOption(outputOption(['txt', 'json']))
    .addHelpText('after', help)
    .action(async (flags: SynthFlags) => {
      // What reads and computes is loaded only now, so that help is quick.
      const { runSynth, watchSynth } = await import('./synth-run.js');
      if (flags.watch) await watchSynth(io, flags);
      else exit(await runSynth(io, flags));
    });
}
