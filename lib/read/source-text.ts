import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** So large a block holds nearly every file whole, and a larger one is read a block at a time. */
const blockSize = 16 * 1024 * 1024;
/** A file is read a document at a time, so that its length costs time alone. */
const longestFile = 4 * 1024 ** 3;
/** What can be read only once is held in memory. */
const longestPipe = 512 * 1024 ** 2;

/** The `code` of the error for what is too large to read. */
export const tooLargeCode = 'EFBIG';

/** A YAML or JSON text that can be read more than once: first for its objects, later for the lines of those that a result names. */
export abstract class SourceText {
  // Where lines were counted up to, since they are mostly asked for in order.
  #counted = { offset: 0, line: 1 };

  /** @param file how messages call it */
  protected constructor(readonly file: string) {}

  /** All of its bytes, in blocks of at most 16 MB. @throws what the system says if it cannot be read */
  abstract blocks(): Iterable<Buffer>;

  /** The bytes from `start` up to `end`. @throws as `blocks` */
  abstract bytes(start: number, end: number): Buffer;

  /** The line of a byte, 1-based. @throws as `blocks` */
  lineAt(offset: number): number {
    if (offset < this.#counted.offset) this.#counted = { offset: 0, line: 1 };
    let { offset: from, line } = this.#counted;
    while (from < offset) {
      const block = this.bytes(from, Math.min(offset, from + blockSize));
      if (block.length === 0) break;
      line += lineBreaksIn(block);
      from += block.length;
    }
    this.#counted = { offset: from, line };
    return line;
  }
}

/** A file that stays where it is. */
export class FileText extends SourceText {
  /** @param path where it is, absolute */
  constructor(
    file: string,
    private readonly path: string,
  ) {
    super(file);
  }

  *blocks(): Iterable<Buffer> {
    const descriptor = openSync(this.path, 'r');
    try {
      // A pipe has no size, and a file may grow: reading goes on until there is nothing more.
      const { size } = fstatSync(descriptor);
      if (size > longestFile) throw tooLarge('file', longestFile);
      const length = Math.max(1, Math.min(size + 1, blockSize));
      for (;;) {
        const block = Buffer.allocUnsafe(size === 0 ? blockSize : length);
        const read = readSync(descriptor, block, 0, block.length, null);
        if (read === 0) return;
        yield block.subarray(0, read);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** All at once. @throws also if it is too much to hold */
  whole(): Buffer {
    const blocks = new HeldBlocks();
    for (const block of this.blocks()) blocks.add(block);
    return blocks.whole();
  }

  bytes(start: number, end: number): Buffer {
    const descriptor = openSync(this.path, 'r');
    try {
      const block = Buffer.allocUnsafe(end - start);
      return block.subarray(0, readSync(descriptor, block, 0, block.length, start));
    } finally {
      closeSync(descriptor);
    }
  }
}

/** What can be read only once, as it comes. */
export class HeldBlocks {
  private readonly blocks: Buffer[] = [];
  private length = 0;

  /** @throws if it becomes too much to hold */
  add(block: Buffer): void {
    this.length += block.length;
    if (this.length > longestPipe) throw tooLarge('input', longestPipe);
    this.blocks.push(block);
  }

  whole(): Buffer {
    return Buffer.concat(this.blocks);
  }
}

/** A text that is held in memory: standard input, a pipe, or what a program gives. */
export class HeldText extends SourceText {
  constructor(
    file: string,
    private readonly content: Buffer,
  ) {
    super(file);
  }

  static of(file: string, text: string | Uint8Array): HeldText {
    if (typeof text === 'string') return new HeldText(file, Buffer.from(text, 'utf8'));
    return new HeldText(file, Buffer.from(text.buffer, text.byteOffset, text.byteLength));
  }

  *blocks(): Iterable<Buffer> {
    for (let i = 0; i < this.content.length; i += blockSize) yield this.content.subarray(i, i + blockSize);
  }

  bytes(start: number, end: number): Buffer {
    return this.content.subarray(start, end);
  }
}

function tooLarge(what: string, most: number): Error {
  return Object.assign(new Error(`the ${what} is larger than ${most / 1024 ** 2} MB`), {
    code: tooLargeCode,
    syscall: 'read',
  });
}

/** Line breaks as editors count them: LF, or CR and LF together. */
export function lineBreaksIn(bytes: Buffer): number {
  let count = 0;
  for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) count++;
  return count;
}
