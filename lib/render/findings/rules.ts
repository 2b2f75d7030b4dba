import type { RuleDescriptor } from '../../model/finding';
import type { Paint } from '../paint';
import { demandText } from './words';

/** A rule with its examples, as it is explained. */
export interface ExplainedRule extends RuleDescriptor {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** `yes`: `--fix` mends what is found in some cases. */
  readonly fixable: 'yes' | 'no';
}

/** Rules by group, a line each. */
export function rulesToTxt(rules: readonly ExplainedRule[], paint: Paint): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const sections = groupsOf(rules).map(([group, own]) => {
    const lines = own.map(({ id, severity, wrong }) => `  ${id.padEnd(width)}  ${severity.padEnd(7)}  ${wrong}`);
    return `${paint.bold(group)}\n${lines.join('\n')}\n`;
  });
  return `${sections.join('\n')}\n${rules.length} rules; \`tierwall rules ID\` explains one\n`;
}

/** One rule, with its examples. */
export function ruleToTxt(rule: ExplainedRule, paint: Paint): string {
  const { id, group, severity, wrong, why, todo, references, demands = [], good, bad, fixable } = rule;
  const examples = (title: string, texts: readonly string[]) =>
    texts.flatMap((text) => [
      '',
      paint.bold(title),
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`.trimEnd()),
    ]);
  const lines = [
    `${paint.bold(id)}  ${group}, ${severity}${fixable === 'yes' ? ', --fix mends it' : ''}`,
    '',
    `${paint.bold('wrong')}  ${wrong}`,
    `${paint.bold('why')}    ${why}`,
    `${paint.bold('do')}     ${todo}`,
    ...demands.map((demand) => `${paint.bold('for')}    ${demandText(demand)}`),
    ...references.map(({ name, url }) => `${paint.bold('see')}    ${name}${url ? `, ${url}` : ''}`),
    ...examples('bad', bad),
    ...examples('good', good),
  ];
  return `${lines.join('\n')}\n`;
}

export function rulesToJson(rules: readonly ExplainedRule[]): string {
  return `${JSON.stringify({ version: 1, rules }, undefined, 2)}\n`;
}

/** The reference of all rules. */
export function rulesToMd(rules: readonly ExplainedRule[]): string {
  const sections = groupsOf(rules).map(([group, own]) => `## ${group}\n\n${own.map(ruleToMd).join('\n')}`);
  return `# Rules of tierwall lint\n\n${sections.join('\n')}`;
}

function ruleToMd({
  id,
  severity,
  wrong,
  why,
  todo,
  references,
  demands = [],
  good,
  bad,
  fixable,
}: ExplainedRule): string {
  const examples = (title: string, texts: readonly string[]) =>
    texts.map((text) => `${title}:\n\n\`\`\`yaml\n${text.trimEnd()}\n\`\`\`\n\n`).join('');
  const asked = demands.map((demand) => ({ name: demandText(demand), url: demand.url }));
  const see = [...asked, ...references].map(({ name, url }) => (url ? `[${name}](${url})` : name)).join(', ');
  const fix = fixable === 'yes' ? ' `--fix` mends it.' : '';
  return `### ${id}

${severity}: ${wrong}. ${why}

To do: ${todo}.${fix}${see ? ` See ${see}.` : ''}

${examples('Bad', bad)}${examples('Good', good)}`;
}

function groupsOf(rules: readonly ExplainedRule[]): [string, ExplainedRule[]][] {
  const groups = new Map<string, ExplainedRule[]>();
  for (const rule of rules) groups.set(rule.group, [...(groups.get(rule.group) ?? []), rule]);
  return [...groups];
}
