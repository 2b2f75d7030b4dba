import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchEngine, engineSizes } from './engine';
import { benchMutate, mutateSizes } from './mutate';
import { benchSynth, synthSizes } from './synth';

const benches = {
  synth: { run: benchSynth, sizes: synthSizes },
  engine: { run: benchEngine, sizes: engineSizes },
  mutate: { run: benchMutate, sizes: mutateSizes },
} as const;

/** `npm run bench`, or one part of it and other numbers of services or workloads: `npm run bench -- engine 500 5000`. */
async function main(words: readonly string[]): Promise<void> {
  const given = words.filter((word) => !Object.hasOwn(benches, word));
  const sizes = given.map(Number);
  if (!sizes.every((size) => Number.isInteger(size) && size >= 20)) {
    throw new Error(
      `usage: npm run bench -- [synth] [engine] [mutate] [numbers from 20 on]; given: ${given.join(' ')}`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    for (const [name, { run, sizes: usual }] of Object.entries(benches)) {
      if (words.some((word) => Object.hasOwn(benches, word)) && !words.includes(name)) continue;
      console.log(`\n${name}`);
      await run(sizes.length > 0 ? sizes : usual, folder);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2));
