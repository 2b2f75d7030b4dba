import type { ListedPlace } from '../../model/connectivity-listing';
import type { ExcerptLine, ExplainedCase, ExplainedSide, Explanation } from '../../model/explanation';
import { counted, visible } from '../connectivity/visible-text';
import {
  allowingText,
  byCniTexts,
  changeText,
  changeYaml,
  codeAndPlaceText,
  codeOf,
  codeText,
  constructsIn,
  doubtText,
  failingTexts,
  isNear,
  isolatedByText,
  isolationText,
  namesText,
  noRuleText,
  opensTexts,
  openText,
  outcomeText,
  questionText,
  sideHeading,
  summaryText,
} from './words';

const mostNear = 4;

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
  const sections = [
    ...overview,
    ...cases.flatMap((one) => caseSections(one, cni.name)),
    noteLines([...new Set([...notes, ...cases.flatMap((one) => one.notes)])]),
  ];
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
    byCniSection(one),
    fixSection(one),
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
      : side.isolatedBy.map((policy) => `- ${withPlace(isolationText(policy), policy.place, codeOf(policy))}`)),
    ...side.allowedBy.flatMap((rule) => [
      `- ${withPlace(allowingText(rule), rule.place, codeOf(rule))}`,
      ...excerpt(rule.excerpt),
    ]),
    ...(denied ? failingLines(side, one) : []),
    ...(side.decision === 'unknown' ? side.doubts.map((doubt) => `- ${withPlace(doubtText(doubt), doubt.place)}`) : []),
  ];
}

function failingLines(side: ExplainedSide, one: ExplainedCase): string[] {
  const { failing } = side;
  const near = failing.filter(isNear).slice(0, mostNear);
  const lines = near.flatMap((rule, i) => [
    `  - ${withPlace(rule.rule, rule.place, codeOf(rule))}`,
    ...failingTexts(rule, side, one).map((text) => `    - ${escaped(text)}`),
    ...(i === 0 ? excerpt(rule.excerpt, '    ') : []),
  ]);
  const rest = failing.length - near.length;
  return [
    `- ${escaped(noRuleText(side, one))}`,
    ...lines,
    ...(rest > 0 ? [`  - and ${counted(rest, 'rule')} for other peers or ports`] : []),
  ];
}

function byCniSection(one: ExplainedCase): string[] {
  const texts = byCniTexts(one);
  if (texts.length === 0) return [];
  return ['### It depends on the network plugin', '', ...texts.map((text) => `- ${escaped(text)}`)];
}

function fixSection({ fix, noFix }: ExplainedCase): string[] {
  if (noFix !== undefined) return ['### What would allow it', '', escaped(noFix)];
  if (!fix) return [];
  const names = namesText(fix);
  const code = [
    `${escaped(codeText(fix))}:`,
    '',
    ...fenced('ts', [fix.typescript.line]),
    ...(names === '' ? [] : ['', `where ${escaped(names)}`]),
    ...fix.typescript.needs.flatMap((need) => ['', escaped(need)]),
  ];
  const yaml = fix.changes.flatMap((change) => [
    `${escaped(changeText(change))}:`,
    '',
    ...fenced('yaml', changeYaml(change).trimEnd().split('\n')),
    '',
  ]);
  const parts = constructsIn(fix).length > 0 ? [...code, '', ...yaml] : [...yaml, ...code, ''];
  return ['### What would allow it', '', ...parts, ...opensTexts(fix).map(escaped), outcomeText(fix)];
}

function noteLines(notes: readonly string[]): string[] {
  return notes.map((note) => `> ${escaped(note)}`);
}

function withPlace(text: string, place: ListedPlace | undefined, code: readonly ListedPlace[] = []): string {
  const where = place ? codeAndPlaceText(place, code) : '';
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
