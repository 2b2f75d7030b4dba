import type { Decision } from '../../model/connection';
import type { ListedPlace } from '../../model/connectivity-listing';
import type { ExcerptLine, ExplainedCase, ExplainedSide, Explanation } from '../../model/explanation';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { fixSection } from './fix-section';
import {
  allowingText,
  byCniTexts,
  codeAndPlaceText,
  codeOf,
  doubtText,
  failingTexts,
  farText,
  isNear,
  isolatedByText,
  isolationText,
  noRuleText,
  openText,
  questionText,
  sideHeading,
  summaryText,
} from './words';

/** Rules that lack only the peer or only the port are told in full up to here. */
const mostNear = 4;
/** If there are none, so many others are named. */
const mostFar = 3;
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
    [...new Set([...notes, ...cases.flatMap((one) => one.notes)])].map((note) => paint.dim(`note: ${visible(note)}`)),
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
    byCniSection(one, paint),
    fixSection(one, paint, 'all'),
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
          ...at(policy.place, paint, codeOf(policy)),
          ...(denied && side.failing.length === 0 ? excerpt(policy.excerpt, paint) : []),
        ]);
  const allowing = side.allowedBy.flatMap((rule) => [
    `  ${visible(allowingText(rule))}`,
    ...at(rule.place, paint, codeOf(rule)),
    ...excerpt(rule.excerpt, paint),
  ]);
  const doubts =
    side.decision === 'unknown'
      ? side.doubts.flatMap((doubt) => [`  ${visible(doubtText(doubt))}`, ...at(doubt.place, paint)])
      : [];
  return [heading, ...isolation, ...allowing, ...(denied ? failingLines(side, one, paint) : []), ...doubts];
}

function failingLines(side: ExplainedSide, one: ExplainedCase, paint: Paint): string[] {
  const { failing } = side;
  const near = failing.filter(isNear);
  const lines = near
    .slice(0, mostNear)
    .flatMap((rule, i) => [
      `  - ${visible(rule.rule)}`,
      ...failingTexts(rule, side, one).map((text) => `      ${visible(text)}`),
      ...at(rule.place, paint, codeOf(rule)),
      ...(i < mostExcerpts ? excerpt(rule.excerpt, paint) : []),
    ]);
  const far = failing.filter((rule) => !isNear(rule));
  const shownFar = far.slice(0, near.length > 0 ? 0 : mostFar);
  const rest = failing.length - Math.min(near.length, mostNear) - shownFar.length;
  const more =
    rest > 0 ? [paint.dim(`  - and ${counted(rest, 'rule')} for other peers or ports (--output json has all)`)] : [];
  const farLines = shownFar.map((rule) => `  - ${visible(farText(rule))}`);
  return [`  ${visible(noRuleText(side, one))}`, ...lines, ...farLines, ...more];
}

function byCniSection(one: ExplainedCase, paint: Paint): string[] {
  const texts = byCniTexts(one);
  return texts.length === 0
    ? []
    : [paint.bold('It depends on the network plugin'), ...texts.map((text) => `  ${text}`)];
}

function at(place: ListedPlace, paint: Paint, code: readonly ListedPlace[] = []): string[] {
  const where = codeAndPlaceText(place, code);
  return where === '' ? [] : [paint.dim(`      at ${visible(where)}`)];
}

function excerpt(lines: readonly ExcerptLine[], paint: Paint): string[] {
  const width = Math.max(0, ...lines.map(({ line }) => String(line).length));
  return lines.map(({ line, text }) => paint.dim(`      ${String(line).padStart(width)} │ ${visible(text)}`));
}
