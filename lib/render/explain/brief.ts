import type { ExplainedCase, ExplainedSide, Explanation, FailingRule } from '../../model/explanation';
import { visible } from '../connectivity/visible-text';
import { plain } from '../paint';
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
  isolationText,
  noRuleText,
  openText,
  questionText,
  sideHeading,
} from './words';

/** For a test that failed: the verdict, of each side that decides it the nearest rule, and what to write. */
export function explanationToBrief({ cases, notes, cni }: Explanation): string {
  const sections = [
    ...cases.flatMap((one) => [
      [`${one.decision.toUpperCase()} ${visible(questionText(one))}`],
      ...caseSections(one, cni.name),
    ]),
    [...new Set([...notes, ...cases.flatMap((one) => one.notes)])].map((note) => `note: ${visible(note)}`),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

function caseSections(one: ExplainedCase, cni: string): string[][] {
  if (one.itself === 'yes') return [['  a pod always reaches itself']];
  const deciding = [one.egress, one.ingress].filter(({ decision }) => decision === one.decision);
  return [
    ...deciding.map((side) => [visible(sideHeading(side, one)), ...sideLines(side, one, cni)]),
    byCniTexts(one).map((text) => `  ${text}`),
    fixSection(one, plain, 'code'),
  ];
}

function sideLines(side: ExplainedSide, one: ExplainedCase, cni: string): string[] {
  switch (side.decision) {
    case 'allowed': {
      const open = openText(side, cni);
      if (open !== undefined) return [`  ${visible(open)}`];
      return side.allowedBy.flatMap((rule) => [
        `  ${visible(allowingText(rule))}`,
        ...at(codeAndPlaceText(rule.place, codeOf(rule))),
      ]);
    }
    case 'denied': {
      const nearest = side.failing.find(isNear) ?? side.failing[0];
      const why = nearest
        ? nearestLines(nearest, side, one)
        : side.isolatedBy.flatMap((policy) => [
            `  ${visible(isolationText(policy))}`,
            ...at(codeAndPlaceText(policy.place, codeOf(policy))),
          ]);
      return [`  ${visible(noRuleText(side, one))}`, ...why];
    }
    case 'unknown':
      return side.doubts.flatMap((doubt) => [
        `  ${visible(doubtText(doubt))}`,
        ...at(codeAndPlaceText(doubt.place, [])),
      ]);
  }
}

function nearestLines(rule: FailingRule, side: ExplainedSide, one: ExplainedCase): string[] {
  const place = at(codeAndPlaceText(rule.place, codeOf(rule)));
  if (!isNear(rule)) return [`  - ${visible(farText(rule))}`, ...place];
  const reasons = failingTexts(rule, side, one).map((text) => `      ${visible(text)}`);
  return [`  - ${visible(rule.rule)}`, ...reasons, ...place];
}

function at(where: string): string[] {
  return where === '' ? [] : [`      at ${visible(where)}`];
}
