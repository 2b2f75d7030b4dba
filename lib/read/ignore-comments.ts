import type { DocumentLines } from './document-lines';
import type { ChunkPlace } from './object-place';

/** A comment `# tierwall-ignore …`, and the lines that it is about. */
export interface IgnoreComment {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** As it is written: another word than `tierwall-ignore` was meant to be that one. */
  readonly word: string;
  /** What follows the word. */
  readonly text: string;
  /** 1-based, both included. */
  readonly covers: { readonly first: number; readonly last: number };
}

export const ignoreWord = 'tierwall-ignore';

/** Also what comes so near that its author will take it for one: `# Tierwall-Ignore`, `## tierwall:ignore`, `# tierwall-disable-next-line`. */
const comment =
  /(?<=^|[ \t])#[ \t]*([#!@ \t]*tierwall(?:[-_:./@]*(?:ig\w*|ingo\w*|suppress\w*|disable\w*|skip\w*|allow\w*|accept\w*)|[ \t]+ignore\b)[-\w]*)[ \t]*(.*)$/gim;

/** Whether there may be some, asked of the bytes before anything is parsed. */
export function mayHoldComments(bytes: Buffer): boolean {
  if (!bytes.includes('ierwall') && !bytes.includes('IERWALL')) return false;
  return bytes.toString('latin1').search(comment) >= 0;
}

/** Of a chunk: each is about the line it ends, or the next one, with all that is written below that; above a document, about all of it. */
export function ignoreComments(chunk: ChunkPlace): IgnoreComment[] {
  return (
    chunk.tryTo((lines) => {
      const first = chunk.firstLine;
      return [...lines.source.matchAll(comment)].flatMap((match): IgnoreComment[] => {
        if (lines.isInScalar(match.index)) return [];
        const { line } = lines.positionOf(match.index);
        const about = linesAbout(lines, line);
        return [
          {
            file: chunk.text.file,
            line: first + line,
            word: match[1]!,
            text: match[2]!.trim(),
            covers: { first: first + about.first, last: first + about.last },
          },
        ];
      });
    }) ?? []
  );
}

/** 0-based. */
function linesAbout(lines: DocumentLines, line: number): { readonly first: number; readonly last: number } {
  const isBlank = (at: number) => /^\s*(?:#.*)?$/.test(lines.textOf(at));
  const isMarker = (at: number) => /^(?:---|\.\.\.)(?:\s|$)/.test(lines.textOf(at));
  const end = lines.count;
  let first = line;
  while (first < end && isBlank(first)) first++;
  if (isMarker(first) || isDocumentStart()) {
    let last = isMarker(first) ? first + 1 : first;
    while (last < end && !isMarker(last)) last++;
    return { first, last: last - 1 };
  }
  const indent = indentOf(lines.textOf(first));
  const isItem = /^\s*- /.test(lines.textOf(first));
  let last = first;
  for (let at = first + 1; at < end && !isMarker(at); at++) {
    const text = lines.textOf(at);
    if (isBlank(at)) continue;
    // The dashes of a list may stand below its key.
    const isInside = indentOf(text) > indent || (!isItem && indentOf(text) === indent && /^\s*-(?:\s|$)/.test(text));
    if (!isInside) break;
    last = at;
  }
  return { first, last };

  /** Whether nothing of the document stands before: then the comment is above it. */
  function isDocumentStart(): boolean {
    if (!isBlank(line)) return false;
    for (let at = line - 1; at >= 0; at--) {
      if (isMarker(at)) return true;
      if (!isBlank(at)) return false;
    }
    return true;
  }
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
