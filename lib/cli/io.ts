import { coloured, type Paint, plain } from '../render/paint';

/** What a command may touch of the process that runs it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends long-running commands. */
  readonly signal: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Whether a person watches: then progress is shown. */
export function isWatched(io: Io): boolean {
  return io.stderr.isTTY === true && !io.env['CI'];
}

/** Colours on a terminal, unless NO_COLOR is set (no-color.org). */
export function paintFor(output: Output, env: NodeJS.ProcessEnv): Paint {
  const wanted = output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return wanted ? coloured : plain;
}
