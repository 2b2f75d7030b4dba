import { dirname, join } from 'node:path';
import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import { InputError, type Issue } from '../../model/issue';
import { type TestRun, type TestSuite, testRunOf } from '../../model/test-run';
import { readCluster } from '../../read/cluster';
import { type AppCluster, runAppAsSource } from '../../synth/app-source';
import { outputFolder, readConfig } from '../../synth/config';
import { Network, refuse } from '../network';
import { oneOf } from '../open-network';
import { bad } from '../party';
import { type ReadTable, readTables, tableFiles } from './read-tables';
import { runTable } from './run-table';

export interface TableOptions {
  /** @default the working directory */
  readonly cwd?: string;
  /** What the tables are about that name no sources themselves: manifests. @default the app of the project */
  readonly sources?: readonly string[];
  /** What the app comes to, where it was run already. */
  readonly clusters?: readonly AppCluster[];
  /** The command that runs the app. @default `app` in the settings */
  readonly app?: string;
  /** @default one of which nothing is known */
  readonly cni?: string | CniProfile;
  /** Reads manifests. @default without standard input and live clusters */
  readonly read?: (words: readonly string[]) => Promise<Cluster>;
  /** Gets what the app prints. @default standard error */
  readonly print?: (text: string) => void;
  /** Ends the app. */
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** A table, the network that it is about, and how that network is called. */
export interface PlacedTable extends ReadTable {
  readonly file: string;
  readonly network: Network;
}

/**
 * Runs tables of who may talk to whom: what `tierwall test` does.
 * @param words files or patterns. @default what is called `….connectivity.yaml` or `.md`
 * @throws InputError with every problem of every table, and for names that mean nothing
 */
export async function runTables(words: readonly string[] = [], options: TableOptions = {}): Promise<TestRun> {
  return testRunOf(suitesOf(await placedTables(words, options)));
}

export function suitesOf(tables: readonly PlacedTable[]): TestSuite[] {
  const issues: Issue[] = [];
  const suites = tables.flatMap(({ table, network }) => {
    try {
      return [runTable(table, network)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues.push(...error.issues);
      return [];
    }
  });
  refuse(issues);
  return suites;
}

/** The tables with their networks, each of which is read once. */
export async function placedTables(words: readonly string[], options: TableOptions): Promise<PlacedTable[]> {
  const { cwd = process.cwd() } = options;
  const tables = readTables(await tableFiles(words, cwd), cwd);
  const networks = new Networks(cwd, options);
  const placed: PlacedTable[] = [];
  for (const table of tables) placed.push({ ...table, network: await networks.of(table) });
  return placed;
}

class Networks {
  private readonly known = new Map<string, Network>();
  private app: Promise<readonly AppCluster[]> | undefined;
  /** Of the app's output. */
  private folder: string | undefined;

  constructor(
    private readonly cwd: string,
    private readonly options: TableOptions,
  ) {}

  async of({ file, sources, cluster, cni }: ReadTable & { readonly file: string }): Promise<Network> {
    const { cni: standard } = this.options;
    const own = sources?.map((word) => (word === '-' ? word : join(dirname(file), word).replaceAll('\\', '/')));
    const words = own ?? this.options.sources;
    const key = JSON.stringify([words, cluster, cni]);
    let network = this.known.get(key);
    if (!network) {
      const profile = cni ?? standard;
      network = await this.open(words, cluster, profile === undefined ? {} : { cni: profile });
      this.known.set(key, network);
    }
    return network;
  }

  private async open(
    words: readonly string[] | undefined,
    cluster: string | undefined,
    options: { readonly cni?: string | CniProfile },
  ): Promise<Network> {
    if (!words) {
      const app = oneOf(await this.clusters(), cluster);
      return new Network(app.cluster, options, { app: { ...app, folder: this.folder } });
    }
    if (cluster !== undefined)
      throw bad('a table names a cluster of an app, and manifests are given', 'leave out one of them');
    const read = this.options.read ?? ((list: readonly string[]) => readCluster(list, { cwd: this.cwd }));
    return new Network(await read(words), options);
  }

  /** Run once, for all tables that are about the app. */
  private clusters(): Promise<readonly AppCluster[]> {
    if (this.options.clusters) return Promise.resolve(this.options.clusters);
    const { env = process.env, signal, print = (text) => void process.stderr.write(text) } = this.options;
    const flags = this.options.app === undefined ? {} : { app: this.options.app };
    this.app ??= readConfig(this.cwd, flags, ', or the manifests that the tables are about with `--source`').then(
      ({ app, out }) => {
        this.folder = outputFolder(this.cwd, out);
        return runAppAsSource({ command: app, cwd: this.cwd, env, print, ...(signal ? { signal } : {}) });
      },
    );
    return this.app;
  }
}
