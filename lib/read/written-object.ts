import type { ExcerptLine } from '../model/explanation';
import type { Place } from '../model/issue';
import { readAgain } from './documents';
import { KeptPlace } from './kept-place';
import { ObjectPlace } from './object-place';

/** Longer excerpts are cut; their last line is then `…`. */
const longestExcerpt = 14;

/** An object as its author wrote it. */
export interface WrittenObject {
  /** As parsed: of any type. */
  readonly object: unknown;
  /** The lines of a field such as `spec.ingress[0]`, with all that is in it. */
  excerpt(field: string): readonly ExcerptLine[];
}

/** What is written at a place; undefined where it has no text of its own, or the text is gone. */
export function writtenAt(place: Place): WrittenObject | undefined {
  // There are no lines to show of it.
  if (place instanceof KeptPlace) return { object: place.object, excerpt: () => [] };
  if (!(place instanceof ObjectPlace)) return undefined;
  try {
    const object = readAgain(place);
    const { chunk } = place.source;
    const firstLine = chunk.firstLine;
    const lines = chunk.read().split(/\r?\n/);
    return { object, excerpt: (field) => excerptOf(place.at(field), lines, firstLine) };
  } catch {
    return undefined;
  }
}

function excerptOf({ line }: Place, lines: readonly string[], firstLine: number): ExcerptLine[] {
  const start = line === undefined ? undefined : lines[line - firstLine];
  if (line === undefined || start === undefined) return [];
  const found = [{ line, text: start }];
  const indent = indentOf(start);
  const isItem = start.trimStart().startsWith('- ');
  for (let i = line - firstLine + 1; i < lines.length; i++) {
    const text = lines[i]!;
    if (text.trim() === '') continue;
    // The dashes of a list may stand below its key.
    const isInside = indentOf(text) > indent || (!isItem && indentOf(text) === indent && /^\s*- /.test(text));
    if (!isInside) break;
    if (found.length === longestExcerpt) return [...found.slice(0, -1), { line: found.at(-1)!.line, text: '…' }];
    found.push({ line: firstLine + i, text });
  }
  return found;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
