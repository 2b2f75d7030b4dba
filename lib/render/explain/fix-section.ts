import type { ExplainedCase, Fix } from '../../model/explanation';
import { visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';
import { changeText, changeYaml, codeText, constructsIn, namesText, opensTexts, outcomeText } from './words';

/**
 * What would allow it.
 * @param proposed `code`: where tierwall writes the policies, only the change of the code, without what it comes to
 */
export function fixSection({ fix, noFix }: ExplainedCase, paint: Paint, proposed: 'all' | 'code'): string[] {
  const heading = paint.bold('What would allow it');
  if (noFix !== undefined) return [heading, `  ${visible(noFix)}`];
  if (!fix) return [];
  const code = codeLines(fix, paint);
  const yaml = fix.changes.flatMap((change) => [
    `  ${visible(changeText(change))}:`,
    ...changeYaml(change)
      .trimEnd()
      .split('\n')
      .map((line) => paint.green(`    ${line}`)),
  ]);
  // Where tierwall writes the policies, the code comes first.
  const isOwn = constructsIn(fix).length > 0;
  const parts = isOwn ? [...code, ...(proposed === 'all' ? yaml : [])] : [...yaml, ...code];
  const opens = opensTexts(fix).map((text) => `  ${visible(text)}`);
  return [heading, ...parts, ...opens, `  ${outcomeText(fix)}`];
}

function codeLines(fix: Fix, paint: Paint): string[] {
  const names = namesText(fix);
  return [
    `  ${visible(codeText(fix))}:`,
    paint.green(`    ${visible(fix.typescript.line)}`),
    ...(names === '' ? [] : [paint.dim(`  where ${visible(names)}`)]),
    ...fix.typescript.needs.map((need) => `  ${visible(need)}`),
  ];
}
