import { isAbsolute, relative } from 'node:path';
import { type UserCall, userCall } from './call-site';
import type { SourcePosition } from './source-position';
import { writtenPosition } from './written-position';

/**
 * The line of the user's code that declared a statement.
 *
 * Taking it costs microseconds, so every statement has one; reading lines and source maps waits until somebody asks.
 */
export class Origin {
  // Hidden from printers and comparisons, since a call leads to all of the user's objects.
  #source: UserCall | SourcePosition;

  private constructor(source: UserCall | SourcePosition) {
    this.#source = source;
  }

  /**
   * The origin of the statement that is being run: the innermost frame of the user's own code, where tierwall, Node and
   * (as long as there is another frame) packages in `node_modules` are not the user's.
   * For a user's subclass that is the line of its `super(…)`, and for one without a constructor the line of `new`.
   * Undefined where nothing on the stack is in a file, as in `node -e`. Never throws.
   */
  static capture(): Origin | undefined {
    try {
      const call = userCall(Origin.capture);
      return call && new Origin(call);
    } catch {
      // Where `Error` cannot be touched (frozen intrinsics), statements have no origin.
      return undefined;
    }
  }

  /**
   * The position in the file that the user wrote; that of the code that runs if it cannot be traced back. One frozen
   * object for a place, however often its statement runs. Never throws.
   */
  resolve(): SourcePosition {
    // Replaces the call, which keeps the user's functions and objects alive.
    if ('callSite' in this.#source) this.#source = writtenPosition(this.#source);
    return this.#source;
  }

  /** `file:line`; the file is relative to the working directory, with forward slashes, when inside it. */
  toString(): string {
    const { file, line } = this.resolve();
    const path = relative(process.cwd(), file);
    const outside = isAbsolute(path) || /^\.\.(?:[\\/]|$)/.test(path);
    return `${outside ? file : path.replaceAll('\\', '/')}:${line}`;
  }
}
