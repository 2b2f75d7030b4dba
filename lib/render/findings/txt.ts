import type { RuleDescriptor, Severity } from '../../model/finding';
import { type FindingReport, type FoundItem, type FoundLine, unsuppressed } from '../../model/finding-report';
import type { Mistake } from '../../model/mistake';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { countsText, demandText, mistakesIn, placeText, scopesText, suppressedText } from './words';

/** For a person: what is wrong, the line, why it matters (once for each rule), and what to do. */
export function findingsToTxt(report: FindingReport, paint: Paint): string {
  const told = new Set<string>();
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const blocks = mistakesIn(report).map((mistake) => {
    const { rule: id } = mistake.first;
    const rule = told.has(id) ? undefined : rules.get(id);
    told.add(id);
    return `${itemLines(mistake, rule, paint).join('\n')}\n\n`;
  });
  return `${blocks.join('')}${summary(report, paint)}\n`;
}

/** @param told the rule, where this is the first of its findings */
function itemLines(
  { first: item, scopes }: Mistake<FoundItem>,
  told: RuleDescriptor | undefined,
  paint: Paint,
): string[] {
  const { severity, rule, message, place, written, excerpt, related, hint } = item;
  const width = Math.max(1, ...excerpt.map(({ line }) => String(line).length));
  const pad = ' '.repeat(width);
  const where = (text: string) => (text === '' ? [] : [paint.dim(`${pad} ╰ ${visible(text)}`)]);
  return [
    `${paintOf(severity, paint)(`${severity}[${rule}]`)} ${paint.bold(visible(message))}`,
    ...where(`${placeText(place)}${scopesText(scopes)}`),
    ...where(written ? placeText(written) : ''),
    ...excerpt.flatMap((line) => excerptLines(line, width, severity, paint)),
    ...related.map(({ text, place: other }) => paint.dim(`${pad} · ${visible(relatedText(text, placeText(other)))}`)),
    ...(told ? [`${pad} ${paint.bold('why')} ${visible(told.why)}`] : []),
    ...(told?.demands ?? []).map((demand) => `${pad} ${paint.bold('see')} ${demandText(demand)}`),
    `${pad} ${paint.bold('do')}  ${visible(hint)}${paint.dim(fixText(item))}`,
  ];
}

function fixText({ edits, notFixed }: FoundItem): string {
  if (edits.length > 0) return ' (--fix does)';
  return notFixed === undefined ? '' : ` (--fix leaves it to you: ${notFixed})`;
}

/** Longer lines, as of JSON on one line, are cut around what is meant. */
const longestLine = 160;

function excerptLines({ line, text, marked }: FoundLine, width: number, severity: Severity, paint: Paint): string[] {
  const start = marked && marked.column > longestLine / 2 ? marked.column - longestLine / 4 : 0;
  const shown = text.slice(start, start + longestLine);
  const number = String(line).padStart(width);
  const body = paint.dim(`${number} │ ${start > 0 ? '…' : ''}${visible(shown)}`.trimEnd());
  if (!marked) return [body];
  // What is shown of control characters is longer than they are.
  const lead = visible(shown.slice(0, marked.column - 1 - start)).replace(/[^\t]/g, ' ') + (start > 0 ? ' ' : '');
  const length = visible(shown.slice(marked.column - 1 - start, marked.endColumn - 1 - start)).length;
  const sign = '^'.repeat(Math.max(1, length));
  return [body, `${paint.dim(`${' '.repeat(width)} │`)} ${lead}${paintOf(severity, paint)(sign)}`];
}

/** What says its place itself says it once. */
function relatedText(text: string, place: string): string {
  return place === '' || text.includes(`(${place})`) ? text : `${text}: ${place}`;
}

function paintOf(severity: Severity, paint: Paint): (text: string) => string {
  if (severity === 'error') return paint.red;
  return severity === 'warning' ? paint.bold : paint.dim;
}

function summary(report: FindingReport, paint: Paint): string {
  const items = unsuppressed(report);
  const fixable = items.filter(({ edits }) => edits.length > 0).length;
  const counts = countsText(report);
  const rest = [
    ...(fixable > 0 ? [`--fix mends ${counted(fixable, 'of them', 'of them')}`] : []),
    ...(suppressedText(report) ? [suppressedText(report)] : []),
  ];
  const line = `${counts} in ${report.subject}${rest.length > 0 ? `; ${rest.join('; ')}` : ''}`;
  return items.some(({ severity }) => severity === 'error')
    ? paint.red(line)
    : items.length > 0
      ? line
      : paint.green(line);
}
