import { type CoverageReport, type Covered, type CoveredItem, percentText } from '../../model/coverage-report';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';

/** So many things that no test states are named. */
const mostNamed = 40;

/** For a person: how much tests state, policy by policy and service by service, and what none does, line by line. */
export function coverageToTxt(
  { allowed, denied, policies, services, guarantees, lines, untested: clusters }: CoverageReport,
  paint: Paint,
): string {
  const all = lines.flatMap(({ file, line, points }) =>
    points
      .filter(({ stated }) => stated === 0)
      .map(({ kind, text }) => {
        const what = kind === 'allowed' ? `no test states that it is allowed: ${text}` : `no test states any ${text}`;
        return `  ${visible(`${file}:${line}`)}  ${visible(what)}`;
      }),
  );
  // What both ends of a connection open is said once.
  const untested = [...new Set(all)];
  const more = untested.length - mostNamed;
  return `${[
    ...tableOf('Services', services, paint),
    '',
    ...tableOf('Policies', policies, paint),
    ...(guarantees.length > 0 ? ['', ...tableOf('Guarantees', guarantees, paint)] : []),
    ...(untested.length > 0 ? ['', paint.bold('Not stated by any test'), ...untested.slice(0, mostNamed)] : []),
    ...(more > 0 ? [paint.dim(`  and ${counted(more, 'more', 'more')} (--output json has all)`)] : []),
    ...(clusters.length > 0
      ? ['', ...clusters.map((name) => paint.red(`No test is about cluster ${visible(name)}`))]
      : []),
    '',
    `allowed ${shown(allowed, paint)}, denied ${shown(denied, paint)}`,
  ].join('\n')}\n`;
}

function tableOf(title: string, items: readonly CoveredItem[], paint: Paint): string[] {
  const width = Math.max(title.length, ...items.map(({ name }) => visible(name).length));
  const column = (covered: Covered) => shown(covered, paint, 16);
  return [
    paint.bold(`${title.padEnd(width)}  ${'allowed'.padEnd(16)}  denied`),
    ...items.map(
      ({ name, allowed, denied }) => `${visible(name).padEnd(width)}  ${column(allowed)}  ${column(denied).trimEnd()}`,
    ),
  ];
}

function shown(covered: Covered, paint: Paint, width = 0): string {
  const { stated, total } = covered;
  const text = (total === 0 ? 'none' : `${stated}/${total} (${percentText(covered)})`).padEnd(width);
  if (total === 0) return paint.dim(text);
  return stated === total ? paint.green(text) : paint.red(text);
}
