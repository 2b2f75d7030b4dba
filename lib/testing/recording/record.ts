import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeWhole } from '../../read/write-whole';
import type { Assertion } from '../assertion';
import type { Network } from '../network';
import type { RunnerState } from '../snapshot/snapshot-file';
import { networkToJson } from './network-json';
import { type RecordedAssertion, recordVariable } from './recorded';

const names = new WeakMap<Network, string>();
/** One for each process and worker: no two write to one file. */
const own = randomUUID();

/** Writes down what a test states and what holds, where a run is recorded. */
export function recordAssertion(
  network: Network,
  assertion: Assertion,
  { testPath, currentTestName }: RunnerState,
): void {
  const folder = process.env[recordVariable];
  if (!folder) return;
  const file = testPath === undefined ? undefined : relative(process.cwd(), testPath).replaceAll('\\', '/');
  const line: RecordedAssertion = {
    network: recordNetwork(network, folder),
    assertion,
    test: currentTestName ?? '',
    file,
  };
  appendFileSync(join(folder, `${own}.jsonl`), `${JSON.stringify(line)}\n`);
}

/** By its content, so that the same network in many files of tests is one. */
function recordNetwork(network: Network, folder: string): string {
  let name = names.get(network);
  if (name === undefined) {
    const text = JSON.stringify(networkToJson(network));
    name = createHash('sha256').update(text).digest('hex');
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) writeWhole(file, text);
    names.set(network, name);
  }
  return name;
}
