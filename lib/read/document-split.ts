import type { SourceText } from './source-text';

/** No larger document is read. */
export const longestDocument = 64 * 1024 * 1024;

/** Bytes of a text, and where they begin in it. */
export interface Chunk {
  readonly start: number;
  readonly bytes: Buffer;
}

/** Neighbours are parsed together up to this many bytes, since each call of the parser costs as much as a small document. */
const batchSize = 32 * 1024;

/** Chunks that follow one another. */
export type Batch = readonly [Chunk, ...Chunk[]];

const marker = Buffer.from('\n---');

/** Small chunks together with their neighbours. */
export function* inBatches<R>(chunks: Iterable<Chunk, R, unknown>): Generator<Batch, R> {
  const iterator = chunks[Symbol.iterator]();
  let batch: Chunk[] = [];
  let size = 0;
  let next = iterator.next();
  for (; !next.done; next = iterator.next()) {
    if (size + next.value.bytes.length > batchSize) {
      if (isFilled(batch)) yield batch;
      batch = [];
      size = 0;
    }
    batch.push(next.value);
    size += next.value.bytes.length;
  }
  if (isFilled(batch)) yield batch;
  return next.value;
}

/** The chunks of a text in batches. @returns the offset of a document that is longer than `longestDocument`, at which reading ends; undefined where all was read */
export function* batchesOf(text: SourceText): Generator<Batch, number | undefined> {
  return yield* inBatches(chunksOf(text));
}

function isFilled(batch: Chunk[]): batch is [Chunk, ...Chunk[]] {
  return batch.length > 0;
}

/**
 * A text in chunks of one YAML document (or of several that no `---` line separates), each with the `---` line that it begins with. No YAML scalar can hold such a line, so that cutting there is
 * safe (YAML 1.2.2, c-forbidden).
 *
 * @returns the offset of a document that is longer than `longestDocument`, at which reading ends; undefined where all was read
 */
function* chunksOf(text: SourceText): Generator<Chunk, number | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for (const block of text.blocks()) {
    const searched = Math.max(0, rest.length - marker.length);
    rest = rest.length === 0 ? block : Buffer.concat([rest, block]);
    let cut = 0;
    for (let i = nextMarker(rest, searched); i >= 0; i = nextMarker(rest, i + 1)) {
      if (isPreamble(rest.subarray(cut, i + 1))) continue;
      yield { start: start + cut, bytes: rest.subarray(cut, i + 1) };
      cut = i + 1;
    }
    start += cut;
    rest = rest.subarray(cut);
    if (rest.length > longestDocument) return start;
  }
  if (rest.length > 0) yield { start, bytes: rest };
  return undefined;
}

/** The line break before the next `---` that stands alone or before a blank; -1 where there is none so far. */
function nextMarker(bytes: Buffer, from: number): number {
  for (let i = bytes.indexOf(marker, from); i >= 0; i = bytes.indexOf(marker, i + 1)) {
    const after = bytes[i + marker.length];
    if (after === undefined || after === 0x0a || after === 0x0d || after === 0x20 || after === 0x09) return i;
  }
  return -1;
}

/** Directives, as in `%YAML 1.1`, stand before the `---` of their document and belong to it. */
function isPreamble(bytes: Buffer): boolean {
  let directives = 0;
  for (let i = 0; i < bytes.length; i = bytes.indexOf(10, i) + 1) {
    const first = bytes[i];
    if (first === 0x25) directives++;
    else if (first !== 0x23 && first !== 0x0a && first !== 0x0d) return false;
  }
  return directives > 0;
}
