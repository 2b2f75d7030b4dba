import { didYouMean } from '../../constructs/did-you-mean';
import { explainedRules, lintDescriptors } from '../../lint/registry';
import { demands, type StandardId, standards } from '../../lint/standards';
import { badUsage, InputError } from '../../model/issue';
import { rulesToJson, rulesToMd, rulesToTxt, ruleToTxt } from '../../render/findings/rules';
import { standardToJson, standardToMd, standardToTxt } from '../../render/findings/standard';
import { type Io, paintFor } from '../io';
import { reportFailure } from '../report-failure';
import type { RulesFlags } from './rules';

/** Prints one rule, or all; gives the exit code. */
export function runRulesCommand(io: Io, id: string | undefined, { output, standard }: RulesFlags): number {
  try {
    if (standard !== undefined) {
      if (id !== undefined) throw standardOfOne(id);
      io.stdout.write(standardText(io, standard, output));
      return 0;
    }
    const rules = id === undefined ? explainedRules : explainedRules.filter((rule) => rule.id === id);
    const [only] = rules;
    if (id !== undefined && !only) throw unknownRule(id);
    const paint = paintFor(io.stdout, io.env);
    const txt = () => (id !== undefined && only ? ruleToTxt(only, paint) : rulesToTxt(rules, paint));
    const text = output === 'json' ? rulesToJson(rules) : output === 'md' ? rulesToMd(rules) : txt();
    io.stdout.write(text);
    return 0;
  } catch (error) {
    return reportFailure(io, error, output, '');
  }
}

function standardText(io: Io, id: StandardId, output: RulesFlags['output']): string {
  const asked = Object.values(demands).filter(({ standard }) => standard === id);
  const checking = asked.map((demand) => ({
    demand,
    rules: lintDescriptors.filter((rule) => rule.demands?.includes(demand)),
  }));
  const shown = { id, ...standards[id], demands: checking };
  if (output === 'json') return standardToJson(shown);
  return output === 'md' ? standardToMd(shown) : standardToTxt(shown, paintFor(io.stdout, io.env));
}

function standardOfOne(id: string): InputError {
  const hint = 'leave one of them out: `tierwall rules ID` names the demands that a rule checks';
  return badUsage(`\`${id}\` and \`--standard\` ask for two things`, hint);
}

function unknownRule(id: string): InputError {
  const ids = explainedRules.map((rule) => rule.id);
  const hint = didYouMean(id, ids) ?? '`tierwall rules` lists them';
  return new InputError([{ code: 'names-nothing', message: `there is no rule \`${id}\``, place: {}, hint }]);
}
