import type { TestCase, TestRun } from '../../model/test-run';
import { counted, visible } from '../connectivity/visible-text';
import { placeText } from '../explain/words';
import type { Paint } from '../paint';

/** For a person: what failed with its reasons, and how much passed. */
export function testRunToTxt({ suites, passed, failed }: TestRun, paint: Paint): string {
  const lines = suites.flatMap(({ name, cases, place }) => {
    const wrong = cases.filter(({ result }) => result === 'failed');
    const connections = cases.reduce((sum, one) => sum + one.connections, 0);
    const mark = wrong.length > 0 ? paint.red('✗') : paint.green('✓');
    const head = `${mark} ${visible(name)} ${paint.dim(`${counted(cases.length, 'statement')} about ${counted(connections, 'connection')} (${visible(placeText(place))})`)}`;
    return [head, ...wrong.flatMap((one) => failureLines(one, paint))];
  });
  const summary = failed > 0 ? paint.red(`${counted(failed, 'statement')} failed`) : '';
  return `${[...lines, [summary, counted(passed, 'passed', 'passed')].filter(Boolean).join(', ')].join('\n')}\n`;
}

function failureLines({ name, failures, explanation, place }: TestCase, paint: Paint): string[] {
  return [
    `  ${paint.red('✗')} ${paint.bold(visible(name))} ${paint.dim(visible(placeText(place)))}`,
    ...failureTexts(failures).map((text) => `    ${visible(text)}`),
    ...(explanation ? ['', ...explanation.split('\n').map((line) => (line ? `    ${line}` : '')), ''] : []),
  ];
}

const mostFailures = 10;

/** The first of them. */
export function failureTexts(failures: readonly string[]): string[] {
  const more = failures.length - mostFailures;
  return [...failures.slice(0, mostFailures), ...(more > 0 ? [`and ${counted(more, 'more', 'more')}`] : [])];
}
