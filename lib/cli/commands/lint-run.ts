import { lintSettings } from '../../config/lint-settings';
import { readSettings } from '../../config/read-settings';
import { lint } from '../../lint/lint';
import type { FoundItem } from '../../model/finding-report';
import { badUsage, type InputError } from '../../model/issue';
import { foundItems } from '../../read/found-items';
import type { Io } from '../io';
import { judgingDay } from '../options/judging-day';
import { profileFor } from '../options/profile-for';
import { reportFailure } from '../report-failure';
import { fails, printFindings } from './findings-output';
import type { LintFlags } from './lint';
import { writeBaseline } from './lint-baseline';
import { fixAll } from './lint-fix';
import { lintSubject } from './lint-input';
import { leastThatFails, lintReport } from './lint-report';

/** Reads, lints and prints; gives the exit code. */
export async function runLint(io: Io, words: readonly string[], flags: LintFlags): Promise<number> {
  try {
    const project = await readSettings(io.cwd);
    const settings = lintSettings(project, await profileFor(io.cwd, flags.cni), judgingDay(io, flags.asOf));
    const least = flags.failOn ?? leastThatFails(project);
    const lintOnce = async () => {
      const subject = await lintSubject(io, words, flags, project);
      return { subject, items: foundItems(lint(subject.inputs, settings), io.cwd).map(subject.located) };
    };
    const first = await lintOnce();
    let items: readonly FoundItem[] = first.items;
    if (flags.fix) {
      if (first.subject.kind !== 'files') throw cannotFix();
      items = await fixAll(io, items, async () => (await lintOnce()).items);
    }
    if (flags.initBaseline) {
      writeBaseline(io, first.subject, items, project.config.lint?.baseline, least);
      return 0;
    }
    const report = lintReport(io, first.subject, items, project);
    printFindings(io, report, flags.output);
    return fails(report, least) ? 1 : 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

function cannotFix(): InputError {
  const hint = 'name files or folders; of an app, change the code';
  return badUsage('`--fix` changes files, and here are none', hint);
}
