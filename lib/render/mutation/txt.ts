import type { MutationReport, Survivor } from '../../model/mutation-report';
import { counted, grouped, visible } from '../connectivity/visible-text';
import { codeAndPlaceText } from '../explain/words';
import type { Paint } from '../paint';

/** So many are told. */
const most = 50;

/** For a person: what nobody would notice, and the test that would. */
export function mutationToTxt(report: MutationReport, paint: Paint): string {
  const { mutants, noticed, equivalent, survivors, claims, unread, untested, cpuSeconds } = report;
  const never = survivors.filter((one) => one.noticed === 'never');
  const bySnapshot = survivors.filter((one) => one.noticed === 'snapshot').length;
  const byNoTest = survivors.filter((one) => one.noticed === 'by-no-test').length;
  const groups = groupedByTest(never);
  const shown = groups.slice(0, most).flatMap((group) => groupLines(group, paint));
  const more = groups.slice(most).reduce((sum, group) => sum + group.length, 0);
  const rate =
    cpuSeconds > 0 ? `, ${counted(Math.round((mutants + equivalent) / cpuSeconds), 'change')} a CPU-second` : '';
  const summary = `${counted(noticed, 'change')} of ${grouped(mutants)} noticed by ${counted(claims, 'claim')} of tests`;
  return `${[
    ...shown,
    ...(more > 0 ? [paint.dim(`and ${counted(more, 'more', 'more')} (--output json has all)`), ''] : []),
    ...(bySnapshot > 0
      ? [paint.dim(`${counted(bySnapshot, 'change')} would only change a snapshot (--output json names them)`)]
      : []),
    ...(byNoTest > 0
      ? [
          paint.dim(
            `${counted(byNoTest, 'change')} no test can notice: of nodes that no selector picks, of what is left open by the network plugin, or by pods that are not known and call other ports by the same name`,
          ),
        ]
      : []),
    ...unread.map((policy) =>
      paint.red(`not changed: ${visible(policy)}, since a policy that is not read decides in its namespace`),
    ),
    ...untested.map((cluster) =>
      paint.red(`not changed: policies of cluster ${visible(cluster)}, since no test is about it`),
    ),
    ...(never.length > 0 ? [paint.red(`${counted(never.length, 'change')} that nobody would notice`)] : []),
    ...(never.length + untested.length + unread.length === 0
      ? [paint.green('nobody could make a change that no test notices')]
      : []),
    paint.dim(
      `${summary}; ${counted(equivalent, 'change')} without effect on any connection not counted (${cpuSeconds} CPU-s${rate})`,
    ),
  ].join('\n')}\n`;
}

/** Changes that one test would notice, those that have most of them first. */
function groupedByTest(survivors: readonly Survivor[]): Survivor[][] {
  const groups = new Map<string, Survivor[]>();
  for (const one of survivors) {
    const known = groups.get(one.test);
    if (known) known.push(one);
    else groups.set(one.test, [one]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function groupLines([first, ...others]: readonly Survivor[], paint: Paint): string[] {
  const { what, place, code, connection, effect, test, operator } = first!;
  return [
    paint.bold(`nobody would notice ${visible(what)}`),
    paint.dim(`  ${operator}, at ${visible(codeAndPlaceText(place, code))}`),
    `  ${effect}: ${visible(connection)}`,
    ...(others.length > 0
      ? [paint.dim(`  the same test notices ${counted(others.length, 'other change')}: ${kindsText(others)}`)]
      : []),
    paint.green(`  + ${visible(test)}`),
    '',
  ];
}

/** As in `widen-port (3), drop-rule`. */
function kindsText(survivors: readonly Survivor[]): string {
  const counts = new Map<string, number>();
  for (const { operator } of survivors) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts].map(([operator, count]) => (count > 1 ? `${operator} (${count})` : operator)).join(', ');
}
