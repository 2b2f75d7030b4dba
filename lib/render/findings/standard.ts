import type { Demand, RuleDescriptor } from '../../model/finding';
import type { Paint } from '../paint';

/** A hardening standard, and the rules that check what it demands. */
export interface ShownStandard {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly demands: readonly { readonly demand: Demand; readonly rules: readonly RuleDescriptor[] }[];
}

/** Each demand by name, and below it the rules that check it. */
export function standardToTxt({ name, url, demands }: ShownStandard, paint: Paint): string {
  const width = Math.max(...demands.flatMap(({ rules }) => rules.map(({ id }) => id.length)));
  const sections = demands.map(({ demand, rules }) => {
    const lines = [
      ...rules.map(({ id, severity, wrong }) => `  ${id.padEnd(width)}  ${severity.padEnd(7)}  ${wrong}`),
      ...(demand.unchecked === undefined ? [] : [`  not checked: ${demand.unchecked}`]),
    ];
    return `${paint.bold(demand.id)}  ${demand.text}\n${lines.join('\n')}\n`;
  });
  return `${paint.bold(name)}\n${paint.dim(url)}\n\n${sections.join('\n')}`;
}

export function standardToJson({ id, name, url, demands }: ShownStandard): string {
  const shown = demands.map(({ demand, rules }) => {
    const { id: own, text, unchecked } = demand;
    return { id: own, text, rules: rules.map((rule) => rule.id), ...(unchecked === undefined ? {} : { unchecked }) };
  });
  return `${JSON.stringify({ version: 1, standard: { id, name, url }, demands: shown }, undefined, 2)}\n`;
}

export function standardToMd({ name, url, demands }: ShownStandard): string {
  const rows = demands.map(({ demand, rules }) => {
    return `| ${demand.id} | ${demand.text} | ${demand.unchecked ?? rules.map(({ id }) => `\`${id}\``).join(', ')} |`;
  });
  return `# [${name}](${url})\n\n| | demand | rules that check it |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}
