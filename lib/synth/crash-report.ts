import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Issue } from '../model/issue';

/** How Node begins to tell of what ends it: with the file and line, in its own code or the user's, or with the error. */
const beginning = /^(?:node:\S+:\d+|(?:file:\/\/)?\/\S*:\d+|[A-Za-z]:\\\S*:\d+|\[?(?:[A-Z]\w*)?Error\b.*)$/;
/** Of the stack, what is not the user's. */
const foreignFrame = /^\s+at .*(?:\bnode:|node_modules[\\/])/;
/** Where Node or a package throws: its place, its code and a mark below it. */
const foreignExcerpt = /^(?:node:|.*node_modules[\\/]).*:\d+\n(?:.*\n)*?\s*\^+\s*\n/m;
const version = /^Node\.js v\d.*$/;

/**
 * What an app prints to its standard error, passed on as it comes, but for what Node prints at its end where it fails: of code that cannot be
 * compiled just file, line and message are left, of other errors all but the frames that are not the user's.
 */
export class CrashReport {
  private held: string[] | undefined;
  private line = '';

  constructor(
    private readonly cwd: string,
    private readonly print: (text: string) => void,
  ) {}

  add(text: string): void {
    const lines = (this.line + text).split('\n');
    this.line = lines.pop()!;
    for (const line of lines) {
      if (beginning.test(line)) this.held ??= [];
      if (this.held) this.held.push(line);
      else this.print(`${line}\n`);
    }
  }

  /** Gives the mistakes in the code for which it cannot be compiled, or prints what is left. */
  end(outcome: 'fine' | 'failed'): Issue[] {
    if (this.line !== '') this.add('\n');
    const held = this.held ?? [];
    if (outcome === 'fine') {
      if (held.length > 0) this.print(`${held.join('\n')}\n`);
      return [];
    }
    const issues = mistakesIn(held.join('\n')).map(({ file, line, message }): Issue => {
      return { code: 'bad-syntax', message, place: { file: this.shown(file), line } };
    });
    if (issues.length === 0) {
      const lines = held.join('\n').replace(foreignExcerpt, '').split('\n');
      const told = lines.filter((line) => !foreignFrame.test(line) && !version.test(line)).join('\n');
      if (told.trim() !== '') this.print(`${told.trim()}\n`);
    }
    return issues;
  }

  private shown(file: string): string {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    const below = relative(this.cwd, path);
    return below.startsWith('..') ? path : below;
  }
}

interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** As esbuild (tsx), ts-node, jiti and Node itself say it. */
const forms: readonly (readonly [RegExp, (match: RegExpMatchArray) => Mistake])[] = [
  [
    /^(.+?):(\d+):\d+: ERROR: (.+)$/gm,
    ([, file, line, message]) => ({ file: file!, line: Number(line), message: message! }),
  ],
  [
    /^(.+?)\((\d+),\d+\): error (TS\d+: .+)$/gm,
    ([, file, line, message]) => ({ file: file!, line: Number(line), message: message! }),
  ],
  [
    /ParseError: (.+?)\s*\n\s*(\S.*?):(\d+):\d+/g,
    ([, message, file, line]) => ({ file: file!, line: Number(line), message: message! }),
  ],
  [
    /^((?:file:\/\/)?\/.+|[A-Za-z]:\\.+):(\d+)\n(?:.*\n){1,4}?\n?SyntaxError: (.+)$/gm,
    ([, file, line, message]) => ({ file: file!, line: Number(line), message: message! }),
  ],
];

function mistakesIn(text: string): Mistake[] {
  for (const [form, read] of forms) {
    const found = [...text.matchAll(form)].map(read);
    if (found.length > 0) return found;
  }
  return [];
}
