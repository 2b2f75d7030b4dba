import { InputError, issueLines } from '../model/issue';
import type { Io } from './io';

/** What a shell makes of SIGINT. */
export const interruptedCode = 130;

/**
 * Tells what went wrong, without a stack trace for what the user can mend, and gives the exit code.
 * @param output `json`, or whatever the command was asked for
 * @param outcome what became of the command's work, where that is a question
 */
export function reportFailure(
  io: Io,
  error: unknown,
  output: string,
  outcome: '' | '; nothing was written' = '; nothing was written',
): 2 | 3 | typeof interruptedCode {
  if (error instanceof Error && error.name === 'AbortError') {
    io.stderr.write('interrupted\n');
    return interruptedCode;
  }
  if (!(error instanceof InputError)) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const system = error instanceof Error && 'code' in error && 'syscall' in error;
    io.stderr.write(system ? `tierwall: ${message}\n` : `tierwall failed: ${stack ?? message}\nplease report this\n`);
    return system ? 2 : 3;
  }
  const { issues } = error;
  if (output === 'json') {
    io.stdout.write(`${JSON.stringify({ version: 1, issues }, undefined, 2)}\n`);
  } else {
    const lines = issueLines(issues);
    for (const line of lines) io.stderr.write(`error: ${line}\n`);
    io.stderr.write(`${lines.length} ${lines.length === 1 ? 'problem' : 'problems'}${outcome}\n`);
  }
  return 2;
}
