import type { MutationReport, Survivor } from '../../model/mutation-report';
import { counted, visible } from '../connectivity/visible-text';
import { placeText } from '../explain/words';
import type { Paint } from '../paint';

/** So many are told. */
const most = 50;

/** For a person: what nobody would notice, and the test that would. */
export function mutationToTxt(report: MutationReport, paint: Paint): string {
  const { mutants, noticed, equivalent, survivors, claims, unread, cpuSeconds } = report;
  const never = survivors.filter((one) => one.noticed === 'never');
  const bySnapshot = survivors.filter((one) => one.noticed === 'snapshot').length;
  const byNoTest = survivors.filter((one) => one.noticed === 'by-no-test').length;
  const shown = never.slice(0, most).flatMap((one) => survivorLines(one, paint));
  const more = never.length - most;
  const rate =
    cpuSeconds > 0 ? `, ${counted(Math.round((mutants + equivalent) / cpuSeconds), 'change')} a CPU-second` : '';
  const summary = `${counted(noticed, 'change', 'changes')} of ${mutants.toLocaleString('en-US')} noticed by ${counted(claims, 'claim')} of tests`;
  return `${[
    ...shown,
    ...(more > 0 ? [paint.dim(`and ${counted(more, 'more', 'more')} (--output json has all)`), ''] : []),
    ...(bySnapshot > 0
      ? [paint.dim(`${counted(bySnapshot, 'change')} would only change a snapshot (--output json names them)`)]
      : []),
    ...(byNoTest > 0
      ? [
          paint.dim(
            `${counted(byNoTest, 'change')} no test can notice: for pods that are not known and call other ports by the same name`,
          ),
        ]
      : []),
    ...unread.map((policy) =>
      paint.red(`not changed: ${visible(policy)}, since a policy that is not read decides in its namespace`),
    ),
    never.length > 0
      ? paint.red(`${counted(never.length, 'change')} that nobody would notice`)
      : paint.green('nobody could make a change that no test notices'),
    paint.dim(
      `${summary}; ${counted(equivalent, 'change')} without effect on any connection not counted (${cpuSeconds} CPU-s${rate})`,
    ),
  ].join('\n')}\n`;
}

function survivorLines({ what, place, code, connection, effect, test, operator }: Survivor, paint: Paint): string[] {
  const where = [...code.map(({ file, line }) => `${file}:${line}`), placeText(place)].filter(Boolean);
  return [
    paint.bold(`nobody would notice ${visible(what)}`),
    paint.dim(`  ${operator}, at ${visible(where.join(', '))}`),
    `  ${effect}: ${visible(connection)}`,
    paint.green(`  + ${visible(test)}`),
    '',
  ];
}
