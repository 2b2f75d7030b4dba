import type { Finding, RuleDescriptor } from '../model/finding';
import { LintContext, type LintInput } from './context';
import { crashingRule } from './own-rules';
import type { Found, LintRule } from './rule';
import type { LintSettings } from './settings';

/** A finding of a rule, and what is to be done where code declares what it is about, and which code does. */
export interface RuleFinding extends Finding, Pick<LintRule, 'declaredBy'> {
  readonly hintInCode?: string;
}

/** Asks each rule that is not switched off. A rule that crashes is a finding, and the others still run. */
export function runRules(rules: readonly LintRule[], input: LintInput, settings: LintSettings): RuleFinding[] {
  const context = new LintContext(input, settings);
  return rules
    .filter(({ id }) => settings.severities[id] !== 'off')
    .flatMap((rule) => {
      try {
        return [...rule.check(context)].map((found): RuleFinding => {
          const finding = findingOf(rule, found, settings);
          if (!input.app) return finding;
          const { declaredBy } = rule;
          const hintInCode = found.hintInCode ?? (found.hint === undefined ? rule.todoInCode : undefined);
          return {
            ...finding,
            ...(hintInCode ? { hintInCode } : {}),
            ...(declaredBy ? { declaredBy } : {}),
          };
        });
      } catch (error) {
        return [crashed(rule, error)];
      }
    });
}

export function findingOf(rule: RuleDescriptor, found: Found, { severities }: LintSettings): Finding {
  const configured = severities[rule.id];
  const { message, place, hint = rule.todo, related = [], fix } = found;
  const severity = configured === undefined || configured === 'off' ? (found.severity ?? rule.severity) : configured;
  return { rule: rule.id, severity, message, place, related, hint, ...(fix ? { fix } : {}) };
}

function crashed(rule: RuleDescriptor, error: unknown): Finding {
  const { id, severity, todo } = crashingRule;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `rule \`${rule.id}\` failed, so that what it is about was not looked at: ${reason}`;
  return { rule: id, severity, message, place: {}, related: [], hint: todo };
}
