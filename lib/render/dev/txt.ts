import type { DevReport, FailedStatement } from '../../model/dev-report';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';

const mostLines = 20;

/** For whoever has just saved a file. */
export function devToTxt(report: DevReport, paint: Paint): string {
  const { saved, milliseconds, mistakes, opened, closed, tests, findings } = report;
  const head = saved.length > 0 ? `${saved.slice(0, 3).join(', ')}${saved.length > 3 ? ', …' : ''} saved` : 'watching';
  const lines = [paint.bold(visible(head)) + paint.dim(` (${milliseconds} ms)`)];
  if (mistakes.length > 0) {
    lines.push(...mistakes.map((text) => paint.red(`  error: ${visible(text)}`)));
    return `${lines.join('\n')}\n\n`;
  }
  const list = (texts: readonly string[], sign: string, colour: (text: string) => string) => [
    ...texts.slice(0, mostLines).map((text) => colour(`  ${sign} ${visible(text)}`)),
    ...(texts.length > mostLines
      ? [paint.dim(`  ${sign} and ${counted(texts.length - mostLines, 'more', 'more')}`)]
      : []),
  ];
  // Red for what is open and was not: it is what wants a look.
  lines.push(...list(opened, '+', paint.red), ...list(closed, '-', paint.green));
  if (saved.length > 0 && opened.length + closed.length === 0) lines.push(paint.dim('  opens and closes nothing'));
  lines.push(...tests.failed.flatMap((one, i) => failureLines(one, i === 0 ? one.explanation : '', paint)));
  lines.push(...list(findings.added, '!', paint.red));
  const failed =
    tests.failed.length > 0 ? paint.red(`${counted(tests.failed.length, 'statement')} of tests failed`) : '';
  const passed = tests.passed > 0 ? `${counted(tests.passed, 'statement')} of tests held` : '';
  const gone = findings.gone > 0 ? `, ${findings.gone} gone` : '';
  const found = `${counted(findings.count, 'finding')}${gone}`;
  lines.push(`  ${[failed, passed, found].filter(Boolean).join(', ')}`);
  return `${lines.join('\n')}\n\n`;
}

/** @param explanation of the first, since others mostly have the same reason */
function failureLines({ test, statement, failures }: FailedStatement, explanation: string, paint: Paint): string[] {
  const [first, ...more] = failures;
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  return [
    paint.red(`  ✗ ${visible(test)}`),
    `    ${visible(statement)}`,
    ...(first === undefined ? [] : [`    ${visible(first)}${rest}`]),
    ...(explanation === '' ? [] : explanation.split('\n')).map((line) => (line ? `      ${line}` : '')),
  ];
}
