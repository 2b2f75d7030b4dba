import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../model/issue';
import { temporaryFolder } from '../../synth/temporary-folder';
import type { Assertion } from '../assertion';
import type { Network } from '../network';
import type { PlacedTable } from '../table/run-tables';
import { type NetworkJson, networkFromJson, networkToJson } from './network-json';
import { type RecordedAssertion, recordVariable } from './recorded';

/** A statement, and the test that makes it. */
export interface StatedAssertion {
  readonly assertion: Assertion;
  /** As in `shop.test.ts: the frontend talks to the cart`. */
  readonly test: string;
}

/** A network, and all that tests state of it. */
export interface AssertedNetwork {
  readonly network: Network;
  readonly assertions: readonly StatedAssertion[];
}

export interface TestCommand {
  /** A shell command, as `npx vitest run`. */
  readonly command: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Gets what it prints, on either stream. */
  readonly print: (text: string) => void;
}

/**
 * Runs tests and takes what their matchers state and what holds.
 * @returns also the exit code: what does not hold is not taken
 */
export async function recordTests(
  run: TestCommand,
): Promise<{ readonly networks: readonly AssertedNetwork[]; readonly code: number }> {
  const folder = temporaryFolder('run');
  try {
    const code = await runRecorded(run, folder);
    return { networks: readRecordings(folder), code };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runRecorded({ command, cwd, env, signal, print }: TestCommand, folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd,
      env: { ...env, [recordVariable]: folder },
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal ? { signal } : {}),
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', print);
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function readRecordings(folder: string): AssertedNetwork[] {
  const files = readdirSync(folder).sort();
  const lines = files
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as RecordedAssertion)
    .sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : a.file === b.file ? 0 : 1));
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  return names.map((name): AssertedNetwork => {
    const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as NetworkJson;
    const own = lines.filter(({ network }) => network === name);
    const assertions = own.map(({ assertion, test, file }) => ({ assertion, test: file ? `${file}: ${test}` : test }));
    return { network: networkFromJson(json), assertions };
  });
}

/** Tables as what they state. */
export function assertedTables(tables: readonly PlacedTable[]): AssertedNetwork[] {
  const networks = new Map<Network, StatedAssertion[]>();
  for (const { table, network, file } of tables) {
    const own = networks.get(network) ?? [];
    networks.set(network, own);
    own.push({ assertion: { kind: 'table', table }, test: `${file}: ${table.name}` });
  }
  return [...networks].map(([network, assertions]) => ({ network, assertions }));
}

/** Networks that say the same are one: a table and a test may both have read the app. */
export function mergedNetworks(networks: readonly AssertedNetwork[]): AssertedNetwork[] {
  const merged = new Map<string, AssertedNetwork>();
  for (const { network, assertions } of networks) {
    const key = JSON.stringify(networkToJson(network));
    const known = merged.get(key);
    merged.set(
      key,
      known ? { network: known.network, assertions: [...known.assertions, ...assertions] } : { network, assertions },
    );
  }
  return [...merged.values()];
}

/** The clusters of apps that no test is about. */
export function untestedClusters(networks: readonly AssertedNetwork[]): string[] {
  const apps = networks.flatMap(({ network, assertions }) => (assertions.length > 0 ? (network.source.app ?? []) : []));
  const tested = new Set(apps.map(({ name }) => name));
  return [...new Set(apps.flatMap(({ clusters }) => clusters))].filter((name) => !tested.has(name));
}

/** @throws InputError where nothing was stated */
export function refuseNothing(networks: readonly AssertedNetwork[]): void {
  if (networks.some(({ assertions }) => assertions.length > 0)) return;
  const message = 'no test states anything of a network';
  const hint =
    'write a table, or tests with the matchers of tierwall/vitest or tierwall/jest and `tests: npx vitest run` in the settings';
  throw new InputError([{ code: 'no-assertions', message, place: {}, hint }]);
}
