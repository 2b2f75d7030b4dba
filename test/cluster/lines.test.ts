import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../lib/cluster/lines';

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

const read = async (bytes: AsyncIterable<Uint8Array>) => {
  const lines: string[] = [];
  for await (const line of linesOf(bytes)) lines.push(line);
  return lines;
};

test('lines are the same wherever the network cuts them, also within a character', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '🐘', '"'), minLength: 1 }), { maxLength: 5 }),
      fc.array(fc.nat(200), { maxLength: 10 }),
      async (lines, cuts) => {
        expect(await read(inPieces(lines.map((line) => `${line}\n`).join(''), cuts))).toEqual(lines);
      },
    ),
  );
});

test('a last line without an end is a line', async () => {
  expect(await read(inPieces('a\nb', []))).toEqual(['a', 'b']);
});

test('a line without measure is an error, and takes no memory without measure', async () => {
  async function* endless() {
    for (;;) yield Buffer.alloc(1024 * 1024, 0x61);
  }
  await expect(read(endless())).rejects.toThrow('longer than');
});
