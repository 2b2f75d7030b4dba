import { YAMLException } from 'js-yaml';

/** Lines that are moved, at most, and characters that are parsed again for it. */
const mostLines = 200;
const mostCharacters = 20_000_000;
const moved = ' '.repeat(64);

/**
 * What `parse` makes of a YAML text in which brackets and quotes may go on, and be closed, on lines that are indented too little:
 *
 *     metadata: {
 *       name: web
 *     }
 *
 * YAML does not allow it, but kubectl takes it, as does everything that is built on libyaml: between brackets and quotes indentation
 * says nothing. So these lines are moved to the right, which changes neither meaning nor the number of any line.
 *
 * @throws as `parse` does for the text as it is, where that does not help
 */
export function withFlowIndented<T>(source: string, parse: (text: string) => T): T {
  let text = source;
  let asWritten: unknown;
  for (let left = Math.min(mostLines, mostCharacters / source.length); ; left--) {
    try {
      return parse(text);
    } catch (error) {
      asWritten ??= error;
      const line = left > 0 ? lineIndentedTooLittle(error, text) : undefined;
      if (line === undefined) throw asWritten;
      text = text.slice(0, line) + moved + text.slice(line);
    }
  }
}

/** Where that line begins. One that separates documents ends them, between brackets too. */
function lineIndentedTooLittle(error: unknown, text: string): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation' || !error.mark) return undefined;
  const start = text.lastIndexOf('\n', error.mark.position - 1) + 1;
  return /^(?:---|\.\.\.)/.test(text.slice(start, start + 3)) ? undefined : start;
}
