import { DocumentLines } from './document-lines';

/** A text that can be read again. */
interface Readable {
  read(): string;
}

/** Characters of text whose lines are kept: the lines take some ten times as much memory. */
const most = 128 * 1024;

/**
 * The lines of the texts that were asked for last; whoever asks for many goes text by text. Weak references would not do: what one was asked for
 * stays until a command pauses, which none does.
 */
export class RecentLines<T extends Readable> {
  // The last one first.
  private readonly kept: { readonly text: T; readonly lines: DocumentLines }[] = [];

  /** @throws what reading and parsing throw */
  of(text: T): DocumentLines {
    const at = this.kept.findIndex((known) => known.text === text);
    if (at === 0) return this.kept[0]!.lines;
    const [found = { text, lines: DocumentLines.of(text.read()) }] = at < 0 ? [] : this.kept.splice(at, 1);
    this.kept.unshift(found);
    while (this.kept.length > 1 && this.size > most) this.kept.pop();
    return found.lines;
  }

  private get size(): number {
    return this.kept.reduce((sum, { lines }) => sum + lines.source.length, 0);
  }
}
