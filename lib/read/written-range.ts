import type { FoundLine, TextRange } from '../model/finding-report';
import type { Place } from '../model/issue';
import { ObjectPlace } from './object-place';

/** What is written at a place, and the lines around it. */
export interface WrittenRange {
  /** On one line: that of the key or item. */
  readonly range: TextRange;
  readonly excerpt: readonly FoundLine[];
}

/** Lines that are shown before the one that is meant. */
const before = 1;

/** Where a field is written; undefined where the place has no text, the text is gone, or the field is not written. */
export function rangeAt(place: Place): WrittenRange | undefined {
  if (!(place instanceof ObjectPlace)) return undefined;
  const { chunk, document } = place.source;
  return chunk.tryTo((lines) => {
    const node = lines.nodeOf(document, place.field ?? '');
    if (!node) return undefined;
    const { line, column } = lines.positionOf(node.start);
    const text = lines.textOf(line);
    const end = lines.positionOf(node.end);
    const endColumn = end.line === line ? end.column : text.trimEnd().length;
    const first = chunk.firstLine;
    const marked = { column: column + 1, endColumn: Math.max(endColumn, column + 1) + 1 };
    const range = { line: first + line, endLine: first + line, ...marked };
    const shown = Array.from({ length: Math.min(before, line) + 1 }, (_, i) => line - Math.min(before, line) + i);
    const excerpt = shown.map((at) => ({
      line: first + at,
      text: lines.textOf(at),
      ...(at === line ? { marked } : {}),
    }));
    return { range, excerpt };
  });
}
