import { coloured, type Paint, plain } from '../render/paint';

/** What a command may touch of the process that runs it. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends long-running commands. Those that never ask for it are ended by the system. */
  readonly signal: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Of an open file, where it goes to one. */
  readonly fd?: number;
  /** Width of the terminal, in characters. */
  readonly columns?: number;
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

/** Of the terminal; `COLUMNS`, or a common width, where there is none. */
export function widthOf({ stdout, env }: Io): number {
  return stdout.columns ?? (Number(env['COLUMNS']) || 100);
}
