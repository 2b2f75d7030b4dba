import { Command, Option } from 'commander';
import type { StandardId } from '../../lint/standards';
import type { Io } from '../io';
import { outputOption } from '../options/output';

export interface RulesFlags {
  readonly output: 'txt' | 'json' | 'md';
  readonly standard?: StandardId;
}

const help = `
Examples:
  $ tierwall rules                              all rules, by what they are about
  $ tierwall rules require-default-deny-egress  one of them: what is wrong, why, what to do, good and bad examples
  $ tierwall rules --standard nsa               what a hardening standard demands, and the rules that check it
  $ tierwall rules -o md > RULES.md

Exit codes: 0 listed, 2 there is no such rule, 3 our own failure.
`;

export function rulesCommand(io: Io, exit: (code: number) => void): Command {
  return new Command('rules')
    .description('list the rules of `tierwall lint`, or explain one')
    .argument('[id]', 'the rule to explain')
    .addOption(
      new Option('--standard <name>', 'the rules by what a hardening standard demands').choices(['cis', 'nsa']),
    )
    .addOption(outputOption(['txt', 'json', 'md']))
    .addHelpText('after', help)
    .action(async (id: string | undefined, flags: RulesFlags) => {
      const { runRulesCommand } = await import('./rules-run.js');
      exit(runRulesCommand(io, id, flags));
    });
}
