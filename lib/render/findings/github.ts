import type { Severity } from '../../model/finding';
import { type FindingReport, type FoundItem, unsuppressed } from '../../model/finding-report';
import { visible } from '../connectivity/visible-text';
import { placeText } from './words';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

/** Workflow commands of GitHub Actions, which put each finding on its line of the pull request. */
export function findingsToGithub(report: FindingReport): string {
  return unsuppressed(report).map(annotation).join('');
}

function annotation({ rule, severity, message, hint, place, written }: FoundItem): string {
  const { file, line, range } = place;
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(range ? [`endLine=${range.endLine}`, `col=${range.column}`, `endColumn=${range.endColumn}`] : []),
    `title=${property(rule)}`,
  ];
  const text = `${message}\n${hint}${written ? `\n${placeText(written)}` : ''}`;
  return `::${commands[severity]} ${properties.join(',')}::${data(text)}\n`;
}

/** As the runner's own toolkit escapes it: nothing in a name begins a command of its own. */
function data(text: string): string {
  const shown = text.split('\n').map(visible).join('\n');
  return shown.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
