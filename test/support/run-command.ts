import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { Io } from '../../lib/cli/io';

export interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, in a folder. */
export async function runCommand(
  make: (io: Io, exit: (code: number) => void) => Command,
  args: readonly string[],
  cwd: string,
  {
    stdin = '',
    env = {},
    tty,
  }: { readonly stdin?: string; readonly env?: NodeJS.ProcessEnv; readonly tty?: true } = {},
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  let code: number | undefined;
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: tty === true,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const io: Io = {
    stdin: Readable.from([stdin]),
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd,
    env,
    signal: new AbortController().signal,
  };
  const command = make(io, (exit) => {
    code = exit;
  });
  command
    .exitOverride()
    .configureOutput({ writeOut: (t) => void io.stdout.write(t), writeErr: (t) => void io.stderr.write(t) });
  await command.parseAsync(args, { from: 'user' }).catch((error: { exitCode?: number }) => {
    code = error.exitCode === 0 ? 0 : 2;
  });
  return { code, ...written };
}
