import type { TestRun } from '../../model/test-run';
import { visible } from '../connectivity/visible-text';
import { placeText } from '../explain/words';
import { toYaml } from '../yaml';
import { failureTexts } from './txt';

/** TAP 14: a test point for each statement, with what is otherwise as YAML. */
export function testRunToTap({ suites, passed, failed }: TestRun): string {
  const points = suites.flatMap((suite) => suite.cases.map((one) => ({ suite: suite.name, ...one })));
  const lines = points.map(({ suite, name, result, failures, explanation, place }, i) => {
    const head = `${result === 'passed' ? 'ok' : 'not ok'} ${i + 1} - ${text(`${suite}: ${name}`)}`;
    if (result === 'passed') return head;
    const yaml = toYaml({
      at: placeText(place),
      failures: failureTexts(failures).map(visible),
      ...(explanation ? { why: explanation.split('\n').filter(Boolean).map(visible) } : {}),
    });
    const block = ['---', ...yaml.trimEnd().split('\n'), '...'].map((line) => `  ${line}`);
    return [head, ...block].join('\n');
  });
  return `${['TAP version 14', `1..${passed + failed}`, ...lines].join('\n')}\n`;
}

/** `#` begins a directive, and a backslash escapes. */
function text(words: string): string {
  return visible(words).replace(/[\\#]/g, '\\$&');
}
