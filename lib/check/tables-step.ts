import type { Finding } from '../model/finding';
import type { Issue } from '../model/issue';
import type { TestCase, TestRun } from '../model/test-run';
import { foundItems } from '../read/found-items';
import { counted } from '../render/connectivity/visible-text';
import { failureTexts } from '../render/tests/txt';
import type { CheckStep } from './check-result';
import { requireConnectivity } from './check-rules';

/**
 * Whether connections are as tables state.
 * @param issues what is wrong with tables themselves
 * @param cwd what their paths are relative to
 */
export function tablesStep({ suites, passed, failed }: TestRun, issues: readonly Issue[], cwd: string): CheckStep {
  const wrong = suites.flatMap(({ cases }) => cases).filter(({ result }) => result === 'failed');
  const texts = [
    ...(failed > 0 ? [`${counted(failed, 'statement')} failed`] : []),
    ...(issues.length > 0 ? [`${counted(issues.length, 'problem')} in tables`] : []),
    counted(passed, 'statement holds', 'statements hold'),
  ];
  return {
    id: 'tables',
    verdict: failed + issues.length > 0 ? 'failed' : 'passed',
    summary: texts.join(', '),
    items: foundItems([...issues.map(ofIssue), ...wrong.map(ofCase)], cwd),
  };
}

function ofIssue({ message, hint, place }: Issue): Finding {
  const { id, severity } = requireConnectivity;
  return { rule: id, severity, message, place, related: [], hint: hint ?? 'correct the table' };
}

function ofCase({ name, failures, place }: TestCase): Finding {
  const { id, severity, todo } = requireConnectivity;
  const message = `\`${name}\` does not hold: ${failureTexts(failures).join('; ')}`;
  return { rule: id, severity, message, place, related: [], hint: todo };
}
