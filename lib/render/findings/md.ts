import { type FindingReport, type FoundItem, unsuppressed } from '../../model/finding-report';
import type { Mistake } from '../../model/mistake';
import { visible } from '../connectivity/visible-text';
import { countsText, demandText, mistakesIn, placeText, scopesText, suppressedText } from './words';

/** More findings than these are counted, so that a comment on a pull request stays readable. */
const mostRows = 50;

/** Markdown, for the summary of a job or a comment. */
export function findingsToMd(report: FindingReport): string {
  const items = unsuppressed(report);
  const suppressed = suppressedText(report);
  const head = `**tierwall ${report.command}**: ${countsText(report)} in ${report.subject}${suppressed ? ` (${suppressed})` : ''}\n`;
  if (items.length === 0) return head;
  const mistakes = mistakesIn(report);
  const rows = mistakes.slice(0, mostRows).map(row);
  const rest = mistakes.length > mostRows ? `\nand ${mistakes.length - mostRows} more\n` : '';
  const used = report.rules.filter(({ id }) => items.some(({ rule }) => rule === id));
  const whys = used.map(({ id, wrong, why, demands = [] }) => {
    const see = demands.map((demand) => ` See [${demandText(demand)}](${demand.url}).`).join('');
    return `- \`${id}\`: ${wrong}. ${why}${see}`;
  });
  return `${head}
| | rule | what is wrong | where | what to do |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
${rest}
<details><summary>Why it matters</summary>

${whys.join('\n')}

</details>
`;
}

function row({ first, scopes }: Mistake<FoundItem>): string {
  const { severity, rule, message, place, hint } = first;
  const cells = [
    severity,
    `\`${rule}\``,
    prose(message),
    code(`${placeText(place)}${scopesText(scopes)}`),
    prose(hint),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Text whose code spans stay code, and in which nothing else is markup. */
function prose(text: string): string {
  return visible(text.replaceAll('\n', ' '))
    .split('`')
    .map((part, i) => (i % 2 === 1 ? `\`${part.replaceAll('|', '\\|')}\`` : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\|*_[\]<>#~@]/g, (c) => (c === '@' ? '&#64;' : c === '<' ? '&lt;' : `\\${c}`));
}

function code(text: string): string {
  return text === '' ? '' : `\`${visible(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}
