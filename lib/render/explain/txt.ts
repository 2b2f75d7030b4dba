import type { Decision } from '../../model/connection';
import type { ListedPlace } from '../../model/connectivity-listing';
import type { ExcerptLine, ExplainedCase, ExplainedSide, Explanation, Fix } from '../../model/explanation';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
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

/** Rules that fail are told in full up to here. */
const mostFailing = 5;
/** The nearest ones with their lines. */
const mostExcerpts = 1;

/** For somebody whose connection was just blocked: the verdict, why, and what would allow it. */
export function explanationToTxt(explanation: Explanation, paint: Paint): string {
  const { cases, notes, cni } = explanation;
  const overview =
    cases.length > 1
      ? [
          [
            paint.bold(summaryText(explanation)),
            ...cases.map((one) => `  ${verdictWord(one.decision, paint)} ${visible(questionText(one))}`),
          ],
        ]
      : [];
  const sections = [
    ...overview,
    ...cases.flatMap((one) => caseSections(one, cni.name, paint)),
    notes.map((note) => paint.dim(`note: ${visible(note)}`)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function verdictWord(decision: Decision, paint: Paint): string {
  const word = decision.toUpperCase().padEnd(7);
  return decision === 'allowed' ? paint.green(word) : paint.red(word);
}

function caseSections(one: ExplainedCase, cni: string, paint: Paint): string[][] {
  const head = [
    paint.bold(`${verdictWord(one.decision, paint)} ${visible(questionText(one))}`),
    ...one.translations.flatMap(({ text, place }) => [`  ${visible(text)}`, ...(place ? at(place, paint) : [])]),
  ];
  if (one.itself === 'yes') return [[...head, '  a pod always reaches itself']];
  return [
    head,
    sideSection(one.egress, one, cni, paint),
    sideSection(one.ingress, one, cni, paint),
    openSection(one, paint),
    fixSection(one, paint),
    one.notes.map((note) => paint.dim(`note: ${visible(note)}`)),
  ];
}

function sideSection(side: ExplainedSide, one: ExplainedCase, cni: string, paint: Paint): string[] {
  const heading = paint.bold(visible(sideHeading(side, one)));
  const open = openText(side, cni);
  if (open !== undefined && side.doubts.length === 0) return [heading, `  ${visible(open)}`];
  const denied = side.decision === 'denied';
  const isolation =
    side.decision === 'allowed'
      ? [`  ${visible(isolatedByText(side))}`]
      : side.isolatedBy.flatMap((policy) => [
          `  ${visible(isolationText(policy))}`,
          ...at(policy.place, paint),
          ...(denied && side.failing.length === 0 ? excerpt(policy.excerpt, paint) : []),
        ]);
  const allowing = side.allowedBy.flatMap((rule) => [
    `  ${visible(allowingText(rule))}`,
    ...at(rule.place, paint),
    ...excerpt(rule.excerpt, paint),
  ]);
  return [heading, ...isolation, ...allowing, ...(denied ? failingLines(side, one, paint) : [])];
}

function failingLines(side: ExplainedSide, one: ExplainedCase, paint: Paint): string[] {
  const { failing } = side;
  const lines = failing
    .slice(0, mostFailing)
    .flatMap((rule, i) => [
      `  - ${visible(rule.rule)}`,
      ...failingTexts(rule, side, one).map((text) => `      ${visible(text)}`),
      ...at(rule.place, paint),
      ...(i < mostExcerpts ? excerpt(rule.excerpt, paint) : []),
    ]);
  const rest = failing.length - mostFailing;
  const more = rest > 0 ? [paint.dim(`  - and ${counted(rest, 'rule')} further off; --output json has all`)] : [];
  return [`  ${visible(noRuleText(side, one))}`, ...lines, ...more];
}

function openSection(one: ExplainedCase, paint: Paint): string[] {
  const doubts = [...one.egress.doubts, ...one.ingress.doubts];
  if (one.decision !== 'unknown' || doubts.length === 0) return [];
  return [
    paint.bold('What is open'),
    ...doubts.flatMap((doubt) => [`  ${visible(doubtText(doubt))}`, ...at(doubt.place, paint)]),
    ...byCniTexts(one).map((text) => `  ${text}`),
  ];
}

function fixSection({ fix, noFix }: ExplainedCase, paint: Paint): string[] {
  const heading = paint.bold('What would allow it');
  if (noFix !== undefined) return [heading, `  ${visible(noFix)}`];
  if (!fix) return [];
  const code = codeLines(fix, paint);
  const yaml = fix.changes.flatMap((change) => [
    `  As YAML: ${visible(changeText(change))}`,
    ...changeYaml(change)
      .trimEnd()
      .split('\n')
      .map((line) => paint.green(`    ${line}`)),
    paint.dim(`  It ${visible(opensText(change))}.`),
  ]);
  // Where tierwall writes the policies, the code comes first.
  const parts = fix.constructs.length > 0 ? [...code, ...yaml] : [...yaml, ...code];
  return [heading, ...parts, `  ${outcomeText(fix)}`];
}

function codeLines(fix: Fix, paint: Paint): string[] {
  const names = namesText(fix);
  return [
    `  ${visible(codeText(fix))}`,
    paint.green(`    ${visible(fix.typescript.line)}`),
    ...(names === '' ? [] : [paint.dim(`  where ${visible(names)}`)]),
  ];
}

function at(place: ListedPlace, paint: Paint): string[] {
  const where = placeText(place);
  return where === '' ? [] : [paint.dim(`      at ${visible(where)}`)];
}

function excerpt(lines: readonly ExcerptLine[], paint: Paint): string[] {
  const width = Math.max(0, ...lines.map(({ line }) => String(line).length));
  return lines.map(({ line, text }) => paint.dim(`      ${String(line).padStart(width)} │ ${visible(text)}`));
}
