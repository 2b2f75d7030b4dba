import type { ListedPlace } from '../../model/connectivity-listing';
import type { ExcerptLine, ExplainedCase, ExplainedSide, Explanation } from '../../model/explanation';
import { counted, visible } from '../connectivity/visible-text';
import {
  allowingText,
  byCniTexts,
  changeText,
  changeYaml,
  codeText,
  doubtText,
  failingTexts,
  isolatedByText,
  isolationText,
  namesText,
  noRuleText,
  opensText,
  openText,
  outcomeText,
  placeText,
  questionText,
  sideHeading,
  summaryText,
} from './words';

const mostFailing = 5;

/** For a pull request or an issue: GitHub's Markdown. */
export function explanationToMd(explanation: Explanation): string {
  const { cases, notes, cni } = explanation;
  const overview =
    cases.length > 1
      ? [
          [
            `# ${escaped(summaryText(explanation))}`,
            '',
            ...cases.map((one) => `- **${one.decision}**: ${escaped(questionText(one))}`),
          ],
        ]
      : [];
  const sections = [...overview, ...cases.flatMap((one) => caseSections(one, cni.name)), noteLines(notes)];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function caseSections(one: ExplainedCase, cni: string): string[][] {
  const head = [
    `## ${one.decision.toUpperCase()}: ${escaped(questionText(one))}`,
    ...one.translations.map(({ text, place }) => `\n${withPlace(text, place)}`),
  ];
  if (one.itself === 'yes') return [head, ['a pod always reaches itself']];
  return [
    head,
    sideSection(one.egress, one, cni),
    sideSection(one.ingress, one, cni),
    openSection(one),
    fixSection(one),
    noteLines(one.notes),
  ];
}

function sideSection(side: ExplainedSide, one: ExplainedCase, cni: string): string[] {
  const heading = [`### ${escaped(sideHeading(side, one))}`, ''];
  const open = openText(side, cni);
  if (open !== undefined && side.doubts.length === 0) return [...heading, escaped(open)];
  const denied = side.decision === 'denied';
  return [
    ...heading,
    ...(side.decision === 'allowed'
      ? [`- ${escaped(isolatedByText(side))}`]
      : side.isolatedBy.map((policy) => `- ${withPlace(isolationText(policy), policy.place)}`)),
    ...side.allowedBy.flatMap((rule) => [`- ${withPlace(allowingText(rule), rule.place)}`, ...excerpt(rule.excerpt)]),
    ...(denied ? failingLines(side, one) : []),
  ];
}

function failingLines(side: ExplainedSide, one: ExplainedCase): string[] {
  const { failing } = side;
  const lines = failing
    .slice(0, mostFailing)
    .flatMap((rule, i) => [
      `  - ${withPlace(rule.rule, rule.place)}`,
      ...failingTexts(rule, side, one).map((text) => `    - ${escaped(text)}`),
      ...(i === 0 ? excerpt(rule.excerpt, '    ') : []),
    ]);
  const rest = failing.length - mostFailing;
  return [
    `- ${escaped(noRuleText(side, one))}`,
    ...lines,
    ...(rest > 0 ? [`  - and ${counted(rest, 'rule')} further off`] : []),
  ];
}

function openSection(one: ExplainedCase): string[] {
  const doubts = [...one.egress.doubts, ...one.ingress.doubts];
  if (one.decision !== 'unknown' || doubts.length === 0) return [];
  return [
    '### What is open',
    '',
    ...doubts.map((doubt) => `- ${withPlace(doubtText(doubt), doubt.place)}`),
    ...byCniTexts(one).map((text) => `- ${escaped(text)}`),
  ];
}

function fixSection({ fix, noFix }: ExplainedCase): string[] {
  if (noFix !== undefined) return ['### What would allow it', '', escaped(noFix)];
  if (!fix) return [];
  const names = namesText(fix);
  const code = [
    escaped(codeText(fix)),
    '',
    ...fenced('ts', [fix.typescript.line]),
    ...(names === '' ? [] : ['', `where ${escaped(names)}`]),
  ];
  const yaml = fix.changes.flatMap((change) => [
    `As YAML: ${escaped(changeText(change))}`,
    '',
    ...fenced('yaml', changeYaml(change).trimEnd().split('\n')),
    '',
    `It ${escaped(opensText(change))}.`,
    '',
  ]);
  const parts = fix.constructs.length > 0 ? [...code, '', ...yaml] : [...yaml, ...code, ''];
  return ['### What would allow it', '', ...parts, outcomeText(fix)];
}

function noteLines(notes: readonly string[]): string[] {
  return notes.map((note) => `> ${escaped(note)}`);
}

function withPlace(text: string, place: ListedPlace | undefined): string {
  const where = place ? placeText(place) : '';
  return `${escaped(text)}${where ? ` — ${escaped(where)}` : ''}`;
}

function excerpt(lines: readonly ExcerptLine[], pad = '  '): string[] {
  return lines.length === 0
    ? []
    : fenced(
        'yaml',
        lines.map(({ text }) => text),
        pad,
      );
}

/** Tildes, since YAML may hold backticks. */
function fenced(language: string, lines: readonly string[], pad = ''): string[] {
  return [`~~~~${language}`, ...lines.map(visible), '~~~~'].map((line) => pad + line);
}

function escaped(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
