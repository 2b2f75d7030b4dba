import { dirname, join } from 'node:path';
import type { Cluster } from '../../model/cluster';
import type { CniProfile } from '../../model/cni-profile';
import { defaultProfile } from '../../model/cni-profiles';
import { InputError, type Issue, type Place, placeToString } from '../../model/issue';
import { type TestRun, type TestSuite, testRunOf } from '../../model/test-run';
import { readCluster } from '../../read/cluster';
import { type AppCluster, runAppAsSource } from '../../synth/app-source';
import { outputFolder, readConfig } from '../../synth/config';
import { type AppFacts, factsOf, Network, profileCalled, refuse } from '../network';
import { oneOf } from '../open-network';
import { type ReadTable, readTables, tableFiles } from './read-tables';
import { runTable } from './run-table';
import { type TableClaim, tableClaims } from './table-claims';

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
  /** What it says of it. */
  readonly claims: readonly TableClaim[];
}

/**
 * Runs tables of who may talk to whom: what `tierwall test` does.
 * @param words files or patterns. @default what is called `….connectivity.yaml` or `.md`
 * @throws InputError with every problem of every table, names that mean nothing in its network among them
 */
export async function runTables(words: readonly string[] = [], options: TableOptions = {}): Promise<TestRun> {
  return testRunOf(suitesOf(await placedTables(words, options)));
}

export function suitesOf(tables: readonly PlacedTable[]): TestSuite[] {
  return tables.map(({ table, claims, network }) => runTable(table, claims, network));
}

/**
 * The tables with their networks, each of which is read once.
 * @throws InputError with every problem of every table, names that mean nothing in its network among them
 */
export async function placedTables(words: readonly string[], options: TableOptions): Promise<PlacedTable[]> {
  const { tables, issues } = await readPlacedTables(words, options);
  refuse(issues);
  return tables;
}

/** The tables that nothing is wrong with, and all that is wrong with others, by file and line. */
export async function readPlacedTables(
  words: readonly string[],
  options: TableOptions,
): Promise<{ readonly tables: PlacedTable[]; readonly issues: readonly Issue[] }> {
  const { cwd = process.cwd() } = options;
  const issues: Issue[] = [];
  const report = (issue: Issue) => void issues.push(issue);
  const networks = new Networks(cwd, options);
  const placed: PlacedTable[] = [];
  for (const table of readTables(tableFiles(words, cwd, report), cwd, report)) {
    const network = await networks.of(table, report);
    // Also of a table that is wrong already, so that all of it is told at once.
    if (network) placed.push({ ...table, network, claims: tableClaims(table.table, network, report) });
  }
  const wrong = new Set(issues.map(({ place }) => place.file));
  return { tables: placed.filter(({ file }) => !wrong.has(file)), issues: issues.sort(byLine) };
}

function byLine({ place: a }: Issue, { place: b }: Issue): number {
  const [file = '', other = ''] = [a.file, b.file];
  return file === other ? (a.line ?? 0) - (b.line ?? 0) : file < other ? -1 : 1;
}

class Networks {
  private readonly known = new Map<string, Network>();
  private readonly manifests = new Map<string, Promise<Cluster>>();
  private app: Promise<readonly AppCluster[]> | undefined;
  /** Of the app's output. */
  private folder: string | undefined;

  constructor(
    private readonly cwd: string,
    private readonly options: TableOptions,
  ) {}

  /** Undefined where it cannot be had, which is reported. */
  async of(
    { file, sources, cluster, cni, settingAt }: ReadTable & { readonly file: string },
    report: (issue: Issue) => void,
  ): Promise<Network | undefined> {
    const own = sources?.map((word) => (word === '-' ? word : join(dirname(file), word).replaceAll('\\', '/')));
    const words = own ?? this.options.sources;
    const key = JSON.stringify([words, cluster, cni]);
    const known = this.known.get(key);
    if (known) return known;
    const given = cni ?? this.options.cni ?? defaultProfile;
    const profile = await tried(() => profileCalled(given), settingAt('cni'), report);
    const found = words
      ? await tried(() => this.manifestsOf(words), own ? settingAt('sources') : {}, report)
      : await this.appCluster(cluster, settingAt('cluster'), report);
    if (words && cluster !== undefined) {
      const message = `the table names the cluster \`${cluster}\` of an app, and manifests are given`;
      report({ code: 'bad-table', message, place: settingAt('cluster'), hint: 'leave out one of them' });
    }
    if (!profile || !found) return undefined;
    const network = new Network(found.cluster, { cni: profile }, found.app ? { app: found.app } : {});
    this.known.set(key, network);
    return network;
  }

  private async manifestsOf(words: readonly string[]): Promise<Found> {
    const key = JSON.stringify(words);
    const read = this.options.read ?? ((list: readonly string[]) => readCluster(list, { cwd: this.cwd }));
    const reading = this.manifests.get(key) ?? read(words);
    this.manifests.set(key, reading);
    return { cluster: await reading };
  }

  private async appCluster(
    name: string | undefined,
    place: Place,
    report: (issue: Issue) => void,
  ): Promise<Found | undefined> {
    const clusters = await tried(() => this.clusters(), {}, report);
    const app = clusters && (await tried(() => oneOf(clusters, name), place, report));
    return app && { cluster: app.cluster, app: factsOf(app, this.folder) };
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

interface Found {
  readonly cluster: Cluster;
  readonly app?: AppFacts;
}

/** Undefined where there is a mistake, which is reported: at the place where it has none of its own. */
async function tried<T>(
  make: () => T | Promise<T>,
  place: Place,
  report: (issue: Issue) => void,
): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const issue of error.issues) report(placeToString(issue.place) ? issue : { ...issue, place });
    return undefined;
  }
}
