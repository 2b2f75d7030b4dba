import type { Chunk } from './document-split';

const [quote, backslash, newline] = [0x22, 0x5c, 0x0a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const byteOrderMark = Buffer.from('\ufeff');

/**
 * The JSON objects that follow one another in a chunk without anything between them but blanks, as `kubectl` takes them and `jq` prints
 * them; YAML has no such stream. Undefined for anything else: the brackets are counted, and whether the rest is JSON is left to the parser.
 */
export function jsonObjectsIn({ start, bytes }: Chunk): Iterable<Chunk, undefined> | undefined {
  let count = 0;
  for (let at = begin(bytes); at < bytes.length; count++) {
    const end = endOfObject(bytes, at);
    if (end === undefined) return undefined;
    at = afterBlanks(bytes, end);
  }
  return count > 1 ? objectsOf({ start, bytes }) : undefined;
}

function* objectsOf({ start, bytes }: Chunk): Generator<Chunk, undefined> {
  for (let at = begin(bytes); at < bytes.length; ) {
    const end = endOfObject(bytes, at)!;
    yield { start: start + at, bytes: bytes.subarray(at, end) };
    at = afterBlanks(bytes, end);
  }
}

function begin(bytes: Buffer): number {
  const marked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  return afterBlanks(bytes, marked ? byteOrderMark.length : 0);
}

function afterBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] === 0x20 || (bytes[at]! >= 0x09 && bytes[at]! <= 0x0d))) at++;
  return at;
}

/** The position after the brace that closes the one at `from`; undefined where there is none. */
function endOfObject(bytes: Buffer, from: number): number | undefined {
  if (bytes[from] !== openBrace) return undefined;
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfString(bytes, at + 1);
      if (end === undefined) return undefined;
      at = end;
    } else if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at + 1;
  }
  return undefined;
}

/** The position of the quote that ends a string. No JSON string has a line break. */
function endOfString(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at < bytes.length && bytes[at] !== newline; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return undefined;
}
