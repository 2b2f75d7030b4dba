import { didYouMean } from '../../constructs/did-you-mean';
import { explainedRules } from '../../lint/registry';
import { InputError } from '../../model/issue';
import { rulesToJson, rulesToMd, rulesToTxt, ruleToTxt } from '../../render/findings/rules';
import { type Io, paintFor } from '../io';
import { reportFailure } from '../report-failure';
import type { RulesFlags } from './rules';

/** Prints one rule, or all; gives the exit code. */
export function runRulesCommand(io: Io, id: string | undefined, { output }: RulesFlags): number {
  try {
    const rules = id === undefined ? explainedRules : explainedRules.filter((rule) => rule.id === id);
    const [only] = rules;
    if (id !== undefined && !only) throw unknownRule(id);
    const paint = paintFor(io.stdout, io.env);
    const txt = () => (id !== undefined && only ? ruleToTxt(only, paint) : rulesToTxt(rules, paint));
    const text = output === 'json' ? rulesToJson(rules) : output === 'md' ? rulesToMd(rules) : txt();
    io.stdout.write(text);
    return 0;
  } catch (error) {
    return reportFailure(io, error, output === 'json' ? 'json' : 'text', '');
  }
}

function unknownRule(id: string): InputError {
  const ids = explainedRules.map((rule) => rule.id);
  const hint = didYouMean(id, ids) ?? '`tierwall rules` lists them';
  return new InputError([{ code: 'names-nothing', message: `there is no rule \`${id}\``, place: {}, hint }]);
}
