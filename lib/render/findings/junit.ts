import { type FindingReport, type FoundItem, unsuppressed } from '../../model/finding-report';
import { attributes, xml } from '../xml';
import { placeText } from './words';

/** JUnit XML: a suite for each rule, in it a failed case for each finding, or one of the rule's name that passed. What is only to be known fails nothing. */
export function findingsToJunit(report: FindingReport): string {
  const items = unsuppressed(report);
  const suites = report.rules.map(({ id }) => {
    const own = items.filter(({ rule }) => rule === id);
    const cases =
      own.length > 0 ? own.map(caseOf) : [`    <testcase classname="${xml(`tierwall.${id}`)}" name="${xml(id)}"/>`];
    const counts = `tests="${cases.length}" failures="${failing(own)}" errors="0" skipped="0"`;
    return `  <testsuite name="${xml(id)}" ${counts}>\n${cases.join('\n')}\n  </testsuite>\n`;
  });
  const tests = report.rules.length + items.length - new Set(items.map(({ rule }) => rule)).size;
  const head = `<testsuites name="${xml(`tierwall ${report.command}`)}" tests="${tests}" failures="${failing(items)}" errors="0">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join('')}</testsuites>\n`;
}

function failing(items: readonly FoundItem[]): number {
  return items.filter(({ severity }) => severity !== 'info').length;
}

function caseOf({ rule, severity, message, hint, place }: FoundItem): string {
  const where = placeText(place);
  const file = place.file === undefined ? '' : attributes({ file: place.file, line: place.line });
  const body = [where, message, hint].filter(Boolean).join('\n');
  const told =
    severity === 'info'
      ? `<system-out>${xml(body)}</system-out>`
      : `<failure type="${severity}" message="${xml(message)}">${xml(body)}</failure>`;
  return `    <testcase classname="${xml(`tierwall.${rule}`)}" name="${xml(where || message)}"${file}>
      ${told}
    </testcase>`;
}
