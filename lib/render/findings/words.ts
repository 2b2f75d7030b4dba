import type { Demand, Severity } from '../../model/finding';
import { type FindingReport, type FoundItem, type FoundPlace, unsuppressed } from '../../model/finding-report';
import { type Mistake, mistakesOf } from '../../model/mistake';
import { counted } from '../connectivity/visible-text';

/** As in `deploy/web.yaml:12:5 spec.egress[0]`, whatever of it is known. */
export function placeText({ file, line, range, field, construct }: FoundPlace): string {
  const position =
    file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}${range ? `:${range.column}` : ''}`;
  return [construct && position ? `${construct} (${position})` : (construct ?? position), field]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

/** Those that count, each line of code that has the same wrong in several scopes told once. */
export function mistakesIn(report: FindingReport): Mistake<FoundItem>[] {
  return mistakesOf(unsuppressed(report), ({ severity, rule }) => `${severity} ${rule}`);
}

/** As in `, in dev, prod`. */
export function scopesText(scopes: readonly string[]): string {
  return scopes.length > 0 ? `, in ${scopes.join(', ')}` : '';
}

/** As in `CIS-5.3.2 Ensure that …`. */
export function demandText({ id, text }: Demand): string {
  return `${id} ${text}`;
}

export function countOf(report: Pick<FindingReport, 'items'>, severity: Severity): number {
  return unsuppressed(report).filter((item) => item.severity === severity).length;
}

/** As in `2 errors, 1 warning`; `no findings`. */
export function countsText(report: Pick<FindingReport, 'items'>): string {
  const [errors, warnings, infos] = (['error', 'warning', 'info'] as const).map((s) => countOf(report, s)) as [
    number,
    number,
    number,
  ];
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(infos > 0 ? [counted(infos, 'info', 'info')] : []),
  ];
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** What became of those that are not counted. */
export function suppressedText({ items }: Pick<FindingReport, 'items'>): string {
  const baseline = items.filter(({ suppressed }) => suppressed?.by === 'baseline').length;
  const others = items.filter(({ suppressed }) => suppressed).length - baseline;
  return [
    ...(others > 0 ? [`${others} suppressed`] : []),
    ...(baseline > 0 ? [`${baseline} in the baseline`] : []),
  ].join(', ');
}
