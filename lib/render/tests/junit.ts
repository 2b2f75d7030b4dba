import type { TestCase, TestRun, TestSuite } from '../../model/test-run';
import { attributes, xml } from '../xml';
import { failureTexts } from './txt';

/** JUnit XML: a suite for each table, a case for each of its statements. */
export function testRunToJunit({ suites, passed, failed }: TestRun): string {
  const head = `<testsuites name="tierwall test" tests="${passed + failed}" failures="${failed}" errors="0">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.map(suiteXml).join('')}</testsuites>\n`;
}

function suiteXml({ name, cases, place }: TestSuite): string {
  const failures = cases.filter(({ result }) => result === 'failed').length;
  const counts = attributes({ name, file: place.file, tests: cases.length, failures, errors: 0, skipped: 0 });
  return `  <testsuite${counts}>\n${cases.map((one) => caseXml(one, name)).join('')}  </testsuite>\n`;
}

function caseXml({ name, result, failures, explanation, place }: TestCase, suite: string): string {
  const head = `    <testcase${attributes({ classname: suite, name, file: place.file, line: place.line })}`;
  if (result === 'passed') return `${head}/>\n`;
  const body = [...failureTexts(failures), ...(explanation ? ['', explanation] : [])].join('\n');
  return `${head}>\n      <failure${attributes({ message: failures[0] ?? name })}>${xml(body)}</failure>\n    </testcase>\n`;
}
