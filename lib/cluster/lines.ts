/** Longer than any object that etcd takes. */
const longestLine = 32 * 1024 * 1024;

/** The lines of a stream of bytes, without their ends; a last line without an end is given too. @throws Error for a line without measure */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of bytes) {
    let start = 0;
    for (let end = block.indexOf(0x0a); end >= 0; end = block.indexOf(0x0a, start)) {
      blocks.push(block.subarray(start, end));
      yield Buffer.concat(blocks).toString('utf8');
      [blocks, length, start] = [[], 0, end + 1];
    }
    if (start < block.length) blocks.push(block.subarray(start));
    length += block.length - start;
    if (length > longestLine) throw new Error(`a line is longer than ${longestLine} bytes`);
  }
  if (blocks.length > 0) yield Buffer.concat(blocks).toString('utf8');
}
