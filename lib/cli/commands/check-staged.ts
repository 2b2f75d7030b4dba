import { resolve } from 'node:path';
import { badUsage } from '../../model/issue';
import { isInWorkingTree, withStaged } from '../../synth/staged-tree';
import type { Io } from '../io';
import { reportFailure } from '../report-failure';
import type { CheckFlags } from './check';
import { runCheck } from './check-run';

const outputs = ['sarif', 'junit', 'gitlab', 'markdown'] as const;

/** Checks what the next commit will have; gives the exit code. */
export async function runStagedCheck(io: Io, paths: readonly string[], flags: CheckFlags): Promise<number> {
  // A hook of a linked worktree is told the repository, and not where its working tree begins: git finds both by itself.
  if (!io.env['GIT_WORK_TREE']) delete io.env['GIT_DIR'];
  if (!isInWorkingTree(io.cwd)) {
    const error = badUsage('`--staged` is given, and there is no git repository here', 'leave it out');
    return reportFailure(io, error, flags.output, '');
  }
  // What is written belongs here, and not into a place that is removed.
  const here = outputs.flatMap((name) => (flags[name] === undefined ? [] : [[name, resolve(io.cwd, flags[name])]]));
  try {
    return await withStaged(io.cwd, io.env, ({ folder, env }) => {
      // Whatever asks git from here on, asks about that place.
      Object.assign(io.env, env);
      return runCheck({ ...io, cwd: folder }, paths, { ...flags, ...Object.fromEntries(here) });
    });
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}
