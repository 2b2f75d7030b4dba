import type { DevReport, ToldStatement } from '../../model/dev-report';
import { wrapped } from '../connectivity/txt';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';

const mostLines = 20;

/** A line before it is folded, and its colour. */
type Line = readonly [text: string, colour?: (text: string) => string];

/**
 * For whoever has just saved a file.
 * @param width of the terminal, which lines are folded for between words. @default they are not
 */
export function devToTxt(report: DevReport, paint: Paint, width = Number.POSITIVE_INFINITY): string {
  const { saved, milliseconds } = report;
  const head = saved.length > 0 ? `${saved.slice(0, 3).join(', ')}${saved.length > 3 ? ', …' : ''} saved` : 'watching';
  const lines = linesOf(report, paint).flatMap(([text, colour = (same) => same]) =>
    folded(text, width).map((part) => colour(part)),
  );
  return `${[paint.bold(visible(head)) + paint.dim(` (${milliseconds} ms)`), ...lines].join('\n')}\n\n`;
}

function linesOf({ saved, mistakes, opened, closed, tests, findings }: DevReport, paint: Paint): Line[] {
  if (mistakes.length > 0) return mistakes.map((text) => [`  error: ${visible(text)}`, paint.red]);
  const list = (texts: readonly string[], sign: string, colour: (text: string) => string): Line[] => [
    ...texts.slice(0, mostLines).map((text): Line => [`  ${sign} ${visible(text)}`, colour]),
    ...(texts.length > mostLines
      ? [[`  ${sign} and ${counted(texts.length - mostLines, 'more', 'more')}`, paint.dim] as const]
      : []),
  ];
  const explained = tests.failed.findIndex(({ since }) => since === 'now');
  const failed =
    tests.failed.length > 0 ? paint.red(`${counted(tests.failed.length, 'statement')} of tests failed`) : '';
  const passed = tests.passed > 0 ? `${counted(tests.passed, 'statement')} of tests held` : '';
  const gone = findings.gone > 0 ? `, ${findings.gone} gone` : '';
  return [
    // Red for what is open and was not: it is what wants a look.
    ...list(opened, '+', paint.red),
    ...list(closed, '-', paint.green),
    ...(saved.length > 0 && opened.length + closed.length === 0
      ? [['  opens and closes nothing', paint.dim] as const]
      : []),
    ...tests.failed.flatMap((one, i) => failureLines(one, i === explained ? one.explanation : '', paint)),
    ...list(findings.added, '!', paint.red),
    ...runLines(tests, paint),
    [`  ${[failed, passed, `${counted(findings.count, 'finding')}${gone}`].filter(Boolean).join(', ')}`],
  ];
}

function runLines({ run }: DevReport['tests'], paint: Paint): Line[] {
  if (run === 'failed') {
    return [
      ['  the last run of the tests failed: what they state now is not known, only what they did before', paint.red],
    ];
  }
  return run === 'running' ? [['  tests are being run: what they stated before is judged', paint.dim]] : [];
}

/** @param explanation of the first that is new, since others mostly have the same reason */
function failureLines({ test, statement, failures, since }: ToldStatement, explanation: string, paint: Paint): Line[] {
  if (since === 'earlier') return [[`  ✗ ${visible(test)}: ${visible(statement)}, as before`, paint.red]];
  const [first, ...more] = failures;
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  return [
    [`  ✗ ${visible(test)}`, paint.red],
    [`    ${visible(statement)}`],
    ...(first === undefined ? [] : [[`    ${visible(first)}${rest}`] as const]),
    ...(explanation === '' ? [] : explanation.split('\n')).map((line): Line => [line ? `      ${line}` : '']),
  ];
}

/** What is continued is indented further. */
function folded(text: string, width: number): string[] {
  const [indent = ''] = /^ */.exec(text) ?? [];
  const [first = '', ...rest] = wrapped(text.slice(indent.length).split(' '), width - indent.length - 4);
  return [indent + first, ...rest.map((part) => `${indent}    ${part}`)];
}
